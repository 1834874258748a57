/**
 * Runs tasks one after the other, in the order of their calls. A rejection reaches its own caller only.
 * Two WebGPU sessions that run at the same time crash onnxruntime, so everything that enters it goes through one queue.
 */
export function taskQueue(): <Result>(task: () => Result | Promise<Result>, signal?: AbortSignal) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (task, signal) => {
    const next = last.then(() => {
      signal?.throwIfAborted();
      return task();
    });
    last = next.catch(() => undefined);
    return next;
  };
}
