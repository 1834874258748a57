import type { Breathe } from '../algebra/breathe.ts';
import { eigh } from '../algebra/eigh.ts';
import {
  leadingColumns,
  matrix,
  scaleColumns,
  transpose,
  type Matrix,
  type MatrixLike,
  type Multiply,
} from '../algebra/matrix.ts';
import { spectrum, type Spectrum } from '../algebra/spectrum.ts';

/** Both sides' way into the directions in which they agree. */
export interface Csa {
  /** `[from, dim]`. */
  readonly source: Matrix;
  /** `[to, dim]`. */
  readonly target: Matrix;
  /** `[dim]`: regularised canonical correlations, largest first. */
  readonly correlations: Float64Array<ArrayBuffer>;
}

/** The part of CSA that does not depend on the regularisation, so that several strengths cost little more than one. */
export interface CsaParts {
  readonly count: number;
  readonly source: Principal;
  readonly target: Principal;
  /** `[source rank, target rank]`: sums of products in the directions of both sides. */
  readonly cross: Matrix;
}

/** The strongest directions of one side. */
export interface Principal extends Spectrum {
  /** Total variance over all directions. */
  readonly trace: number;
}

/** Directions kept a side: time grows with the cube. On pairs of 1,280 and 300 dimensions 256 cost a tenth of the recall. */
const widest = 768;

/** @param x `[count, from]`, centred. @param y `[count, to]`, centred. */
export async function csaParts(x: MatrixLike, y: MatrixLike, times: Multiply, breathe: Breathe): Promise<CsaParts> {
  const source = principal(await spectrum(x, times, breathe));
  const target = principal(await spectrum(y, times, breathe));
  const cross = await times(source.coordinates, target.coordinates, 'a');
  return { count: x.rows, source, target, cross };
}

/**
 * Canonical correlation analysis with regularised covariances, C + r I with r = `strength` tr(C) / min(count, dim), and
 * directions weighted by their correlation: directions that do not correspond fade out by themselves.
 *
 * Differs from the paper: a) both covariances are regularised, and in proportion to their size; b) the weight, one
 * square root on each side, comes before rows are scaled to unit length, so that similarity is a plain cosine; c) only
 * the 768 strongest directions of a side take part.
 * @see Li et al. 2025, CSA: Data-efficient Mapping of Unimodal Features to Multimodal Features, arXiv:2410.07610.
 */
export async function csa(parts: CsaParts, strength: number, times: Multiply, breathe: Breathe): Promise<Csa> {
  const { count, source, target, cross } = parts;
  const left = whitening(source, count, strength);
  const right = whitening(target, count, strength);
  const k = matrix(cross.rows, cross.cols, cross.data.slice());
  for (let i = 0, at = 0; i < k.rows; i++) {
    for (let j = 0; j < k.cols; j++, at++) k.data[at]! *= (left[i]! * right[j]!) / count;
  }
  // Singular vectors of the smaller side from its Gram matrix; those of the other side are their images.
  const wide = k.cols > k.rows;
  const { values, vectors } = await eigh(await times(k, k, wide ? 'b' : 'a'), breathe);
  const correlations = values.map((value) => Math.sqrt(Math.max(0, value)));
  // Under a thousandth of the strongest, the weight makes a direction invisible.
  const faint = correlations.findIndex((value) => value < 1e-3 * correlations[0]!);
  const dim = faint < 0 ? correlations.length : Math.max(1, faint);
  const kept = correlations.slice(0, dim);
  const near = leadingColumns(transpose(vectors), dim);
  const far = scaleColumns(wide ? await times(k, near, 'a') : await times(k, near), kept.map(reciprocal));
  const [u, v] = wide ? [near, far] : [far, near];
  const weights = kept.map(Math.sqrt);
  return {
    source: await times(source.directions, weighted(u, left, weights), 'a'),
    target: await times(target.directions, weighted(v, right, weights), 'a'),
    correlations: kept,
  };
}

function principal({ values, directions, coordinates }: Spectrum): Principal {
  const trace = values.reduce((sum, value) => sum + value, 0) / coordinates.rows;
  const rank = Math.min(widest, values.length);
  return {
    values: values.slice(0, rank),
    directions: matrix(rank, directions.cols, directions.data.slice(0, rank * directions.cols)),
    coordinates: leadingColumns(coordinates, rank),
    trace,
  };
}

/** Inverse square roots of the regularised variances along the directions of the spectrum. */
function whitening({ values, directions, trace }: Principal, count: number, strength: number): Float64Array {
  const r = (strength * trace) / Math.min(count, directions.cols);
  return values.map((value) => 1 / Math.sqrt(value / count + r));
}

/** `diag(rows) a diag(columns)`, in place. */
function weighted(a: Matrix, rows: ArrayLike<number>, columns: ArrayLike<number>): Matrix {
  for (let i = 0, at = 0; i < a.rows; i++) {
    for (let j = 0; j < a.cols; j++, at++) a.data[at]! *= rows[i]! * columns[j]!;
  }
  return a;
}

function reciprocal(value: number): number {
  return value > 0 ? 1 / value : 0;
}
