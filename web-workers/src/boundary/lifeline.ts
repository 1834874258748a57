/**
 * A worker that closes itself, or that the browser stops, tells nobody: no event is fired. But it loses its locks. So
 * the worker holds one for life, and the page waits in the queue for it.
 */

/** Worker's side: the lock is held until the worker ends. Resolves with false where there are no locks. */
export function holdLifeline(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    if (!hasLocks()) return resolve(false);
    const forLife = (): Promise<never> => {
      resolve(true);
      return new Promise(() => {});
    };
    navigator.locks.request(name, forLife).catch(() => resolve(false));
  });
}

/** Page's side: calls `onEnd` when the holder is gone, unless `signal` is aborted first. */
export function watchLifeline(name: string, signal: AbortSignal, onEnd: () => void): void {
  navigator.locks.request(name, { signal }, onEnd).catch(() => {
    // Aborted: nobody wants to know any more.
  });
}

/** Locks need a secure context; without them a silent end goes unnoticed, but every other failure is still seen. */
function hasLocks(): boolean {
  return 'locks' in navigator;
}
