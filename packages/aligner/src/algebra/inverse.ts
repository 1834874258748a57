import type { Breathe } from '@cognate/core';
import { factor } from './cholesky.ts';
import { matrix, multiply, type Matrix, type Multiply } from './matrix.ts';

/** Up to this size Cholesky's factorization is fastest. */
const leaf = 96;

/**
 * The inverse of a symmetric positive definite matrix, by halves: nearly all of the work is in products, which `times`
 * may hand to faster hands than these.
 * @param a `[n, n]`; kept.
 * @see Higham 2002, Accuracy and Stability of Numerical Algorithms, 13.1, for the stability of block elimination.
 */
export async function inversePositiveDefinite(a: Matrix, times: Multiply, breathe: Breathe): Promise<Matrix> {
  const n = a.rows;
  await breathe();
  if (n <= leaf) {
    const lower = invertedTriangle(factor(a), n);
    return multiply(lower, lower, 'a');
  }
  const half = n >> 1;
  const corner = await inversePositiveDefinite(block(a, 0, half, 0, half), times, breathe);
  const side = block(a, 0, half, half, n);
  const reach = await times(corner, side); // A⁻¹ B
  const rest = block(a, half, n, half, n);
  const used = await times(side, reach, 'a');
  for (let i = 0; i < rest.data.length; i++) rest.data[i]! -= used.data[i]!;
  const schur = await inversePositiveDefinite(rest, times, breathe);
  const cross = await times(reach, schur);
  const added = await times(cross, reach, 'b');
  const out = matrix(n, n);
  for (let i = 0; i < half; i++) {
    for (let j = 0; j < half; j++) out.data[i * n + j] = corner.data[i * half + j]! + added.data[i * half + j]!;
    for (let j = half; j < n; j++) {
      out.data[i * n + j] = out.data[j * n + i] = -cross.data[i * (n - half) + j - half]!;
    }
  }
  for (let i = half; i < n; i++)
    out.data.set(schur.data.subarray((i - half) * (n - half), (i - half + 1) * (n - half)), i * n + half);
  return out;
}

/**
 * The lower triangle M with `M a Mᵀ = I` of a symmetric positive definite matrix: the inverse of its Cholesky factor, by
 * halves as above.
 */
export async function inverseFactor(a: Matrix, times: Multiply, breathe: Breathe): Promise<Matrix> {
  const n = a.rows;
  await breathe();
  if (n <= leaf) return invertedTriangle(factor(a), n);
  const half = n >> 1;
  const upper = await inverseFactor(block(a, 0, half, 0, half), times, breathe);
  const coupling = await times(block(a, half, n, 0, half), upper, 'b'); // L₂₁
  const rest = block(a, half, n, half, n);
  const used = await times(coupling, coupling, 'b');
  for (let i = 0; i < rest.data.length; i++) rest.data[i]! -= used.data[i]!;
  const lower = await inverseFactor(rest, times, breathe);
  const corner = await times(lower, await times(coupling, upper));
  const out = matrix(n, n);
  for (let i = 0; i < half; i++) out.data.set(upper.data.subarray(i * half, (i + 1) * half), i * n);
  for (let i = 0; i < n - half; i++) {
    for (let j = 0; j < half; j++) out.data[(half + i) * n + j] = -corner.data[i * half + j]!;
    out.data.set(lower.data.subarray(i * (n - half), (i + 1) * (n - half)), (half + i) * n + half);
  }
  return out;
}

function invertedTriangle(lower: Float64Array, n: number): Matrix {
  const out = matrix(n, n);
  for (let i = 0; i < n; i++) {
    const row = out.data.subarray(i * n, (i + 1) * n);
    row[i] = 1;
    for (let k = 0; k < i; k++) {
      for (let j = 0; j <= k; j++) row[j]! -= lower[i * n + k]! * out.data[k * n + j]!;
    }
    for (let j = 0; j <= i; j++) row[j]! /= lower[i * n + i]!;
  }
  return out;
}

/** Rows `top` to `bottom` and columns `left` to `right`, copied. */
export function block(a: Matrix, top: number, bottom: number, left: number, right: number): Matrix {
  const out = matrix(bottom - top, right - left);
  for (let i = top; i < bottom; i++) {
    out.data.set(a.data.subarray(i * a.cols + left, i * a.cols + right), (i - top) * out.cols);
  }
  return out;
}
