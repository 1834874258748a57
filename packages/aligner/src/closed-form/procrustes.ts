import type { Breathe } from '@cognate/core';
import type { Matrix, MatrixLike, Multiply } from '../algebra/matrix.ts';
import { polar } from '../algebra/polar.ts';
import { spectrum } from '../algebra/spectrum.ts';

/**
 * The rotation W that brings `x W` nearest to `y` in squares: the polar factor of `xᵀ y`. Where dimensions differ it
 * is semi-orthogonal: orthonormal columns, or rows where `x` has fewer dimensions; with fewer rows than
 * dimensions a partial isometry between the spans of both sides.
 * @param x `[count, from]`, centred. @param y `[count, to]`, centred.
 * @returns `[from, to]`.
 * @see Schönemann 1966, A Generalized Solution of the Orthogonal Procrustes Problem.
 */
export async function procrustes(x: MatrixLike, y: MatrixLike, times: Multiply, breathe: Breathe): Promise<Matrix> {
  if (x.rows >= Math.min(x.cols, y.cols)) return polar(await times(x, y, 'a'), times, breathe);
  // With fewer rows than dimensions the map is determined only between the rows' spans: rotate within these.
  const [from, to] = [await spectrum(x, times, breathe), await spectrum(y, times, breathe)];
  const core = await polar(await times(from.coordinates, to.coordinates, 'a'), times, breathe);
  return times(await times(from.directions, core, 'a'), to.directions);
}
