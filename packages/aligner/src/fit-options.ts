import { CognateError, type Embeddings } from '@cognate/core';
import { requireContrastive, requireNumber } from './contrastive/check-options.ts';
import { closedMethods, type Method, type MethodOptions } from './methods.ts';

/** Pairs that are in no training step: row i of `source` belongs to row i of `target`. */
export interface HeldOutPairs {
  readonly source: Embeddings;
  readonly target: Embeddings;
  /** `[count]`: pairs of one group mean the same thing, and are right for each other. Numbered apart from the others. */
  readonly groups?: ArrayLike<number> | undefined;
}

export interface FitOptions extends MethodOptions {
  /** `auto`, the default, tries what suits the number of pairs and keeps the best on validation pairs. */
  readonly method?: 'auto' | Method | undefined;
  /**
   * `[count]`: pairs of one group mean the same thing. They are never split between training and test, never count as
   * wrong answers to one another, and any row of the group is a right answer. By default, pairs that share a row,
   * or have nearly the same row, on either side.
   */
  readonly groups?: ArrayLike<number> | undefined;
  /** Pairs for the report, which otherwise takes a seeded tenth of the pairs away from the training. */
  readonly heldOut?: HeldOutPairs | undefined;
  /**
   * Rows of which no partner is known, none of them in the pairs. With few pairs, or none at all, `auto` and `unpaired`
   * look at them too: sources and targets may then have no rows.
   */
  readonly unpaired?: { readonly source: Embeddings; readonly target: Embeddings } | undefined;
  /**
   * `brief` tells what was measured and leaves out what takes fits of its own: the forecast, the shuffled control, the
   * learning curve, suspects and calibration. `full` unless told.
   */
  readonly report?: 'full' | 'brief' | undefined;
  /**
   * Whether `auto` trains contrastive heads too, from 200 different things on. Unless told, only with more than a kernel
   * learns from, 20,000: up to there heads have not been seen to do better, for several times its time.
   */
  readonly trainHeads?: boolean | undefined;
}

/** @throws {CognateError} `invalid-input` naming what is none of the choices. */
export function requireOptions({ method = 'auto', report = 'full', patience = 1, ...others }: FitOptions): void {
  const choose = (name: string, got: string, choices: readonly string[]): void => {
    if (choices.includes(got)) return;
    throw new CognateError('invalid-input', `fit() needs ${name} to be one of ${choices.join(', ')}, got ${got}`);
  };
  choose('method', method, ['auto', 'identity', ...closedMethods, 'unpaired', 'contrastive']);
  choose('report', report, ['full', 'brief']);
  requireNumber('fit()', 'patience', patience, { least: 1 });
  requireContrastive('fit()', others);
}
