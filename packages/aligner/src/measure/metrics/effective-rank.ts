import { breather, type Breathe, type CallOptions, type Embeddings } from '@cognate/core';
import { eigenvalues } from '../../algebra/eigh.ts';
import type { MatrixLike, Multiply } from '../../algebra/matrix.ts';
import { slicedMultiply } from '../../algebra/slices.ts';
import { centred } from '../../pairs.ts';
import { requireRows } from '../checks.ts';

/**
 * Number of directions that rows effectively vary in, from 1 to their dimension: the exponential of the entropy of the
 * singular values of the centred unit rows. A low one leaves little to tell rows apart by.
 * @param x `[count, dim]`, at least 2 rows.
 * @throws {CognateError} `shape-mismatch`, `invalid-input`. Aborting rejects with `signal.reason`.
 * @see Roy and Vetterli 2007, The Effective Rank: A Measure of Effective Dimensionality.
 */
export async function effectiveRank(x: Embeddings, { signal }: CallOptions = {}): Promise<number> {
  requireRows('effectiveRank()', x, 2);
  const breathe = breather(signal);
  return rankOf(centred(x), slicedMultiply(breathe), breathe);
}

/** @param x `[count, dim]`, centred. */
export async function rankOf(x: MatrixLike, times: Multiply, breathe: Breathe): Promise<number> {
  const values = await eigenvalues(await times(x, x, x.rows < x.cols ? 'b' : 'a'), breathe);
  const singular = values.map((value) => Math.sqrt(Math.max(0, value)));
  const sum = singular.reduce((total, value) => total + value, 0);
  let entropy = 0;
  for (const value of singular) if (value > 0) entropy -= (value / sum) * Math.log(value / sum);
  return Math.exp(entropy);
}
