import { leadingSpan } from '../algebra/leading-directions.ts';
import { inversePositiveDefinite } from '../algebra/inverse.ts';
import { centreColumns, damped, trace, transpose, type Matrix } from '../algebra/matrix.ts';
import { toFloats, type Heads, type Path } from '../alignment/path.ts';
import { spread } from '../groups.ts';
import { picked, type Pairs, type Side } from '../pairs.ts';
import type { Tools } from '../algebra/tools.ts';
import { kernelOf, penalty, smoother, type Kernel, type KernelSetting } from './kernel.ts';
import { nystromWeights, type Landmarks } from './nystrom.ts';

/** Rows that points are compared with, at most: as far as banks stay small. */
const kernelRows = 2000;

/** Numbers that are kept of the comparison. */
const mostDims = 512;

/**
 * Canonical similarity in the space of a kernel. Each side learns to rebuild any of its points from its rows of the
 * pairs; the weights are the point's place in the shared space, where both sides have one axis for each pair. So points
 * correspond when they are made of the same pairs in the same proportions.
 *
 * With a plain cosine as kernel the dot product of the weights is the weighted correlation of CSA, but that a kernel's
 * points are centred once more: with C + r I the regularised covariances, `xᵀ (Cx + r)⁻¹ Cxy (Cy + r)⁻¹ y`. A Gaussian kernel bends the map, and needs no eigenvectors either way.
 * Beyond 512 pairs the weights are turned into the 512 directions in which both sides together vary most; beyond 2,000, points
 * are compared with so many of the pairs, and all of them tell what to make of that.
 * @param most rows that points are compared with.
 * @see Lai and Fyfe 2000, Kernel and Nonlinear Canonical Correlation Analysis; Li et al. 2025, arXiv:2410.07610.
 */
export async function kernelCsa(pairs: Pairs, setting: KernelSetting, tools: Tools, most = kernelRows): Promise<Heads> {
  const { times, breathe } = tools;
  const rows = spread(pairs.groups.length, most);
  const compare = async (pairSide: Side): Promise<Landmarks> => {
    const side = picked(pairSide, rows);
    return { side, kernel: await kernelOf(side, setting.sharpness, times, breathe) };
  };
  const landmarks = { source: await compare(pairs.source), target: await compare(pairs.target) };
  const weights =
    pairs.groups.length > most
      ? await nystromWeights(pairs, landmarks, setting.strength, mostDims, tools)
      : await exactWeights(landmarks, setting.strength, tools);
  return {
    source: kernelPath(landmarks.source, weights.source),
    target: kernelPath(landmarks.target, weights.target),
  };
}

/** `[rows, rows]` of each side, or `[rows, 512]`: what turns likeness to the rows into places in the shared space. */
async function exactWeights(
  { source, target }: Readonly<Record<'source' | 'target', Landmarks>>,
  strength: number,
  tools: Tools,
): Promise<Record<'source' | 'target', Matrix>> {
  const { times, breathe } = tools;
  const [from, to] = [source.kernel, target.kernel];
  if (from.centred.rows <= mostDims) {
    return {
      source: await smoother(from, strength, times, breathe),
      target: await smoother(to, strength, times, breathe),
    };
  }
  const span = await clearest(from, to, tools);
  return {
    source: await smoothedSpan(from, span, strength, tools),
    target: await smoothedSpan(to, span, strength, tools),
  };
}

/** To unit length, likeness to each row, its mean taken away, into weights. */
function kernelPath({ side, kernel: { means, sharpness } }: Landmarks, weights: Matrix): Path {
  return [
    { kind: 'center', mean: side.mean },
    { kind: 'unit' },
    { kind: 'linear', weight: toFloats(transpose(side)) },
    { kind: 'gaussian', sharpness },
    { kind: 'center', mean: Float32Array.from(means) },
    // So that a constant added to all likenesses of a point changes nothing.
    { kind: 'linear', weight: toFloats(centreColumns(weights)) },
    { kind: 'unit' },
  ];
}

/** Orthonormal columns, `[rows, 512]`: the patterns of weights by which the points of both sides together vary most. */
async function clearest(from: Kernel, to: Kernel, tools: Tools): Promise<Matrix> {
  const [a, b] = [1 / penalty(from, 1), 1 / penalty(to, 1)];
  const { rows, cols } = from.centred;
  const both = toFloats({ rows, cols, data: from.centred.data.map((value, i) => a * value + b * to.centred.data[i]!) });
  await tools.breathe();
  return leadingSpan(rows, mostDims, (columns) => tools.times(both, columns), tools);
}

/**
 * About `(K + lambda I)⁻¹ span`, for a fraction of what the inverse takes: exact within the span, and what this leaves
 * over is divided as if all directions outside it were equally strong.
 * @param span `[rows, width]`, orthonormal columns. @returns `[rows, width]`.
 * @see Saad 2003, Iterative Methods for Sparse Linear Systems, 5.2, for the projection.
 */
async function smoothedSpan(
  kernel: Kernel,
  span: Matrix,
  strength: number,
  { times, breathe }: Tools,
): Promise<Matrix> {
  const lambda = penalty(kernel, strength);
  const images = await times(kernel.centred, span);
  const within = await times(span, images, 'a');
  const outside = (trace(kernel.centred) - trace(within)) / (span.rows - span.cols);
  const inverse = await inversePositiveDefinite(damped(within, lambda), times, breathe);
  const weights = await times(span, inverse);
  const reached = await times(images, inverse);
  for (let i = 0; i < weights.data.length; i++) {
    const left = span.data[i]! - reached.data[i]! - lambda * weights.data[i]!;
    weights.data[i]! += left / (outside + lambda);
  }
  return weights;
}
