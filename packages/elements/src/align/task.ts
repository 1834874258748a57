import type { CallOptions, Embeddings } from '@cognate/core';
import type { FitOptions, FitResult } from '@cognate/web-workers';

/** Pairs to learn from. Row i of `source` belongs to row i of `target`. */
export interface Pairs {
  readonly source: Embeddings;
  readonly target: Embeddings;
  /** Pairs of other things, to measure by; without them the aligner sets some aside. */
  readonly heldOut?: { readonly source: Embeddings; readonly target: Embeddings } | undefined;
}

/** A side of an alignment. */
export type Side = 'source' | 'target';

/** What the visitor, or the page, has chosen. */
export interface TaskSettings {
  readonly method: NonNullable<FitOptions['method']>;
  /** Same seed, same alignment. */
  readonly seed: number;
  /** Training steps at most; the aligner's own choice where none are given. */
  readonly steps?: number | undefined;
}

/** What is to be done with a result before the run is over. */
export type Finish = (result: FitResult, options: CallOptions) => Promise<void>;

/** What is to be done. */
export interface Task extends TaskSettings {
  /** Which side is drawn warm; asked when the pairs are there. */
  warm(): Side;
  gather(options: CallOptions): Promise<Pairs>;
  /** What goes on before the encoders are at work, in words. */
  readonly preparing?: string | undefined;
  /** Whether there is learning to be watched: rotation and ridge set a mark, and heads are trained, whatever else does best. */
  readonly show: boolean;
  /** Whether the two sides are compared beforehand. */
  readonly forecast: boolean;
  /** For people, should the run be interrupted. */
  readonly name?: string | undefined;
  /** An alignment of fewer pairs to go on from. */
  readonly from?: Uint8Array<ArrayBuffer> | undefined;
  readonly finish?: Finish | undefined;
}
