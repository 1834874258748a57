import type { Embeddings } from '@cognate/core';
import { leadingDirections } from '../algebra/leading-directions.ts';
import type { Tools } from '../algebra/tools.ts';
import { centred, offsets } from '../pairs.ts';
import type { Sample } from '../sample.ts';

/**
 * The same pairs in the `limit` directions in which each side varies most, so that fitting many times costs little.
 * Directions are found without looking at who belongs to whom. Sides of no more dimensions stay as they are.
 */
export async function condensed(sample: Sample, limit: number, tools: Tools): Promise<Sample> {
  return {
    ...sample,
    source: await narrowed(sample.source, limit, tools),
    target: await narrowed(sample.target, limit, tools),
  };
}

async function narrowed(points: Embeddings, limit: number, { times, breathe }: Tools): Promise<Embeddings> {
  const { space, count } = points;
  if (space.dim <= limit) return points;
  const directions = await leadingDirections(centred(points), limit, times, breathe);
  const coordinates = await times(offsets(points), directions);
  return {
    space: { id: space.id, dim: directions.cols, normalized: false },
    count,
    data: Float32Array.from(coordinates.data),
  };
}
