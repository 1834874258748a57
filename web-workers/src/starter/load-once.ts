import type { CallOptions, Progress } from '@cognate/core';

interface Load<Value> {
  readonly promise: Promise<Value>;
  readonly listeners: Set<(progress: Progress) => void>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * Makes an expensive load happen once, for all who ask: now, at the same time, or later. Whoever waits hears the
 * progress. A caller that aborts leaves the others alone; when the last one has left, the load itself is aborted.
 * What failed or was aborted is forgotten, so that the next caller tries again.
 */
export function loadOnce<Value>(
  load: (options: CallOptions) => Promise<Value>,
): (options?: CallOptions) => Promise<Value> {
  let current: Load<Value> | undefined;

  function start(): Load<Value> {
    const listeners = new Set<(progress: Progress) => void>();
    const controller = new AbortController();
    const promise = load({
      signal: controller.signal,
      onProgress: (progress) => listeners.forEach((listener) => listener(progress)),
    });
    const started = { promise, listeners, controller, waiting: 0 };
    promise.catch(() => forget(started));
    return started;
  }

  function forget(load: Load<Value>): void {
    if (current === load) current = undefined;
  }

  return async ({ signal, onProgress } = {}) => {
    signal?.throwIfAborted();
    const mine = (current ??= start());
    const aborted = Promise.withResolvers<never>();
    const abort = (): void => aborted.reject(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    // Each caller's own function, in case two callers share one.
    const listener = onProgress && ((progress: Progress): void => onProgress(progress));
    if (listener) mine.listeners.add(listener);
    mine.waiting++;
    try {
      return await Promise.race([mine.promise, aborted.promise]);
    } finally {
      signal?.removeEventListener('abort', abort);
      if (listener) mine.listeners.delete(listener);
      if (--mine.waiting === 0 && signal?.aborted) {
        forget(mine);
        mine.controller.abort(signal.reason);
      }
    }
  };
}

/**
 * `loadOnce` for each of many: `load` is told which one.
 * @param capacity how many are remembered; then the one that was asked for longest ago is forgotten.
 */
export function loadOnceEach<Key extends string | number, Value>(
  load: (key: Key, options: CallOptions) => Promise<Value>,
  capacity = Infinity,
): (key: Key, options?: CallOptions) => Promise<Value> {
  const loads = new Map<Key, (options?: CallOptions) => Promise<Value>>();
  return (key, options) => {
    const each = loads.get(key) ?? loadOnce((inner) => load(key, inner));
    // Maps keep the order of insertion: the one in use goes last.
    loads.delete(key);
    loads.set(key, each);
    if (loads.size > capacity) loads.delete(loads.keys().next().value!);
    return each(options);
  };
}
