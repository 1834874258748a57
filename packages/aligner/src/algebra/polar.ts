import type { Breathe } from '@cognate/core';
import { extremeEigenvalues } from './lanczos.ts';
import { frobenius, matrix, type Matrix, type Multiply } from './matrix.ts';
import { engineIterate, matrixIterate } from './polar-iterate.ts';

/** A stronger stretch would send the largest singular values so near to 0 that rounding could turn their sign. */
const strongest = 1.69770248526;

/**
 * The largest singular value is taken for so many times what the Lanczos rounds find. The strongest stretch turns the
 * sign of one that they missed by 12 %, which happens at fewer than one of 10⁶ random starts, whatever the spectrum
 * (Kuczyński and Woźniakowski 1992, theorem 4.2).
 */
const margin = 1.1;
const lanczosRounds = 20;

/** Multiply-adds of one product from which on the iteration runs on the engine. */
const worthwhile = 2 ** 21;

/**
 * The orthogonal polar factor U Vᵀ of `m = U Σ Vᵀ`, the nearest matrix with orthonormal columns (or rows, where there
 * are fewer of them). Needs products only: the singular values are driven to 1 by x <- x (3 - x²) / 2, with x stretched
 * at first so that small ones grow by 2.5 a step.
 *
 * Directions whose singular value is under 1e-6 of the largest, or 1e-5 of a large matrix, count as absent: they come out
 * the smaller the fainter they are, and those of value 0 as 0, so that a rank-deficient `m` gives the partial isometry on
 * its range rather than one filled up with noise. Large matrices are computed in single precision on the training engine,
 * which must have been started: entries are right to about 1e-6.
 * @param m `[rows, cols]`.
 * @see Higham 2008, Functions of Matrices, chapter 8; Chen and Chow 2014, A Stable Scaling of Newton-Schulz for
 * Improving the Sign Function Computation, for the stretch and its limit.
 */
export async function polar(m: Matrix, times: Multiply, breathe: Breathe): Promise<Matrix> {
  const size = frobenius(m);
  if (size === 0) return matrix(m.rows, m.cols);
  const large = m.rows * m.cols * Math.min(m.rows, m.cols) >= worthwhile;
  using x = large ? engineIterate(m, 1 / size) : matrixIterate(m, 1 / size, times);
  const { least, largest } = extremeEigenvalues(await x.gram(), lanczosRounds);
  const bound = margin * Math.sqrt(largest);
  // All singular values that matter lie between this and 1. Too high a guess costs a few more steps, no more.
  let low = Math.max(x.negligible, Math.sqrt(Math.max(0, least)) / (1.5 * bound));
  // What would become of the faintest direction that counts, in case the guess was too high.
  let faintest = x.negligible;
  for (let step = 0, settled = 0; settled < 2; step++) {
    const stretch = low < 0.99 ? Math.min(strongest, Math.sqrt(3 / (1 + low + low * low))) : 1;
    const linear = 1.5 * stretch;
    const cubic = 0.5 * stretch ** 3;
    // The first step also divides by the bound.
    const change = step === 0 ? await x.step(linear / bound, cubic / bound ** 3) : await x.step(linear, cubic);
    // Convergence is quadratic: after a change this small, what is left is rounding.
    if (stretch === 1 && change < x.settled * Math.min(m.rows, m.cols)) break;
    if (faintest > 0.99) settled++; // from here on, only what is absent would still grow
    // The map rises and falls between its bounds, so its least value is at one of them.
    const image = (value: number): number => Math.min(linear * value - cubic * value ** 3, linear - cubic);
    [low, faintest] = [image(low), image(faintest)];
    await breathe();
  }
  return await x.read();
}
