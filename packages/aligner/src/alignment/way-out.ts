import type { Embeddings } from '@cognate/core';
import { leadingDirections } from '../algebra/leading-directions.ts';
import type { Matrix, MatrixLike } from '../algebra/matrix.ts';
import type { Tools } from '../algebra/tools.ts';
import { coarseRidge } from '../closed-form/coarse-ridge.ts';
import { meanRow, targetsOf } from '../pairs.ts';
import { applyInSlices, pathDim, toFloats, type Path } from './path.ts';

/**
 * A linear way from the shared space into that of `to`, learned from rows of `from`, which `head` leads into the shared
 * space, and the rows of `to` that belong to them.
 * @param groups `[count]`, see `ridge()`.
 */
export async function wayOut(
  head: Path,
  from: Embeddings,
  to: Embeddings,
  groups: Int32Array,
  tools: Tools,
): Promise<Path> {
  const x = { rows: from.count, cols: pathDim(head), data: await applyInSlices(head, from, tools) };
  const mean = meanRow(to);
  const weight = await ridgeFrom(x, targetsOf(to, mean), groups, tools);
  const linear = { kind: 'linear', weight: toFloats(weight) } as const;
  if (!to.space.normalized) return [linear, { kind: 'uncenter', mean }];
  return [linear, { kind: 'unit' }, { kind: 'sphere', mean }];
}

/** More dimensions than this are looked at along so many directions: time grows with the cube. */
const widest = 512;

/** Directions in which points of a wide space hardly lie tell nothing, but take minutes. */
const width = 256;

async function ridgeFrom(x: MatrixLike, y: MatrixLike, groups: Int32Array, { times, breathe }: Tools): Promise<Matrix> {
  if (x.cols <= widest) return coarseRidge(x, y, groups, times, breathe);
  const directions = await leadingDirections(x, width, times, breathe);
  return times(directions, await coarseRidge(await times(x, directions), y, groups, times, breathe));
}
