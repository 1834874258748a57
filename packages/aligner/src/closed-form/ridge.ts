import type { Breathe } from '../algebra/breathe.ts';
import { solvePositive } from '../algebra/cholesky.ts';
import { gathered, matrix, type Matrix, type MatrixLike, type Multiply } from '../algebra/matrix.ts';
import { members, spread } from '../groups.ts';
import { spectrum, type Spectrum } from '../algebra/spectrum.ts';

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
 * Leaving a group G out turns its residuals R into (I - H)⁻¹ R, with H the block of `x (xᵀ x + lambda)⁻¹ xᵀ` at G.
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
  const left = { coordinates: gathered(coordinates, rows), y: gathered(y, rows), blocks };
  const errors = new Map<number, number>();
  // The error falls to one valley and rises again: every fourth penalty finds it, its neighbours the bottom.
  for (const step of [4, 2, 1]) {
    const from = [...errors].reduce((a, b) => (b[1] < a[1] ? b : a), [0, Infinity])[0];
    const near = step === 4 ? grid.keys().filter((at) => at % 4 === 0) : [from - step, from + step];
    for (const at of near) {
      if (at < 0 || at >= grid.length) continue;
      errors.set(at, await leaveOutError(values, cross, left, grid[at]!, times));
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

async function leaveOutError(
  values: Spectrum['values'],
  cross: Matrix,
  { coordinates, y, blocks }: Pick<Spectrum, 'coordinates'> & Pick<Blocks, 'blocks'> & { readonly y: Matrix },
  lambda: number,
  times: Multiply,
): Promise<number> {
  const predicted = await times(coordinates, scaleRows(cross, values, lambda));
  let sum = 0;
  let count = 0;
  for (const block of blocks) {
    const residuals = matrix(block.length, y.cols);
    block.forEach((row, i) => {
      for (let j = 0; j < y.cols; j++) {
        residuals.data[i * y.cols + j] = y.data[row * y.cols + j]! - predicted.data[row * y.cols + j]!;
      }
    });
    // At least a rounding's worth of freedom is left, or a row that determines itself would divide by zero.
    const rest = matrix(block.length, block.length);
    block.forEach((a, i) => {
      block.forEach((b, j) => {
        let leverage = 0;
        for (let k = 0; k < values.length; k++) {
          leverage +=
            (coordinates.data[a * values.length + k]! * coordinates.data[b * values.length + k]!) /
            (values[k]! + lambda);
        }
        rest.data[i * block.length + j] = (i === j ? 1 + 1e-9 : 0) - leverage;
      });
    });
    for (const value of solvePositive(rest, residuals).data) sum += value * value;
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
