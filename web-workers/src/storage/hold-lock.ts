/** Lets go of a lock. */
export type Release = () => void;

/**
 * Holds the named lock of this origin, which one worker of one tab can have at a time and loses with its life.
 * Resolves with undefined when others have not let go within `patienceMs`; rejects where there are no locks.
 */
export async function holdLock(name: string, patienceMs: number): Promise<Release | undefined> {
  if (!('locks' in navigator))
    throw new DOMException('There are no locks without a secure context', 'NotSupportedError');
  const held = Promise.withResolvers<Release | undefined>();
  navigator.locks
    .request(name, { signal: AbortSignal.timeout(patienceMs) }, () => {
      const released = Promise.withResolvers<void>();
      held.resolve(released.resolve);
      return released.promise;
    })
    .catch(() => held.resolve(undefined));
  return held.promise;
}

/** Names of all locks that somebody holds. */
export async function heldLocks(): Promise<Set<string>> {
  const { held = [] } = 'locks' in navigator ? await navigator.locks.query() : {};
  return new Set(held.flatMap(({ name }) => name ?? []));
}
