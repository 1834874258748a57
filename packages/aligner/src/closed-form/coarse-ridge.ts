import type { Breathe } from '@cognate/core';
import { inversePositiveDefinite } from '../algebra/inverse.ts';
import { damped, gathered, trace, type Matrix, type MatrixLike, type Multiply } from '../algebra/matrix.ts';
import { leaveOutError, ridge, sampleBlocks } from './ridge.ts';

/**
 * Penalties looked at, strongest first, as shares of the mean eigenvalue of `xᵀ x`, until the error rises; single precision
 * inverts no more weakly.
 */
const shares = [1, 1e-1, 1e-2];

/**
 * `ridge()` with a penalty from a coarse grid: one inverse for each, which together take a fraction of the time of the
 * eigendecomposition. Where there are fewer rows than dimensions, or a still weaker penalty might be best, it is
 * `ridge()` after all.
 * @param x `[count, from]`, centred. @param y `[count, to]`, centred. @param groups `[count]`, see `ridge()`.
 * @returns `[from, to]`: `y ≈ x weight`.
 */
export async function coarseRidge(
  x: MatrixLike,
  y: MatrixLike,
  groups: ArrayLike<number>,
  times: Multiply,
  breathe: Breathe,
): Promise<Matrix> {
  const exactly = async (): Promise<Matrix> => (await ridge(x, y, times, breathe, { groups })).weight;
  if (x.rows < 2 * x.cols) return exactly();
  const gram = await times(x, x, 'a');
  const cross = await times(x, y, 'a');
  const mean = trace(gram) / gram.rows;
  const { rows, blocks } = sampleBlocks(groups, x.rows);
  const left = { x: gathered(x, rows), y: gathered(y, rows), blocks, learned: x.rows };
  let best: { error: number; weight: Matrix } | undefined;
  for (const share of shares) {
    const inverse = await inversePositiveDefinite(damped(gram, share * mean), times, breathe);
    const weight = await times(inverse, cross);
    const error = leaveOutError(left, await times(left.x, weight), await times(left.x, inverse));
    if (best && error > best.error) return best.weight;
    best = { error, weight };
    await breathe();
  }
  return exactly();
}
