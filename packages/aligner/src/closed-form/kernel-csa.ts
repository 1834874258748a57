import { random } from '@cognate/core';
import { straightened } from '../algebra/leading-directions.ts';
import { matrix, type Matrix } from '../algebra/matrix.ts';
import { toFloats, type Heads, type Path } from '../alignment/path.ts';
import type { Pairs, Side } from '../pairs.ts';
import type { Tools } from '../algebra/tools.ts';
import { kernelOf, penalty, smoother, type Kernel, type KernelSetting } from './kernel.ts';

/** Rows that points are compared with, at most: as far as banks stay small. */
export const kernelRows = 2000;

/** Numbers that are kept of the comparison. */
const mostDims = 512;

/**
 * Canonical similarity in the space of a kernel. Each side learns to rebuild any of its points from its rows of the
 * pairs; the weights are the point's place in the shared space, where both sides have one axis for each pair. So points
 * correspond when they are made of the same pairs in the same proportions.
 *
 * With a plain cosine as kernel the dot product of the weights is the weighted correlation of CSA: with C + r I the
 * regularised covariances, `xᵀ (Cx + r)⁻¹ Cxy (Cy + r)⁻¹ y`. A Gaussian kernel bends the map, and needs no eigenvectors either way.
 * Beyond 512 pairs the weights are turned into the 512 directions that both kernels tell apart best.
 * @see Lai and Fyfe 2000, Kernel and Nonlinear Canonical Correlation Analysis; Li et al. 2025, arXiv:2410.07610.
 */
export async function kernelCsa(pairs: Pairs, setting: KernelSetting, tools: Tools): Promise<Heads> {
  const { times, breathe } = tools;
  const [source, target] = [firstRows(pairs.source), firstRows(pairs.target)];
  const sides: { side: Side; kernel: Kernel; g: Matrix; lambda: number }[] = [];
  for (const side of [source, target]) {
    const kernel = await kernelOf(side, setting.sharpness, times, breathe);
    const g = await smoother(kernel, setting.strength, times, breathe);
    sides.push({ side, kernel, g, lambda: penalty(kernel, setting.strength) });
  }
  const turn = source.rows > mostDims ? await clearest(sides, tools) : undefined;
  const paths: Path[] = [];
  for (const { side, kernel, g } of sides) {
    const weights = turn ? await times(g, turn) : g;
    paths.push(kernelPath(side, kernel, setting.sharpness, centredColumns(weights)));
  }
  return { source: paths[0]!, target: paths[1]! };
}

/** To unit length, likeness to each row, its mean taken away, into weights. */
function kernelPath(side: Side, { means }: Kernel, sharpness: number, weights: Matrix): Path {
  const rows = matrix(side.cols, side.rows);
  for (let i = 0; i < side.rows; i++) {
    for (let j = 0; j < side.cols; j++) rows.data[j * side.rows + i] = side.data[i * side.cols + j]!;
  }
  return [
    { kind: 'center', mean: side.mean },
    { kind: 'unit' },
    { kind: 'linear', weight: toFloats(rows) },
    { kind: 'gaussian', sharpness },
    { kind: 'center', mean: Float32Array.from(means) },
    { kind: 'linear', weight: toFloats(weights) },
    { kind: 'unit' },
  ];
}

function firstRows({ rows, cols, data, mean }: Side): Side {
  const kept = Math.min(rows, kernelRows);
  return { rows: kept, cols, data: data.subarray(0, kept * cols), mean };
}

/** Less the mean of each column, so that a constant added to all likenesses of a point changes nothing; in place. */
function centredColumns(a: Matrix): Matrix {
  const means = new Float64Array(a.cols);
  for (let i = 0, at = 0; i < a.rows; i++) for (let j = 0; j < a.cols; j++, at++) means[j]! += a.data[at]! / a.rows;
  for (let i = 0, at = 0; i < a.rows; i++) for (let j = 0; j < a.cols; j++, at++) a.data[at]! -= means[j]!;
  return a;
}

/**
 * Orthonormal columns, `[rows, 512]`, near the leading eigenvectors of the sum of both sides' `K (K + lambda I)⁻¹`: the
 * patterns of weights that survive the smoothing. Random columns are driven there by products alone.
 * @see Halko, Martinsson and Tropp 2011, Finding Structure with Randomness, arXiv:0909.4061.
 */
async function clearest(
  sides: readonly { readonly g: Matrix; readonly lambda: number }[],
  { times, breathe }: Tools,
): Promise<Matrix> {
  const n = sides[0]!.g.rows;
  const sum = matrix(n, n);
  for (const { g, lambda } of sides) {
    // K (K + lambda I)⁻¹ is I - lambda (K + lambda I)⁻¹.
    for (let i = 0; i < sum.data.length; i++) sum.data[i]! -= lambda * g.data[i]!;
    for (let i = 0; i < n; i++) sum.data[i * n + i]! += 1;
    await breathe();
  }
  const { normal } = random(1);
  let columns = matrix(n, mostDims, Float64Array.from({ length: n * mostDims }, normal));
  for (let round = 0; round < 2; round++) {
    columns = await times(sum, await times(sum, columns));
    columns = await straightened(columns, times, breathe);
  }
  return columns;
}
