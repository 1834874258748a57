import type { ViewMix } from './views.ts';

/** Everything that a run of the text recipe can be told on the command line; the defaults made the shipped model. */
export interface TextOptions extends ViewMix {
  readonly seed: number;
  readonly steps: number;
  /** Concepts in a step. */
  readonly concepts: number;
  /** Views of a concept on each side of the loss. */
  readonly views: number;
  /** Rows of the embedding table at most, and their length. */
  readonly rows: number;
  readonly dim: number;
  readonly hidden: number;
  /** Longest run of characters and number of hash buckets: see `GramScheme`. */
  readonly longest: number;
  readonly buckets: number;
  /** Peak learning rates of table and head. */
  readonly tableRate: number;
  readonly headRate: number;
  /** Share of a text's runs that a step does not see. */
  readonly forget: number;
  /** Logarithm of the inverse temperature at the start; it is learned. */
  readonly logScale: number;
  /** Weight of the cross-entropy on Unicode subgroups, a weak label, beside the contrast of views. */
  readonly subgroups: number;
}

export const textDefaults: TextOptions = {
  seed: 1,
  steps: 1200,
  concepts: 384,
  views: 2,
  rows: 27_000,
  dim: 128,
  hidden: 512,
  longest: 5,
  buckets: 2 ** 18,
  tableRate: 0.02,
  headRate: 0.002,
  forget: 0.15,
  logScale: Math.log(1 / 0.07),
  subgroups: 0.5,
  names: 0.6,
  keywords: 0.2,
  english: 0,
  slips: 0.1,
  shuffles: 0.1,
  losses: 0.1,
  fillers: 0.1,
};
