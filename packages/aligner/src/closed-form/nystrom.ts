import { leadingSpan } from '../algebra/leading-directions.ts';
import { inverseFactor } from '../algebra/inverse.ts';
import { add, damped, frobenius, matrix, type Matrix, type MatrixLike } from '../algebra/matrix.ts';
import type { Tools } from '../algebra/tools.ts';
import { toFloats } from '../alignment/path.ts';
import { spread } from '../groups.ts';
import { picked, type Pairs, type Side } from '../pairs.ts';
import { corresponding } from './csa.ts';
import { kernelMatrix, penalty, type Kernel } from './kernel.ts';

/** What points of a side are compared with, and how these compare with one another. */
export interface Landmarks {
  readonly side: Side;
  readonly kernel: Kernel;
}

/** Pairs that a kernel learns from at most, spread over all of them: time grows in proportion. */
export const kernelPairs = 20_000;

/** Pairs that are compared with the landmarks at a time. */
const sliceRows = 2048;

/**
 * What turns likeness to the landmarks into places in the shared space, learned from all pairs where these are more than
 * the landmarks: CSA of the likenesses, which regularises with the landmarks' kernel matrix in place of the identity. With
 * all rows as landmarks both sides span what they do in the exact form.
 * @returns `[landmarks, dims]` of each side.
 * @see Williams and Seeger 2001, Using the Nyström Method to Speed Up Kernel Machines; Rudi, Camoriano and Rosasco 2015,
 * Less is More: Nyström Computational Regularization, arXiv:1507.04717.
 */
export async function nystromWeights(
  { source, target }: Pairs,
  landmarks: Readonly<Record<'source' | 'target', Landmarks>>,
  strength: number,
  dims: number,
  tools: Tools,
): Promise<Record<'source' | 'target', Matrix>> {
  const { times, breathe } = tools;
  const size = landmarks.source.side.rows;
  const covariances = { source: matrix(size, size), target: matrix(size, size), cross: matrix(size, size) };
  const rows = spread(source.rows, kernelPairs);
  for (let at = 0; at < rows.length; at += sliceRows) {
    const slice = rows.subarray(at, at + sliceRows);
    const x = await compared(picked(source, slice), landmarks.source, tools);
    const y = await compared(picked(target, slice), landmarks.target, tools);
    add(covariances.source, await times(x, x, 'a'));
    add(covariances.target, await times(y, y, 'a'));
    add(covariances.cross, await times(x, y, 'a'));
    await breathe();
  }
  const left = await whitening(covariances.source, landmarks.source.kernel, strength, tools);
  const right = await whitening(covariances.target, landmarks.target.kernel, strength, tools);
  const k = await times(await times(left, covariances.cross), right, 'b');
  const span = await leadingSpan(
    size,
    Math.min(dims, size),
    async (columns) => times(k, await times(k, columns, 'a')),
    tools,
  );
  const both = await corresponding(await times(span, k, 'a'), times, breathe);
  return {
    source: await times(left, await times(span, both.source), 'a'),
    target: await times(right, both.target, 'a'),
  };
}

/** Likeness to the landmarks, centred as their own is: with the landmarks themselves it is their kernel matrix. */
async function compared(x: Side, { side, kernel }: Landmarks, { times, breathe }: Tools): Promise<MatrixLike> {
  const out = await kernelMatrix(x, side, kernel.sharpness, times);
  const { rows, cols, data } = out;
  const mean = kernel.means.reduce((sum, value) => sum + value / cols, 0);
  for (let i = 0; i < rows; i++) {
    const row = data.subarray(i * cols, (i + 1) * cols);
    const own = row.reduce((sum, value) => sum + value / cols, 0);
    for (let j = 0; j < cols; j++) row[j]! += mean - own - kernel.means[j]!;
  }
  await breathe();
  return toFloats(out);
}

/** A matrix W with `W (C + lambda K) Wᵀ = I`. */
async function whitening(
  covariance: Matrix,
  kernel: Kernel,
  strength: number,
  { times, breathe }: Tools,
): Promise<Matrix> {
  const { rows, cols, data } = covariance;
  const lambda = penalty(kernel, strength);
  const sum = matrix(
    rows,
    cols,
    data.map((value, i) => value + lambda * kernel.centred.data[i]!),
  );
  await breathe();
  // More than what single precision may have taken from the smallest pivot.
  return inverseFactor(damped(sum, 1e-7 * frobenius(sum)), times, breathe);
}
