import type { CallOptions, Progress, Translator } from '@cognate/core';

interface Entry<Input, Output> {
  readonly made: Promise<Translator<Input, Output>>;
  readonly abort: AbortController;
  readonly listeners: Set<(progress: Progress) => void>;
  waiting: number;
  settled: boolean;
}

/** The next input waits for what the last one was waiting for: so long a load goes on for nobody. */
const graceMs = 50;

/**
 * Translators by key (a language, a style), each made once, however many wait for it. When all who waited have given up,
 * making it is given up too; one that failed is made anew when next asked for.
 */
export class Translators<Input, Output> {
  readonly #entries = new Map<string, Entry<Input, Output>>();

  /** Starts to make one before anybody waits for it. Failures are told to whoever asks next. */
  warm(key: string, make: (options: CallOptions) => Promise<Translator<Input, Output>>): void {
    if (!this.#entries.has(key)) this.#start(key, make);
  }

  /** True when one is there to be had without waiting. */
  has(key: string): boolean {
    return this.#entries.get(key)?.settled === true;
  }

  /** Rejects with what making it rejects with, or with `signal.reason`. */
  async get(
    key: string,
    make: (options: CallOptions) => Promise<Translator<Input, Output>>,
    { signal, onProgress }: CallOptions = {},
  ): Promise<Translator<Input, Output>> {
    signal?.throwIfAborted();
    const entry = this.#entries.get(key) ?? this.#start(key, make);
    const { promise: gaveUp, reject } = Promise.withResolvers<never>();
    const giveUp = (): void => reject(signal?.reason);
    signal?.addEventListener('abort', giveUp, { once: true });
    if (onProgress) entry.listeners.add(onProgress);
    entry.waiting++;
    try {
      return await Promise.race([entry.made, gaveUp]);
    } finally {
      signal?.removeEventListener('abort', giveUp);
      if (onProgress) entry.listeners.delete(onProgress);
      entry.waiting--;
      if (signal?.aborted) setTimeout(() => this.#giveUp(key, entry, signal.reason), graceMs);
    }
  }

  /** Releases all of them. */
  clear(): void {
    for (const { made } of this.#entries.values()) {
      made.then((translator) => translator[Symbol.asyncDispose]()).catch(() => {});
    }
    this.#entries.clear();
  }

  #start(key: string, make: (options: CallOptions) => Promise<Translator<Input, Output>>): Entry<Input, Output> {
    const abort = new AbortController();
    const listeners: Entry<Input, Output>['listeners'] = new Set();
    const made = make({
      signal: abort.signal,
      onProgress: (progress) => listeners.forEach((listener) => listener(progress)),
    });
    const entry = { made, abort, listeners, waiting: 0, settled: false };
    this.#entries.set(key, entry);
    made.then(
      () => (entry.settled = true),
      () => this.#forget(key, entry),
    );
    return entry;
  }

  #giveUp(key: string, entry: Entry<Input, Output>, reason: unknown): void {
    if (entry.waiting > 0 || entry.settled) return;
    this.#forget(key, entry);
    entry.abort.abort(reason);
  }

  #forget(key: string, entry: Entry<Input, Output>): void {
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }
}
