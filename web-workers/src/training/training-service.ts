import { fit } from '@cognate/aligner';
import { handOver } from '../boundary/serve.ts';
import type { TrainingService } from '../shared/training.ts';
import { atMost } from './at-most.ts';
import { gate, type Gate } from './gate.ts';

/** At most ten reports a second. */
const reportIntervalMs = 100;

/** What the training worker serves: runs of the aligner, which can be paused. */
export function trainingService(): TrainingService {
  const running = new Map<number, Gate>();
  return {
    async fit({ session, source, target, settings }, { signal, onProgress }) {
      const own = gate();
      running.set(session, own);
      // A paused run that is aborted must wake up to notice.
      signal?.addEventListener('abort', () => own.open());
      try {
        const fitted = await fit(source, target, {
          ...settings,
          signal,
          onProgress: atMost(reportIntervalMs, onProgress),
          gate: () => own.pass(),
        });
        const alignment = fitted.save();
        return handOver({ alignment, report: fitted.report }, [alignment.buffer]);
      } finally {
        running.delete(session);
      }
    },
    pause({ session, paused }) {
      const own = running.get(session);
      if (paused) own?.close();
      else own?.open();
    },
  };
}
