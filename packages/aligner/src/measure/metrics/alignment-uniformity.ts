import type { Embeddings } from '@cognate/core';
import { requireDim, requirePaired, requireRows } from '../checks.ts';

/**
 * Mean squared distance of the two rows of a pair: 0 where they coincide, 2 - 2 cosine for unit rows.
 * @param x `[count, dim]`. @param y `[count, dim]`, row i belongs to row i.
 * @throws {CognateError} `shape-mismatch`, `invalid-input`.
 * @see Wang and Isola 2020, Understanding Contrastive Representation Learning, arXiv:2005.10242: "alignment".
 */
export function pairDistance(x: Embeddings, y: Embeddings): number {
  requirePaired('pairDistance()', x, y);
  requireDim('pairDistance()', x, y);
  let sum = 0;
  for (let at = 0; at < x.data.length; at++) sum += (x.data[at]! - y.data[at]!) ** 2;
  return sum / x.count;
}

/**
 * How evenly unit rows cover the sphere: log of the mean of exp(-t |a - b|²) over all pairs of rows. 0 where all rows
 * coincide, near -4 at best for t = 2 and many rows, less for few.
 * @param x `[count, dim]`, at least 2 rows.
 * @throws {CognateError} `shape-mismatch`, `invalid-input`.
 * @see Wang and Isola 2020, arXiv:2005.10242.
 */
export function uniformity(x: Embeddings, t = 2): number {
  requireRows('uniformity()', x, 2);
  const { dim } = x.space;
  let sum = 0;
  for (let i = 0; i < x.count; i++) {
    for (let j = 0; j < i; j++) {
      let squared = 0;
      for (let k = 0; k < dim; k++) squared += (x.data[i * dim + k]! - x.data[j * dim + k]!) ** 2;
      sum += Math.exp(-t * squared);
    }
  }
  return Math.log(sum / ((x.count * (x.count - 1)) / 2));
}
