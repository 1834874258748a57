import type { Embeddings } from '@cognate/core';
import type { TrainingSupervisor } from './client.ts';
import type { FitOptions, FitSession } from './cognate.ts';

let lastSession = 0;

/** Starts a training run, and gives a handle on it. */
export function startFit(
  training: TrainingSupervisor,
  source: Embeddings,
  target: Embeddings,
  { signal, onProgress, transfer = false, ...settings }: FitOptions = {},
): FitSession {
  const session = ++lastSession;
  const cancelled = new AbortController();
  const result = training.call(
    'fit',
    { session, source, target, settings },
    {
      signal: signal ? AbortSignal.any([signal, cancelled.signal]) : cancelled.signal,
      onProgress,
      transfer: transfer ? [...new Set([source.data.buffer, target.data.buffer])] : undefined,
    },
  );
  const setPaused = (paused: boolean): void => {
    // A run whose worker died, or that is over, has told so itself.
    if (training.running) training.call('pause', { session, paused }).catch(() => {});
  };
  return Object.assign(result, {
    pause: () => setPaused(true),
    resume: () => setPaused(false),
    cancel: (reason?: unknown) => cancelled.abort(reason),
  });
}
