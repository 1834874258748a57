import { matrix, type Matrix } from './matrix.ts';

/**
 * `a⁻¹ b` for symmetric positive definite `a`, by Cholesky's factorization.
 * @param a `[n, n]`; pivots under 1e-12 of its largest diagonal entry are raised to that, so that rounding cannot turn
 * the result into NaN. @param b `[n, m]`. @returns `[n, m]`; both arguments are kept.
 */
export function choleskySolve(a: Matrix, b: Matrix): Matrix {
  const n = a.rows;
  const lower = factor(a);
  const x = matrix(n, b.cols, b.data.slice());
  const eliminate = (i: number, k: number, factor: number): void => {
    for (let j = 0; j < b.cols; j++) x.data[i * b.cols + j]! -= factor * x.data[k * b.cols + j]!;
  };
  const divide = (i: number): void => {
    for (let j = 0; j < b.cols; j++) x.data[i * b.cols + j]! /= lower[i * n + i]!;
  };
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) eliminate(i, k, lower[i * n + k]!);
    divide(i);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) eliminate(i, k, lower[k * n + i]!);
    divide(i);
  }
  return x;
}

/**
 * The lower triangle L of `a = L Lᵀ`, `[n, n]`; what is above the diagonal means nothing. Pivots under 1e-12 of the
 * largest diagonal entry are raised to that.
 */
export function factor(a: Matrix): Float64Array {
  const n = a.rows;
  const lower = a.data.slice();
  let floor = 0;
  for (let i = 0; i < n; i++) floor = Math.max(floor, 1e-12 * Math.abs(lower[i * n + i]!));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = lower[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * n + k]! * lower[j * n + k]!;
      lower[i * n + j] = i === j ? Math.sqrt(Math.max(sum, floor)) : sum / lower[j * n + j]!;
    }
  }
  return lower;
}
