import type { Embeddings } from '@cognate/core';
import { multiply, type Matrix } from '../../algebra/matrix.ts';
import { offsets } from '../../pairs.ts';
import { requirePaired } from '../checks.ts';

/**
 * Linear centred kernel alignment of paired rows: how alike the two sides' tables of similarities are. Dimensions may
 * differ. Unbiased it is about 0 for independent sides, and may fall below; at most 1. Biased it is 0 to 1, but for
 * independent sides far from 0 unless rows outnumber dimensions by much: .91 at 50 rows of 512 numbers.
 * @param x `[count, from]`, at least 4 rows. @param y `[count, to]`.
 * @returns 0 where a side does not vary, or too little to tell.
 * @throws {CognateError} `shape-mismatch`, `invalid-input`.
 * @see Kornblith et al. 2019, Similarity of Neural Network Representations Revisited, arXiv:1905.00414; Song et al.
 * 2012, Feature Selection via Dependence Maximization, equation 5, for the unbiased estimate.
 */
export function cka(x: Embeddings, y: Embeddings, { biased = false } = {}): number {
  requirePaired('cka()', x, y, 4);
  // Neither estimate minds where the mean lies, but far from it rounding would drown what rows differ by.
  const [k, l] = [gram(x), gram(y)];
  if (!biased) return unbiasedCka(hollow(k), hollow(l));
  const along = dot(k.data, l.data);
  return ratio(along, dot(k.data, k.data), dot(l.data, l.data));
}

/** A Gram matrix without its diagonal, and what every estimate needs of it. */
export interface Hollow {
  /** `[n, n]`, symmetric, zeros on the diagonal. */
  readonly gram: Matrix;
  /** `[n]`. */
  readonly sums: Float64Array;
  readonly total: number;
}

/** Empties the diagonal of `gram`, in place. */
export function hollow(gram: Matrix): Hollow {
  const n = gram.rows;
  const sums = new Float64Array(n);
  for (let i = 0, at = 0; i < n; i++) {
    gram.data[i * (n + 1)] = 0;
    for (let j = 0; j < n; j++, at++) sums[i]! += gram.data[at]!;
  }
  return { gram, sums, total: sums.reduce((sum, value) => sum + value, 0) };
}

export function unbiasedCka(k: Hollow, l: Hollow): number {
  return ratio(hsic(k, l), hsic(k, k), hsic(l, l));
}

/** Unbiased estimate of the Hilbert-Schmidt independence criterion, up to the factor 1 / (n (n - 3)). */
export function hsic(k: Hollow, l: Hollow): number {
  return hsicOf(dot(k.gram.data, l.gram.data), dot(k.sums, l.sums), k, l);
}

/** @param products sum of products of the entries. @param sumProducts the same of the row sums. */
export function hsicOf(products: number, sumProducts: number, k: Hollow, l: Hollow): number {
  const n = k.sums.length;
  return products + (k.total * l.total) / ((n - 1) * (n - 2)) - (2 * sumProducts) / (n - 2);
}

function ratio(both: number, one: number, other: number): number {
  return one > 0 && other > 0 ? both / Math.sqrt(one * other) : 0;
}

function gram(points: Embeddings): Matrix {
  const rows = offsets(points);
  return multiply(rows, rows, 'b');
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
