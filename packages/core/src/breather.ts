import { untilAborted } from './until-aborted.ts';
import { yieldTask } from './yield-task.ts';

/** Called between pieces of work: lets the event loop run now and then, and rejects once the caller has aborted. */
export type Breathe = () => Promise<void>;

/**
 * A breather for one call. It yields a task at most every `everyMs`, so that it may be called often.
 * Rejects with `signal.reason`, also where the signal has been aborted before.
 * @param gate asked each time: while its promise is pending, so is the breather's.
 */
export function breather(
  signal?: AbortSignal,
  { everyMs = 30, gate }: { readonly everyMs?: number; readonly gate?: (() => Promise<void>) | undefined } = {},
): Breathe {
  let last = performance.now();
  return async () => {
    signal?.throwIfAborted();
    if (performance.now() - last < everyMs) return;
    await yieldTask();
    if (gate) await untilAborted(gate(), signal);
    signal?.throwIfAborted();
    last = performance.now();
  };
}
