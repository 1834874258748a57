import type { Embeddings } from '@cognate/core';
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
  const weight = await coarseRidge(x, targetsOf(to, mean), groups, tools.times, tools.breathe);
  const linear = { kind: 'linear', weight: toFloats(weight) } as const;
  if (!to.space.normalized) return [linear, { kind: 'uncenter', mean }];
  return [linear, { kind: 'unit' }, { kind: 'sphere', mean }];
}
