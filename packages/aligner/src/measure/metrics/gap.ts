import { normalize, type Embeddings } from '@cognate/core';
import { meanRow } from '../../pairs.ts';
import { requireDim, requireRows } from '../checks.ts';

/**
 * Modality gap: distance between the means of both sides' unit rows, 0 to 2.
 * @param x `[n, dim]`. @param y `[m, dim]`; rows need not be paired.
 * @throws {CognateError} `shape-mismatch`, `invalid-input`.
 * @see Liang et al. 2022, Mind the Gap, arXiv:2203.02053.
 */
export function modalityGap(x: Embeddings, y: Embeddings): number {
  requireRows('modalityGap()', x);
  requireRows('modalityGap()', y);
  requireDim('modalityGap()', x, y);
  const [a, b] = [meanRow(normalize(x)), meanRow(normalize(y))];
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0));
}
