import type { CallOptions, Embeddings } from '@cognate/core';

export interface EchoConfig {
  readonly rung?: string;
}

/** What the worker noticed. */
export interface Seen {
  /** The last step that `count` began. */
  readonly steps: number;
  /** Reason of the last abort, as text. */
  readonly aborted: string | undefined;
  /** Whether the buffer of the last `rows` is gone. */
  readonly detached: boolean | undefined;
}

export interface EchoService {
  echo(input: unknown, options: CallOptions): unknown;
  config(input: undefined, options: CallOptions): EchoConfig;
  /** Reports each step, and lets one task run after it. */
  count(input: { readonly steps: number }, options: CallOptions): Promise<number>;
  rows(input: { readonly count: number }, options: CallOptions): Embeddings;
  sum(input: { readonly data: Float32Array }, options: CallOptions): number;
  fail(
    input: { readonly how: 'typed' | 'device' | 'native' | 'own' | 'dom' | 'object' },
    options: CallOptions,
  ): Promise<never>;
  uncloneable(input: undefined, options: CallOptions): unknown;
  forever(input: undefined, options: CallOptions): Promise<never>;
  /** Computes for so long without a look at anything else. */
  block(input: { readonly ms: number }, options: CallOptions): string;
  closeSelf(input: undefined, options: CallOptions): Promise<never>;
  crash(input: undefined, options: CallOptions): Promise<never>;
  seen(input: undefined, options: CallOptions): Seen & { readonly openPorts: number };
}
