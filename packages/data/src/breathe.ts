import { yieldTask } from '@cognate/core';

/**
 * A function to await between pieces of work: it lets the event loop run at most every `everyMs`, so that it may be
 * called often. Rejects with `signal.reason`.
 */
export function breather(signal: AbortSignal | undefined, everyMs = 8): () => Promise<void> | void {
  let last = performance.now();
  const rest = async (): Promise<void> => {
    await yieldTask();
    signal?.throwIfAborted();
    last = performance.now();
  };
  return () => {
    signal?.throwIfAborted();
    return performance.now() - last < everyMs ? undefined : rest();
  };
}
