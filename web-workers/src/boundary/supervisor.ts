import { CognateError, isCognateError } from '@cognate/core';
import { Link } from './link.ts';
import type { Input, Output, RemoteCallOptions, Service } from './service.ts';

export interface SupervisorOptions<Rung> {
  /** Names the worker in messages. */
  readonly name: string;
  /** Makes the worker, anew after each failure. */
  readonly spawn: () => Worker;
  /** From the fastest device to the safest. A worker that keeps failing on one is next tried on the one below. */
  readonly rungs: readonly [Rung, ...Rung[]];
  /** Plain data for the worker's `start`: a new worker must learn from it all that an earlier one had been told. */
  readonly config: (rung: Rung) => unknown;
  readonly readyTimeoutMs?: number | undefined;
  /** How many failures within `windowMs` a rung is forgiven. */
  readonly forgiven?: number | undefined;
  readonly windowMs?: number | undefined;
  /** How long a worker may be deaf after an abort; 1 s unless told. */
  readonly graceMs?: number | undefined;
}

/**
 * Keeps one worker at hand: makes it when first needed, and makes another when it has failed or has lost its device.
 * The calls that meet the failure reject (`worker-failed`, or `device-failed` as the worker told it) and are never
 * repeated behind the caller's back; the next one finds a new worker. Since each call says in full what it needs, the
 * new worker loads the same models again, from the cache.
 *
 * A worker in the grip of a computation cannot hear of an abort, and would keep the next call waiting. Is it still deaf
 * after `graceMs`, it retires: another takes its place at once. It is never cut off from those who still wait for its
 * answers, and ends when it has given the last one; without any, at once.
 */
export class Supervisor<S extends Service<S>, Rung> implements Disposable {
  readonly #options: SupervisorOptions<Rung>;
  #link: Link<S> | undefined;
  /** Those that still owe answers. */
  readonly #retired = new Set<Link<S>>();
  /** The one that is asked whether it hears. */
  #probed: Link<S> | undefined;
  #rung = 0;
  /** When workers failed on the present rung, in milliseconds since the epoch. */
  #failures: number[] = [];
  #lastFailure: CognateError | undefined;
  #disposed = false;

  constructor(options: SupervisorOptions<Rung>) {
    this.#options = options;
  }

  /** The rung in use, or to be used by the next worker. */
  get rung(): Rung {
    return this.#options.rungs[this.#rung]!;
  }

  /** True while a worker is at hand. Nothing is started before the first call. */
  get running(): boolean {
    return this.#link !== undefined && !this.#link.failure;
  }

  /** True when the worker in use has answered, even if it has failed since. */
  get started(): boolean {
    return this.#link?.started ?? false;
  }

  /** Like `Link.call`, on a worker that lives. @throws {CognateError} as `Link.call`; `disposed`. */
  async call<Name extends keyof S & string>(
    method: Name,
    input: Input<S, Name>,
    options: RemoteCallOptions = {},
  ): Promise<Output<S, Name>> {
    options.signal?.throwIfAborted();
    const link = this.#living();
    try {
      return await link.call(method, input, options);
    } catch (error) {
      // A lost device takes the sessions of all models with it, so this worker is of no use to other calls either.
      if (isCognateError(error) && error.code === 'device-failed') {
        link.end(this.#stopped('because its device failed', error));
      }
      if (options.signal?.aborted) void this.#retireIfDeaf(link);
      throw error;
    }
  }

  /** Calls a method of every worker that lives, and of none that would have to be made. Failures tell themselves. */
  tell<Name extends keyof S & string>(method: Name, input: Input<S, Name>): void {
    for (const link of [this.#link, ...this.#retired])
      if (link && !link.failure) link.call(method, input).catch(() => {});
  }

  /** Stops the worker, if any. Pending and later calls reject with `disposed`. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    for (const link of [this.#link, ...this.#retired]) link?.[Symbol.dispose]();
  }

  async #retireIfDeaf(link: Link<S>): Promise<void> {
    if (this.#probed === link || link !== this.#link) return;
    this.#probed = link;
    const hears = await link.responds(this.#options.graceMs ?? 1000);
    this.#probed = undefined;
    if (hears || link.failure || link !== this.#link || this.#disposed) return;
    this.#retired.add(link);
    this.#link = undefined;
    // The next call finds a worker that has started.
    this.#living();
    await link.idle();
    this.#retired.delete(link);
    link.end(this.#stopped('since it was busy with what nobody waited for'));
  }

  #living(): Link<S> {
    const { name, spawn, config, readyTimeoutMs } = this.#options;
    if (this.#disposed)
      throw new CognateError('disposed', `The ${name} worker was released and cannot be called again`);
    if (this.#link?.failure) this.#bury(this.#link, this.#link.failure);
    this.#link ??= new Link<S>({ name, spawn, config: config(this.rung), readyTimeoutMs });
    return this.#link;
  }

  /** Counts a dead worker; when there were too many, steps down a rung or, on the last one, refuses for a while. */
  #bury(dead: Link<S>, failure: CognateError): void {
    const { name, rungs, forgiven = 2, windowMs = 60_000 } = this.#options;
    if (this.#lastFailure !== failure) {
      this.#lastFailure = failure;
      // One that never started says nothing about its device: the script may be there when the network is back.
      if (dead.started) this.#failures.push(dead.failedAt);
    }
    this.#failures = this.#failures.filter((at) => Date.now() - at < windowMs);
    if (this.#failures.length > forgiven) {
      if (this.#rung === rungs.length - 1) {
        throw new CognateError(
          'worker-failed',
          `The ${name} worker failed ${this.#failures.length} times within ${windowMs / 1000} s, and rests until they have passed`,
          { cause: failure },
        );
      }
      this.#rung += 1;
      this.#failures = [];
    }
    this.#link = undefined;
  }

  #stopped(why: string, cause?: CognateError): CognateError {
    return new CognateError('worker-failed', `The ${this.#options.name} worker was stopped ${why}`, cause && { cause });
  }
}
