import type { CallOptions } from '@cognate/core';

/** What a worker serves: plain data in, plain data out, one input per call. */
export type Method = (input: never, options: CallOptions) => unknown;

/** Methods by name. An interface of methods fits without an index signature. */
export type Service<S> = { readonly [Name in keyof S]: Method };

export type Input<S extends Service<S>, Name extends keyof S> = Parameters<S[Name]>[0];

export type Output<S extends Service<S>, Name extends keyof S> = Awaited<ReturnType<S[Name]>>;

/** Options of a call across the boundary. */
export interface RemoteCallOptions extends CallOptions {
  /** Given away instead of copied: the caller's buffers are detached. By default all input is copied. */
  readonly transfer?: readonly Transferable[] | undefined;
}

/** One call on its way. The port is for abort (to the worker) and progress (to the page); see `call-port.ts`. */
export interface Envelope {
  readonly input: unknown;
  readonly port?: MessagePort | undefined;
}

/**
 * What a worker offers underneath.
 * `hello` comes first, once: it hands over the configuration and the name of the lock that proves the worker alive,
 * and tells whether that lock is held. `ping` is answered as soon as the worker can answer anything. Everything else
 * travels through `call`.
 */
export interface Served {
  hello(lock: string, config: unknown): Promise<boolean>;
  ping(): void;
  call(method: string, envelope: Envelope): Promise<unknown>;
}
