import { CognateError, isCognateError, type Embeddings } from '@cognate/core';
import type { FitResult, FitSettings } from '../shared/training.ts';
import type { TrainingSupervisor } from './client.ts';
import type { FitOptions, FitSession } from './cognate.ts';

/** What a session is about: a run that begins, or one that was interrupted. */
type Run =
  | {
      readonly source: Embeddings;
      readonly target: Embeddings;
      readonly settings: FitSettings;
      readonly name: string | undefined;
      readonly keep: boolean;
    }
  | { readonly key: string };

/** What sessions have to do with: the worker, and a list of what was cancelled for those that come after it. */
export interface Training {
  readonly worker: TrainingSupervisor;
  readonly cancelled: Set<string>;
}

/** Starts a training run, and gives a handle on it. */
export function startFit(
  training: Training,
  source: Embeddings,
  target: Embeddings,
  { signal, onProgress, transfer = false, name, checkpoints: keep = true, ...settings }: FitOptions = {},
): FitSession {
  const given = transfer ? [...new Set([source.data.buffer, target.data.buffer])] : undefined;
  return session(training, { source, target, settings, name, keep }, { signal, onProgress, transfer: given });
}

/** Goes on with a run that was interrupted, and gives a handle on it. */
export function resumeFit(training: Training, key: string, options: RunOptions = {}): FitSession {
  return session(training, { key }, options);
}

type RunOptions = NonNullable<Parameters<TrainingSupervisor['call']>[2]>;

function session({ worker, cancelled }: Training, run: Run, { signal, ...options }: RunOptions): FitSession {
  // Unlike those of other tabs and of earlier visits, too.
  const id = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  const controller = new AbortController();
  const either = signal ? AbortSignal.any([signal, controller.signal]) : controller.signal;
  either.addEventListener('abort', () => cancelled.add(id));
  let paused = false;

  const resume = async (key?: string): Promise<FitResult | undefined> =>
    worker.call('resume', { session: id, paused, key }, { ...options, transfer: undefined, signal: either });

  const begin = async (): Promise<FitResult> => {
    if (!('key' in run)) return worker.call('fit', { session: id, paused, ...run }, { ...options, signal: either });
    const result = await resume(run.key);
    if (result) return result;
    throw new CognateError('invalid-input', `resumeFit() knows no unfinished run of the key ${run.key}`);
  };

  const outlive = async (): Promise<FitResult> => {
    try {
      return await begin();
    } catch (error) {
      const died = isCognateError(error) && error.code === 'worker-failed' && worker.started;
      if (!died || either.aborted) throw error;
      // Once, and from what the dead worker has saved.
      const result = await resume();
      if (result) return result;
      if (options.transfer) throw error;
      return begin();
    }
  };

  const setPaused = (now: boolean): void => {
    paused = now;
    worker.tell('pause', { session: id, paused });
  };
  return Object.assign(outlive(), {
    pause: () => setPaused(true),
    resume: () => setPaused(false),
    cancel: (reason?: unknown) => controller.abort(reason),
  });
}
