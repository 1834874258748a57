import type { Breathe } from '@cognate/core';
import { eigh } from '../algebra/eigh.ts';
import { inverseFactor } from '../algebra/inverse.ts';
import {
  damped,
  leadingColumns,
  matrix,
  scaleColumns,
  trace,
  transpose,
  type Matrix,
  type MatrixLike,
  type Multiply,
} from '../algebra/matrix.ts';
import { spectrum } from '../algebra/spectrum.ts';

/** Both sides' way into the directions in which they agree. */
export interface Csa {
  /** `[from, dim]`. */
  readonly source: Matrix;
  /** `[to, dim]`. */
  readonly target: Matrix;
  /** `[dim]`: regularised canonical correlations, largest first. */
  readonly correlations: Float64Array<ArrayBuffer>;
}

/** What may be left out of a map without being missed. */
export interface CsaLimits {
  /** Directions kept of a side with fewer rows than dimensions: time grows with the cube. */
  readonly widest: number;
  /** Share of the strongest correlation under which its weight makes a direction invisible. */
  readonly faintest: number;
}

const usualLimits: CsaLimits = { widest: 768, faintest: 1e-3 };

/**
 * Canonical correlation analysis with regularised covariances, C + r I with r = `strength` tr(C) / min(count, dim), and
 * directions weighted by their correlation: directions that do not correspond fade out by themselves.
 *
 * Differs from the paper: a) both covariances are regularised, and in proportion to their size; b) the weight, one
 * square root on each side, comes before rows are scaled to unit length, so that similarity is a plain cosine.
 * @param x `[count, from]`, around 0: its second moments are taken for its covariance. @param y `[count, to]`, likewise.
 * @see Li et al. 2025, CSA: Data-efficient Mapping of Unimodal Features to Multimodal Features, arXiv:2410.07610.
 */
export async function csa(
  x: MatrixLike,
  y: MatrixLike,
  strength: number,
  times: Multiply,
  breathe: Breathe,
  { widest, faintest } = usualLimits,
): Promise<Csa> {
  const left = await whitening(x, strength, widest, times, breathe);
  const right = await whitening(y, strength, widest, times, breathe);
  const k = await times(await times(x, left), await times(y, right), 'a');
  for (let i = 0; i < k.data.length; i++) k.data[i]! /= x.rows;
  const { source, target, correlations } = await corresponding(k, times, breathe, faintest);
  return { source: await times(left, source), target: await times(right, target), correlations };
}

/**
 * Directions of two whitened sides that correspond, each weighted with the square root of its correlation.
 * @param k `[from, to]`, how the sides' dimensions go together.
 */
export async function corresponding(
  k: Matrix,
  times: Multiply,
  breathe: Breathe,
  faintest = usualLimits.faintest,
): Promise<Csa> {
  // Singular vectors of the smaller side from its Gram matrix; those of the other side are their images.
  const wide = k.cols > k.rows;
  const { values, vectors } = await eigh(await times(k, k, wide ? 'b' : 'a'), breathe);
  const correlations = values.map((value) => Math.sqrt(Math.max(0, value)));
  const faint = correlations.findIndex((value) => value < faintest * correlations[0]!);
  const dim = faint < 0 ? correlations.length : Math.max(1, faint);
  const kept = correlations.slice(0, dim);
  const near = leadingColumns(transpose(vectors), dim);
  const far = scaleColumns(wide ? await times(k, near, 'a') : await times(k, near), kept.map(reciprocal));
  const [u, v] = wide ? [near, far] : [far, near];
  const weights = kept.map(Math.sqrt);
  return { source: scaleColumns(u, weights), target: scaleColumns(v, weights), correlations: kept };
}

/** A matrix W, `[dim, rank]`, with `W Wᵀ = (C + r I)⁻¹` on the span of the rows: which of them makes no difference. */
async function whitening(
  x: MatrixLike,
  strength: number,
  widest: number,
  times: Multiply,
  breathe: Breathe,
): Promise<Matrix> {
  if (x.data.every((value) => value === 0)) return matrix(x.cols, 1);
  if (strength > 0 && 3 * x.rows >= 2 * x.cols) {
    const covariance = await times(x, x, 'a');
    for (let i = 0; i < covariance.data.length; i++) covariance.data[i]! /= x.rows;
    const r = (strength * trace(covariance)) / Math.min(x.rows, x.cols);
    return transpose(await inverseFactor(damped(covariance, r), times, breathe));
  }
  const { values, directions } = await spectrum(x, times, breathe);
  const rank = Math.min(widest, values.length);
  const r = (strength * values.reduce((sum, value) => sum + value / x.rows, 0)) / Math.min(x.rows, x.cols);
  const leading = matrix(rank, x.cols, directions.data.slice(0, rank * x.cols));
  return scaleColumns(
    transpose(leading),
    values.subarray(0, rank).map((value) => 1 / Math.sqrt(value / x.rows + r)),
  );
}

function reciprocal(value: number): number {
  return value > 0 ? 1 / value : 0;
}
