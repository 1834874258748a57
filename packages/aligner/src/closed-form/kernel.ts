import type { Breathe } from '@cognate/core';
import { inversePositiveDefinite } from '../algebra/inverse.ts';
import { damped, matrix, trace, type Matrix, type MatrixLike, type Multiply } from '../algebra/matrix.ts';

/** How a side compares its points, and how much it is smoothed. */
export interface KernelSetting {
  /** Of `exp(sharpness (cosine - 1))`, the Gaussian kernel of unit rows; 0 compares by the cosine itself. */
  readonly sharpness: number;
  /** Penalty on the scale of the mean eigenvalue of the kernel matrix. */
  readonly strength: number;
}

/** A side's rows compared with one another. */
export interface Kernel {
  readonly sharpness: number;
  /** `[rows, rows]`, centred: the mean of each row and column is 0. */
  readonly centred: Matrix;
  /** `[rows]`: means of the columns before. */
  readonly means: Float64Array<ArrayBuffer>;
  /** Largest rank that the side can have. */
  readonly rank: number;
}

/** @param x `[rows, dim]`, unit rows. @param y `[others, dim]`, unit rows. @returns `[rows, others]`. */
export async function kernelMatrix(x: MatrixLike, y: MatrixLike, sharpness: number, times: Multiply): Promise<Matrix> {
  const out = await times(x, y, 'b');
  if (sharpness > 0) for (let i = 0; i < out.data.length; i++) out.data[i] = Math.exp(sharpness * (out.data[i]! - 1));
  return out;
}

/** @param x `[rows, dim]`, unit rows. */
export async function kernelOf(x: MatrixLike, sharpness: number, times: Multiply, breathe: Breathe): Promise<Kernel> {
  const n = x.rows;
  const { data } = await kernelMatrix(x, x, sharpness, times);
  const means = new Float64Array(n);
  for (let i = 0, at = 0; i < n; i++) for (let j = 0; j < n; j++, at++) means[j]! += data[at]! / n;
  await breathe();
  const mean = means.reduce((sum, value) => sum + value / n, 0);
  const centred = matrix(n, n, data);
  for (let i = 0, at = 0; i < n; i++) for (let j = 0; j < n; j++, at++) data[at]! += mean - means[i]! - means[j]!;
  return { sharpness, centred, means, rank: sharpness > 0 ? n : Math.min(n, x.cols) };
}

/** The `lambda` of a strength: `strength tr(K) / rank`. */
export function penalty({ centred, rank }: Kernel, strength: number): number {
  // A side whose rows are all the same has nothing to rebuild; the rest keeps the inverse finite.
  return Math.max((strength * trace(centred)) / rank, 1e-9);
}

/**
 * `(K + lambda I)⁻¹`: what turns likeness to the rows into the weights with which they rebuild a point best (kernel ridge
 * regression).
 */
export async function smoother(kernel: Kernel, strength: number, times: Multiply, breathe: Breathe): Promise<Matrix> {
  return inversePositiveDefinite(damped(kernel.centred, penalty(kernel, strength)), times, breathe);
}
