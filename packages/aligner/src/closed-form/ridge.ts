import type { Breathe } from '@cognate/core';
import { choleskySolve } from '../algebra/cholesky.ts';
import { gathered, matrix, scaleColumns, type Matrix, type MatrixLike, type Multiply } from '../algebra/matrix.ts';
import { members, spread } from '../groups.ts';
import { spectrum } from '../algebra/spectrum.ts';

export interface Ridge {
  /** `[from, to]`: `y ≈ x weight`. */
  readonly weight: Matrix;
  /** The penalty that was kept, on the scale of `xᵀ x`. */
  readonly lambda: number;
  /** Mean squared length of the leave-one-out residuals at `lambda`. */
  readonly error: number;
}

export interface RidgeOptions {
  /** Penalties to choose from; by default 17 steps from 1e-6 to 100 times the mean eigenvalue of `xᵀ x`. */
  readonly lambdas?: readonly number[];
  /** `[count]`: rows of one group are left out together, as they would give each other away. */
  readonly groups?: ArrayLike<number>;
}

/** The leave-one-out error is measured on this many rows; with more it hardly moves. */
const sampleSize = 300;

/**
 * Least squares with the penalty `lambda |W|²` that predicts left-out rows best, all from one eigendecomposition.
 * Leaving a group G out turns its residuals R into (I - H)⁻¹ R, with H the block of `1 / count + x (xᵀ x + lambda)⁻¹ xᵀ`
 * at G.
 * @param x `[count, from]`, centred. @param y `[count, to]`, centred.
 * @see Hoerl and Kennard 1970, Ridge Regression; Allen 1974 for the residuals (PRESS).
 */
export async function ridge(
  x: MatrixLike,
  y: MatrixLike,
  times: Multiply,
  breathe: Breathe,
  { lambdas, groups }: RidgeOptions = {},
): Promise<Ridge> {
  const parts = await spectrum(x, times, breathe);
  const { values, directions, coordinates } = parts;
  const cross = await times(coordinates, y, 'a'); // [rank, to]
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const grid = lambdas ?? Array.from({ length: 17 }, (_, i) => mean * 10 ** (i / 2 - 6));
  const { rows, blocks } = sampleBlocks(groups, x.rows);
  const left = { x: gathered(coordinates, rows), y: gathered(y, rows), blocks, learned: x.rows };
  const errors = new Map<number, number>();
  // The error falls to one valley and rises again: every fourth penalty finds it, its neighbours the bottom.
  for (const step of [4, 2, 1]) {
    const from = [...errors].reduce((a, b) => (b[1] < a[1] ? b : a), [0, Infinity])[0];
    const near = step === 4 ? grid.keys().filter((at) => at % 4 === 0) : [from - step, from + step];
    for (const at of near) {
      if (at < 0 || at >= grid.length) continue;
      const lambda = grid[at]!;
      const predicted = await times(left.x, scaleRows(cross, values, lambda));
      const reach = scaleColumns(
        matrix(left.x.rows, left.x.cols, left.x.data.slice()),
        values.map((value) => 1 / (value + lambda)),
      );
      errors.set(at, leaveOutError(left, predicted, reach));
      await breathe();
    }
  }
  const [at, error] = [...errors].reduce((a, b) => (b[1] < a[1] ? b : a));
  const best = { lambda: grid[at]!, error };
  const shrunk = scaleRows(cross, values, best.lambda);
  return { ...best, weight: await times(directions, shrunk, 'a') };
}

/** Rows, and which of them are left out together. */
export interface Blocks {
  /** Indices into all rows. */
  readonly rows: readonly number[];
  /** Indices into `rows`. */
  readonly blocks: readonly number[][];
}

/** Groups that are left out in turn, whole and from all over the rows; each row is one where there are no groups. */
export function sampleBlocks(groups: ArrayLike<number> | undefined, count: number): Blocks {
  const all = [...members(groups ?? Array.from({ length: count }, (_, i) => i)).values()];
  const chosen = Array.from(spread(all.length, sampleSize), (at) => all[at]!);
  let at = 0;
  return { rows: chosen.flat(), blocks: chosen.map((block) => block.map(() => at++)) };
}

/** What leaving rows out is measured on. */
export interface LeftOut extends Pick<Blocks, 'blocks'> {
  /** `[rows, from]`, in any basis. */
  readonly x: Matrix;
  /** `[rows, to]`. */
  readonly y: Matrix;
  /** Rows that were learned from, these and others. */
  readonly learned: number;
}

/**
 * Mean squared length of the residuals of left-out blocks.
 * @param predicted `[rows, to]`. @param reach `[rows, from]`: `x (xᵀ x + lambda)⁻¹`.
 */
export function leaveOutError({ x, y, blocks, learned }: LeftOut, predicted: Matrix, reach: Matrix): number {
  // The mean was learned from the rows left out as well: without its share a row among few would give itself away.
  const leverage = (a: number, b: number): number => {
    let sum = 1 / learned;
    for (let k = 0; k < x.cols; k++) sum += reach.data[a * x.cols + k]! * x.data[b * x.cols + k]!;
    return sum;
  };
  let sum = 0;
  let count = 0;
  for (const block of blocks) {
    const residuals = matrix(block.length, y.cols);
    const rest = matrix(block.length, block.length);
    block.forEach((a, i) => {
      for (let j = 0; j < y.cols; j++) {
        residuals.data[i * y.cols + j] = y.data[a * y.cols + j]! - predicted.data[a * y.cols + j]!;
      }
      // At least a rounding's worth of freedom is left, or a row that determines itself would divide by zero.
      block.forEach((b, j) => (rest.data[i * block.length + j] = (i === j ? 1 + 1e-9 : 0) - leverage(a, b)));
    });
    for (const value of choleskySolve(rest, residuals).data) sum += value * value;
    count += block.length;
  }
  return sum / count;
}

/** `diag(1 / (values + lambda)) a`, copied. */
function scaleRows(a: Matrix, values: ArrayLike<number>, lambda: number): Matrix {
  const out = matrix(a.rows, a.cols, a.data.slice());
  for (let i = 0, at = 0; i < a.rows; i++) for (let j = 0; j < a.cols; j++, at++) out.data[at]! /= values[i]! + lambda;
  return out;
}
