import { CognateError } from '@cognate/core';
import { transfer, wrap, type Remote } from 'comlink';
import { lendPort, type Loan } from './call-port.ts';
import { watchLifeline } from './lifeline.ts';
import type { Input, Output, RemoteCallOptions, Served, Service } from './service.ts';
import './wire-error.ts';

export interface LinkOptions {
  /** Names the worker in messages. */
  readonly name: string;
  /** Makes the worker. Only the caller knows its address. */
  readonly spawn: () => Worker;
  /** Plain data for the worker's `start`. */
  readonly config?: unknown;
  /** How long the script may take to load and to answer. */
  readonly readyTimeoutMs?: number | undefined;
}

/**
 * The page's end of one worker, from birth to death. Whatever happens to the worker (a script that is missing or
 * throws, a crash, a stop from outside, silence at the start), each pending and later call rejects with
 * `worker-failed`: no call hangs. A link does not come back to life; see `Supervisor`.
 */
export class Link<S extends Service<S>> implements Disposable {
  /** Comlink takes a proxy that nobody holds for released, though a call is on its way (comlink#692). */
  static readonly #pinned = new Set<Link<never>>();

  readonly #name: string;
  readonly #worker: Worker | undefined;
  readonly #remote: Remote<Served> | undefined;
  readonly #ready: Promise<void>;
  readonly #pending = new Set<(error: CognateError) => void>();
  readonly #ended = new AbortController();
  /** Waiting for the last pending call to settle. */
  readonly #onIdle: (() => void)[] = [];
  #failure: CognateError | undefined;
  #failedAt = 0;
  #started = false;

  constructor({ name, spawn, config, readyTimeoutMs = 60_000 }: LinkOptions) {
    this.#name = name;
    try {
      this.#worker = spawn();
    } catch (cause) {
      this.#ready = Promise.resolve();
      this.#fail('could not be made', cause);
      return;
    }
    this.#worker.addEventListener('error', this.#onError);
    this.#worker.addEventListener('messageerror', this.#onMessageError);
    this.#remote = wrap<Served>(this.#worker);
    Link.#pinned.add(this);
    this.#ready = this.#greet(this.#remote, config, readyTimeoutMs);
  }

  /** Why the worker is of no use any more; undefined while it lives. */
  get failure(): CognateError | undefined {
    return this.#failure;
  }

  /** When it failed, in milliseconds since the epoch. */
  get failedAt(): number {
    return this.#failedAt;
  }

  /** True once the worker has answered. A failure before that is one of loading, not of work. */
  get started(): boolean {
    return this.#started;
  }

  /**
   * Calls a method of the worker. Aborting rejects at once with `signal.reason`; the worker stops at its next batch.
   * Progress arrives in order, and all of it before the result.
   * @throws {CognateError} what the method throws; `worker-failed`; `disposed`; `invalid-input` for an input that
   * cannot be copied to another thread.
   */
  async call<Name extends keyof S & string>(
    method: Name,
    input: Input<S, Name>,
    options: RemoteCallOptions = {},
  ): Promise<Output<S, Name>> {
    options.signal?.throwIfAborted();
    if (this.#failure) throw this.#failure;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const loan = lendPort(options, reject);
    this.#pending.add(reject);
    try {
      this.#send(method, input, loan, options).then(resolve, reject);
      return (await promise) as Output<S, Name>;
    } finally {
      loan.close();
      this.#pending.delete(reject);
      if (this.#pending.size === 0) this.#rest();
    }
  }

  /**
   * Whether the worker hears within `timeoutMs`; false when a computation has it in its grip. One that still loads is
   * given the time that loading may take.
   */
  async responds(timeoutMs: number): Promise<boolean> {
    if (!this.#started || this.#failure || !this.#remote) return true;
    let heard = false;
    const answer = this.#remote.ping().then(() => (heard = true));
    const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
    await Promise.race([answer, later(timeoutMs)]);
    // Had the page itself been busy, the answer would be waiting behind the timer.
    if (!heard) await Promise.race([answer, later(20)]);
    return heard;
  }

  /** Resolves once no call is pending. */
  idle(): Promise<void> {
    return this.#pending.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#onIdle.push(resolve));
  }

  /** Stops the worker. Pending and later calls reject with `error`. */
  end(error: CognateError): void {
    if (this.#failure) return;
    this.#failure = error;
    this.#failedAt = Date.now();
    this.#ended.abort();
    this.#worker?.removeEventListener('error', this.#onError);
    this.#worker?.removeEventListener('messageerror', this.#onMessageError);
    this.#worker?.terminate();
    Link.#pinned.delete(this);
    for (const reject of this.#pending) reject(error);
    this.#pending.clear();
    this.#rest();
  }

  [Symbol.dispose](): void {
    this.end(new CognateError('disposed', `The ${this.#name} worker was released while or before it was called`));
  }

  #rest(): void {
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  async #send(
    method: string,
    input: unknown,
    { port, drained }: Loan,
    { signal, transfer: given = [] }: RemoteCallOptions,
  ) {
    await this.#ready;
    // The wait may have outlived the caller's patience, or the worker.
    if (signal?.aborted || this.#failure || !this.#remote) return;
    try {
      // A fresh envelope: Comlink remembers for ever that an object is to be transferred.
      const result = await this.#remote.call(method, transfer({ input, port }, port ? [port, ...given] : [...given]));
      await drained;
      return result;
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== 'DataCloneError') throw error;
      throw new CognateError('invalid-input', `${method}() needs plain data, buffers or pictures: ${error.message}`, {
        cause: error,
      });
    }
  }

  /** Never rejects: a failure reaches the callers through `#pending`. */
  async #greet(remote: Remote<Served>, config: unknown, timeoutMs: number): Promise<void> {
    const lock = `cognate-${this.#name}-${Date.now()}-${Math.random()}`;
    const timer = setTimeout(() => this.#fail(`did not answer within ${timeoutMs / 1000} s`), timeoutMs);
    this.#ended.signal.addEventListener('abort', () => clearTimeout(timer));
    try {
      const held = await remote.hello(lock, config);
      this.#started = true;
      if (held) watchLifeline(lock, this.#ended.signal, () => this.#fail('stopped'));
    } catch (cause) {
      this.#fail('could not start', cause);
    } finally {
      clearTimeout(timer);
    }
  }

  readonly #onError = (event: ErrorEvent): void => {
    // Handled here: the page's own error listeners need not hear of it.
    event.preventDefault();
    // A script that cannot be fetched gives an event without a message.
    if (event.message) this.#fail(`stopped with an error: ${event.message}`, event.error);
    else this.#fail('could not be loaded: its script is missing or unreachable');
  };

  readonly #onMessageError = (): void => this.#fail('sent a message that cannot be read');

  #fail(what: string, cause?: unknown): void {
    this.end(new CognateError('worker-failed', `The ${this.#name} worker ${what}`, cause ? { cause } : {}));
  }
}
