import { random } from '@cognate/core';
import type { Breathe } from './breathe.ts';
import { frobenius, matrix, type Matrix, type Multiply } from './matrix.ts';
import { engineArithmetic, matrixArithmetic, type PolarArithmetic } from './polar-arithmetic.ts';

/** A stronger stretch would send the largest singular values so near to 0 that rounding could turn their sign. */
const strongest = 1.69770248526;

/** Singular values under this share of the largest count as absent. */
const negligible = 1e-6;

/** Multiply-adds of one product from which on the iteration runs on the engine. */
const worthwhile = 2 ** 24;

/**
 * The orthogonal polar factor U Vᵀ of `m = U Σ Vᵀ`, the nearest matrix with orthonormal columns (or rows, where there
 * are fewer of them). Needs products only: the singular values are driven to 1 by x <- x (3 - x²) / 2, with x stretched
 * at first so that small ones grow by 2.5 a step.
 *
 * Directions whose singular value is under 1e-6 of the largest are left out (shrunk towards 0) rather than filled with
 * noise, so that a rank-deficient `m` gives the partial isometry on its range. Large matrices are computed in single
 * precision on the training engine, which must have been started: entries are right to about 1e-6.
 * @param m `[rows, cols]`.
 * @see Higham 2008, Functions of Matrices, chapter 8; Chen and Chow 2014, A Stable Scaling of Newton-Schulz for
 * Improving the Sign Function Computation, for the stretch and its limit.
 */
export async function polar(m: Matrix, times: Multiply, breathe: Breathe): Promise<Matrix> {
  const large = m.rows * m.cols * Math.min(m.rows, m.cols) >= worthwhile;
  return large ? iterate(m, engineArithmetic(m), breathe) : iterate(m, matrixArithmetic(m, times), breathe);
}

async function iterate<T>(m: Matrix, arithmetic: PolarArithmetic<T>, breathe: Breathe): Promise<Matrix> {
  const size = frobenius(m);
  if (size === 0) return matrix(m.rows, m.cols);
  // (Σσ⁸)^⅛, the root of the norm of the squared Gram matrix, is at least the largest singular value, and near it.
  const { gram, norm } = await arithmetic.gram(arithmetic.load(1 / size));
  const bound = 1.001 * norm ** 0.25;
  let x = arithmetic.load(1 / (size * bound));
  // All singular values that matter lie between this and 1. Too high a guess costs a few more steps, no more.
  let low = Math.max(negligible, smallestValue(gram) / (1.5 * bound));
  for (let step = 0; step < 40; step++) {
    const stretch = low < 0.99 ? Math.min(strongest, Math.sqrt(3 / (1 + low + low * low))) : 1;
    const linear = 1.5 * stretch;
    const cubic = 0.5 * stretch ** 3;
    const { next, change } = await arithmetic.step(x, linear, cubic);
    x = next;
    // The map rises and falls between its bounds, so its least value is at one of them.
    low = Math.min(linear * low - cubic * low ** 3, linear - cubic);
    // Convergence is quadratic: after a change this small, what is left is rounding.
    if (stretch === 1 && change < arithmetic.settled * Math.min(m.rows, m.cols)) break;
    await breathe();
  }
  return arithmetic.read(x);
}

/**
 * About the smallest singular value, from above, of a matrix with the given Gram matrix: Lanczos iteration, in which the
 * ends of the spectrum come first.
 */
function smallestValue(gram: Matrix): number {
  const { normal } = random(1);
  let v = unit(Float64Array.from({ length: gram.rows }, normal)).vector;
  let before = new Float64Array(gram.rows);
  const [diagonal, beside]: [number[], number[]] = [[], []];
  for (let round = 0; round < Math.min(lanczosRounds, gram.rows); round++) {
    const image = v.map((_, i) => dot(v, gram.data, i * gram.cols));
    const along = dot(image, v);
    const back = beside.at(-1) ?? 0;
    const { vector, length } = unit(image.map((value, i) => value - along * v[i]! - back * before[i]!));
    diagonal.push(along);
    beside.push(length);
    [before, v] = [v, vector];
    if (length < 1e-12 * diagonal[0]!) break;
  }
  return Math.sqrt(Math.max(0, leastEigenvalue(diagonal, beside)));
}

/** Enough for a guess within some tens of per cent. */
const lanczosRounds = 12;

/** Of the symmetric matrix with this diagonal and these numbers beside it, with no eigenvalue under 0: by bisection. */
function leastEigenvalue(diagonal: readonly number[], beside: readonly number[]): number {
  let [low, high] = [0, Math.min(...diagonal)]; // no diagonal number is smaller
  for (let round = 0; round < 50; round++) {
    const middle = (low + high) / 2;
    // Sylvester's law of inertia: as many eigenvalues lie under `middle` as pivots of the shifted matrix are negative.
    let pivot = diagonal[0]! - middle;
    let under = pivot < 0;
    for (let i = 1; i < diagonal.length && !under; i++) {
      pivot = diagonal[i]! - middle - beside[i - 1]! ** 2 / pivot;
      under = pivot < 0;
    }
    if (under) high = middle;
    else low = middle;
  }
  return low;
}

/** With as many numbers of `b` from `at` on. */
function dot(a: Float64Array, b: Float64Array, at = 0): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[at + i]!;
  return sum;
}

function unit(v: Float64Array<ArrayBuffer>): { vector: Float64Array<ArrayBuffer>; length: number } {
  const length = Math.sqrt(dot(v, v));
  return { vector: v.map((value) => value / (length || 1)), length };
}
