import { breather, CognateError, type Breathe, type CallOptions, type Embeddings } from '@cognate/core';
import { eigh } from '../../algebra/eigh.ts';
import { matrix, scaleColumns, transpose, type Matrix } from '../../algebra/matrix.ts';
import { slicedMultiply } from '../../algebra/slices.ts';
import { offsets } from '../../pairs.ts';
import { requireDim, requireRows } from '../checks.ts';

/** A normal distribution. */
export interface Normal {
  /** `[dim]`. */
  readonly mean: ArrayLike<number>;
  /** `[dim, dim]`, symmetric, row-major. */
  readonly covariance: ArrayLike<number>;
}

/** Mean and covariance (over count - 1) of rows, `[count, dim]`, at least 2. @throws {CognateError} `invalid-input`. */
export async function normalOf(points: Embeddings, { signal }: CallOptions = {}): Promise<Normal> {
  requireRows('normalOf()', points, 2);
  const { dim } = points.space;
  const mean = new Float64Array(dim);
  points.data.forEach((value, at) => (mean[at % dim]! += value / points.count));
  const rows = offsets(points, mean);
  const products = await slicedMultiply(breather(signal))(rows, rows, 'a');
  return { mean, covariance: products.data.map((value) => value / (points.count - 1)) };
}

/**
 * Fréchet distance of two sets of points, each taken for a normal distribution: |difference of means|² plus what the
 * covariances differ by. This is what FID measures in the space of one particular network and with 10,000 and more
 * pictures; name the encoder beside it, and never compare it with published FID.
 * @param x `[n, dim]`. @param y `[m, dim]`; rows need not be paired. Under dim + 1 rows a side it is too large.
 * @throws {CognateError} `shape-mismatch`, `invalid-input`. Aborting rejects with `signal.reason`.
 * @see Dowson and Landau 1982, The Fréchet Distance Between Multivariate Normal Distributions; Heusel et al. 2017,
 * arXiv:1706.08500.
 */
export async function frechetDistance(x: Embeddings, y: Embeddings, options: CallOptions = {}): Promise<number> {
  requireDim('frechetDistance()', x, y);
  return frechetOfNormals(await normalOf(x, options), await normalOf(y, options), options);
}

/** The same for distributions: |m₁ - m₂|² + tr(C₁ + C₂ - 2 √(C₁ C₂)). @throws {CognateError} `shape-mismatch`. */
export async function frechetOfNormals(a: Normal, b: Normal, { signal }: CallOptions = {}): Promise<number> {
  const dim = a.mean.length;
  for (const [which, { mean, covariance }] of Object.entries({ first: a, second: b })) {
    if (mean.length === dim && covariance.length === dim * dim) continue;
    throw new CognateError(
      'shape-mismatch',
      `frechetOfNormals() needs means of ${dim} and covariances of ${dim * dim} numbers, got ${mean.length} and ${covariance.length} in the ${which}`,
    );
  }
  const breathe = breather(signal);
  const times = slicedMultiply(breathe);
  let distance = 0;
  for (let i = 0; i < dim; i++) {
    distance += (a.mean[i]! - b.mean[i]!) ** 2 + a.covariance[i * (dim + 1)]! + b.covariance[i * (dim + 1)]!;
  }
  // √C₁ C₂ √C₁ has the eigenvalues of C₁ C₂ and, other than that, is symmetric.
  const root = await squareRoot(matrix(dim, dim, Float64Array.from(a.covariance)), breathe);
  const between = await times(await times(root, matrix(dim, dim, Float64Array.from(b.covariance))), root);
  const { values } = await eigh(between, breathe);
  const shared = values.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
  return Math.max(0, distance - 2 * shared); // rounding may fall below
}

/** Of a symmetric matrix without negative eigenvalues; those that rounding makes negative count as 0. */
async function squareRoot(a: Matrix, breathe: Breathe): Promise<Matrix> {
  const { values, vectors } = await eigh(a, breathe);
  const scaled = scaleColumns(
    transpose(vectors),
    values.map((value) => Math.sqrt(Math.max(0, value))),
  );
  return slicedMultiply(breathe)(scaled, vectors);
}
