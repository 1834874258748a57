import { CognateError, type CallOptions, type Embeddings } from '@cognate/core';
import { breather, type Breathe } from '../../algebra/breathe.ts';
import { eigh } from '../../algebra/eigh.ts';
import { matrix, scaleColumns, transpose, type Matrix } from '../../algebra/matrix.ts';
import { slicedMultiply } from '../../algebra/slices.ts';
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
  const offsets = matrix(
    points.count,
    dim,
    Float64Array.from(points.data, (value, at) => value - mean[at % dim]!),
  );
  const products = await slicedMultiply(breather(signal))(offsets, offsets, 'a');
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
  if (b.mean.length !== dim || [a, b].some(({ covariance }) => covariance.length !== dim * dim)) {
    throw new CognateError(
      'shape-mismatch',
      `frechetOfNormals() needs two means and two covariances of ${dim} dimensions, got ${b.mean.length}`,
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
  return distance - 2 * values.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
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
