import { concat, rows, yieldTask, type Alignment, type Embeddings } from '@cognate/core';
import type { Way } from '../shared/inference.ts';

/** Rows between two looks at the event loop. */
const sliceCount = 256;

/** One of the alignment's maps for many points, without holding up the worker. Aborting rejects with `signal.reason`. */
export async function mapPoints(
  alignment: Alignment,
  way: Way,
  points: Embeddings,
  signal?: AbortSignal,
): Promise<Embeddings> {
  const slices: Embeddings[] = [];
  for (let start = 0; start < points.count; start += sliceCount) {
    const length = Math.min(sliceCount, points.count - start);
    slices.push(
      alignment[way](
        rows(
          points,
          Array.from({ length }, (_, i) => start + i),
        ),
      ),
    );
    await yieldTask();
    signal?.throwIfAborted();
  }
  const [first, ...rest] = slices;
  return first ? concat([first, ...rest]) : alignment[way](points);
}
