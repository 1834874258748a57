import { random, type Breathe } from '@cognate/core';
import type { Tools } from './tools.ts';
import { eigh } from './eigh.ts';
import { inverseFactor } from './inverse.ts';
import {
  frobenius,
  leadingColumns,
  matrix,
  scaleColumns,
  transpose,
  type Matrix,
  type MatrixLike,
  type Multiply,
} from './matrix.ts';

/** Directions carried along beyond those wanted, so that the last of these are found well too. */
const spare = 16;

/**
 * About the `wanted` directions in which rows vary most, by products alone: random directions are driven towards them by
 * `xᵀ x`. Much cheaper than `spectrum()` where only some of many directions are wanted. One seed, one result.
 * @param x `[count, dim]`, centred. @returns `[dim, at most wanted]`, orthonormal columns, strongest first.
 * @see Halko, Martinsson and Tropp 2011, Finding Structure with Randomness, arXiv:0909.4061, algorithm 4.4.
 */
export async function leadingDirections(
  x: MatrixLike,
  wanted: number,
  times: Multiply,
  breathe: Breathe,
): Promise<Matrix> {
  const { normal } = random(1);
  const width = Math.min(wanted + spare, x.rows, x.cols);
  let directions = matrix(x.cols, width, Float64Array.from({ length: x.cols * width }, normal));
  for (let round = 0; round < 3; round++) {
    const images = await straightened(await times(x, directions), times, breathe);
    directions = await straightened(await times(x, images, 'a'), times, breathe);
  }
  directions = await orthonormal(directions, times, breathe);
  const coordinates = await times(x, directions);
  const { vectors } = await eigh(await times(coordinates, coordinates, 'a'), breathe);
  return leadingColumns(await times(directions, transpose(vectors)), Math.min(wanted, directions.cols));
}

/**
 * About orthonormal columns, `[rows, wanted]`, near the leading eigenvectors of a symmetric positive semidefinite matrix of
 * which only products are known: random columns are driven there, in two rounds.
 * @param apply multiplies by that matrix, or by its square where its eigenvalues differ too little. Columns over a thousand
 * times weaker than the strongest come out faint, see `straightened()`.
 * @see Halko, Martinsson and Tropp 2011, Finding Structure with Randomness, arXiv:0909.4061.
 */
export async function leadingSpan(
  rows: number,
  wanted: number,
  apply: (columns: Matrix) => Promise<Matrix>,
  { times, breathe }: Tools,
): Promise<Matrix> {
  const { normal } = random(1);
  let columns = matrix(rows, wanted, Float64Array.from({ length: rows * wanted }, normal));
  for (let round = 0; round < 2; round++) columns = await straightened(await apply(columns), times, breathe);
  return columns;
}

/**
 * Columns that span those of `a`, orthonormal but for directions that hardly differ from rounding: these stay faint. An
 * eigendecomposition would take many times as long.
 * @see Fukaya et al. 2020, Shifted Cholesky QR for Computing the QR Factorization of Ill-Conditioned Matrices. Differs from
 * the paper, whose two further passes would make the faint columns orthonormal as well.
 */
export async function straightened(a: Matrix, times: Multiply, breathe: Breathe): Promise<Matrix> {
  const gram = await times(a, a, 'a');
  // More than what single precision may have taken from the smallest pivot.
  const shift = 1e-6 * frobenius(gram);
  for (let i = 0; i < gram.rows; i++) gram.data[i * gram.cols + i]! += shift;
  return times(a, await inverseFactor(gram, times, breathe), 'b');
}

/** Orthonormal columns that span those of `a`; columns that the others span up to rounding are left out. */
async function orthonormal(a: Matrix, times: Multiply, breathe: Breathe): Promise<Matrix> {
  const { values, vectors } = await eigh(await times(a, a, 'a'), breathe);
  const faint = values.findIndex((value) => value <= 1e-7 * values[0]!);
  const rank = Math.max(1, faint < 0 ? values.length : faint);
  const scales = values.subarray(0, rank).map((value) => (value > 0 ? 1 / Math.sqrt(value) : 0));
  return times(a, scaleColumns(leadingColumns(transpose(vectors), rank), scales));
}
