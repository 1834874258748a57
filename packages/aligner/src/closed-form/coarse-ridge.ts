import type { Breathe } from '../algebra/breathe.ts';
import { solvePositive } from '../algebra/cholesky.ts';
import { inversePositive } from '../algebra/inverse.ts';
import { damped, gathered, matrix, trace, type Matrix, type MatrixLike, type Multiply } from '../algebra/matrix.ts';
import { ridge, sampleBlocks, type Blocks } from './ridge.ts';

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
  const left = { x: gathered(x, rows), y: gathered(y, rows), blocks };
  let best: { error: number; weight: Matrix } | undefined;
  for (const share of shares) {
    const inverse = await inversePositive(damped(gram, share * mean), times, breathe);
    const weight = await times(inverse, cross);
    const error = await leaveOutError(left, { inverse, weight }, times);
    if (best && error > best.error) return best.weight;
    best = { error, weight };
    await breathe();
  }
  return exactly();
}

/** Mean square of the residuals `(I - H)⁻¹ R` of each block, as in `ridge()`. */
async function leaveOutError(
  { x, y, blocks }: Pick<Blocks, 'blocks'> & { readonly x: Matrix; readonly y: Matrix },
  { inverse, weight }: { readonly inverse: Matrix; readonly weight: Matrix },
  times: Multiply,
): Promise<number> {
  const predicted = await times(x, weight);
  const reach = await times(x, inverse);
  const leverage = (a: number, b: number): number => {
    let sum = 0;
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
      block.forEach((b, j) => (rest.data[i * block.length + j] = (i === j ? 1 + 1e-9 : 0) - leverage(a, b)));
    });
    for (const value of solvePositive(rest, residuals).data) sum += value * value;
    count += block.length;
  }
  return sum / count;
}
