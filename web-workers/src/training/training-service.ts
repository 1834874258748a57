import { fit, loadAlignment } from '@cognate/aligner';
import { CognateError, isCognateError, type CallOptions, type Progress } from '@cognate/core';
import type { FitResult, TrainingConfig, TrainingService } from '../shared/training.ts';
import { privateFolder } from '../storage/folder.ts';
import { alignmentFiles, saved } from './alignment-files.ts';
import { atMost } from './at-most.ts';
import { buildRevision } from './build-revision.ts';
import { gate, type Gate } from './gate.ts';
import { keptFits, type FitInputs, type KeptFit, type KeptFits } from './kept-fits.ts';

/** What the training worker serves: runs of the aligner, which can be paused, and outlive worker and page. */
export function trainingService(
  { cancelled, reportEveryMs = 100 }: TrainingConfig,
  kept: KeptFits = keptFits(privateFolder(['cognate-fits']), buildRevision),
): TrainingService {
  const running = new Map<string, Gate>();
  const clearing = clearUp(kept, cancelled);

  /** Lets the page pause what is done for the session, from the first moment on. */
  async function pausable<T>(
    { session, paused }: { readonly session: string; readonly paused: boolean },
    signal: AbortSignal | undefined,
    work: (own: Gate) => Promise<T>,
  ): Promise<T> {
    const own = gate();
    if (paused) own.close();
    running.set(session, own);
    // A paused run that is aborted must wake up to notice.
    signal?.addEventListener('abort', () => own.open());
    try {
      return await work(own);
    } finally {
      running.delete(session);
    }
  }

  async function run(
    own: Gate,
    { source, target, settings: { from, ...settings } }: FitInputs,
    keep: KeptFit | undefined,
    { signal, onProgress }: CallOptions,
  ): Promise<FitResult> {
    const told = atMost(reportEveryMs, onProgress && withSaved(keep, onProgress));
    let over = true;
    try {
      const fitted = await fit(source, target, {
        ...settings,
        from: from && loadAlignment(from),
        signal,
        onProgress(progress) {
          if (progress.phase === 'fit') keep?.reached(progress.done, progress.total);
          told?.(progress);
        },
        gate: () => own.pass(),
        checkpoints: keep?.checkpoints,
      });
      return saved(fitted, keep?.warning);
    } catch (error) {
      // With a new device, it may yet be gone on with.
      over = !(isCognateError(error) && error.code === 'device-failed');
      throw error;
    } finally {
      await keep?.close(over);
    }
  }

  return {
    ...alignmentFiles,
    fit: ({ session, paused, source, target, settings, name, keep }, options) =>
      pausable({ session, paused }, options.signal, async (own) => {
        const inputs: FitInputs = { source, target, settings, name };
        return run(own, inputs, keep ? kept.open(inputs, session) : undefined, options);
      }),
    resume: ({ session, paused, key: asked }, options) =>
      pausable({ session, paused }, options.signal, async (own) => {
        const key = asked ?? (await kept.keyOf(session).catch(() => undefined));
        const inputs = key === undefined ? undefined : await kept.inputs(key);
        if (!inputs) return undefined;
        const keep = kept.open(inputs, session);
        if (!(await keep.claim())) {
          throw new CognateError('invalid-input', 'resumeFit() needs a run that is not going on already');
        }
        return run(own, inputs, keep, options);
      }),
    pause({ session, paused }) {
      const own = running.get(session);
      if (paused) own?.close();
      else own?.open();
    },
    async unfinished() {
      await clearing;
      // Where nothing can be kept, nothing is unfinished.
      return kept.unfinished().catch(() => []);
    },
    discard: ({ key }) => kept.discard(key),
  };
}

/** Adds to each report what would outlive a reload and, once, why nothing would. */
function withSaved(keep: KeptFit | undefined, onProgress: (progress: Progress) => void): (progress: Progress) => void {
  let warned = false;
  return (progress) => {
    if (progress.phase !== 'fit' || !keep) return onProgress(progress);
    const { saved, warning } = keep;
    onProgress({ ...progress, saved, ...(!warned && { warning }) });
    warned ||= warning !== undefined;
  };
}

/** Never rejects. */
async function clearUp(kept: KeptFits, sessions: readonly string[]): Promise<void> {
  for (const session of sessions) {
    try {
      const key = await kept.keyOf(session);
      if (key !== undefined) await kept.discard(key);
    } catch {
      // It stays in the list of unfinished runs, where people can discard it.
    }
  }
}
