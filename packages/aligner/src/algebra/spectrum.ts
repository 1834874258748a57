import type { Breathe } from '@cognate/core';
import { eigh } from './eigh.ts';
import { matrix, scaleColumns, transpose, type Matrix, type MatrixLike, type Multiply } from './matrix.ts';

/** The directions in which a set of rows varies, strongest first; directions without variance are left out. */
export interface Spectrum {
  /** `[rank]`: eigenvalues of `xᵀ x`. */
  readonly values: Float64Array<ArrayBuffer>;
  /** `[rank, dim]`, orthonormal rows, but those whose value is as small as the rounding of `times`, about 1e-7 of the first. */
  readonly directions: Matrix;
  /** `[count, rank]`: the rows in these directions, `x directionsᵀ`. */
  readonly coordinates: Matrix;
}

/** Rows are decomposed once, however many methods ask. */
const known = new WeakMap<MatrixLike, Promise<Spectrum>>();

/** Decomposes `xᵀ x`, or `x xᵀ` where there are fewer rows than dimensions. @param x `[count, dim]`; must not change. */
export function spectrum(x: MatrixLike, times: Multiply, breathe: Breathe): Promise<Spectrum> {
  const before = known.get(x);
  if (before) return before;
  const found = decompose(x, times, breathe);
  known.set(x, found);
  return found;
}

async function decompose(x: MatrixLike, times: Multiply, breathe: Breathe): Promise<Spectrum> {
  const few = x.rows < x.cols;
  const { values, vectors } = await eigh(await times(x, x, few ? 'b' : 'a'), breathe);
  // Rows are single precision: less than this share of the leading variance is rounding.
  const floor = values[0]! * 1e-11;
  const rank = values.findIndex((value) => value <= floor);
  const kept = values.slice(0, rank < 0 ? values.length : rank);
  const leading = matrix(kept.length, vectors.cols, vectors.data.slice(0, kept.length * vectors.cols));
  if (!few) return { values: kept, directions: leading, coordinates: await times(x, leading, 'b') };
  const roots = kept.map(Math.sqrt);
  const directions = await times(leading, x); // [rank, dim], row i of length sqrt(values[i])
  for (let i = 0, at = 0; i < kept.length; i++) {
    for (let j = 0; j < x.cols; j++, at++) directions.data[at]! /= roots[i]!;
  }
  return { values: kept, directions, coordinates: scaleColumns(transpose(leading), roots) };
}
