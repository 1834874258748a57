import { concat, rows, yieldTask, type Alignment, type Embeddings } from '@cognate/core';

/** Rows between two looks at the event loop. */
const sliceCount = 256;

/** `alignment.project()` for many points, without holding up the worker. Aborting rejects with `signal.reason`. */
export async function project(alignment: Alignment, points: Embeddings, signal?: AbortSignal): Promise<Embeddings> {
  const slices: Embeddings[] = [];
  for (let start = 0; start < points.count; start += sliceCount) {
    const length = Math.min(sliceCount, points.count - start);
    slices.push(
      alignment.project(
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
  return first ? concat([first, ...rest]) : alignment.project(points);
}
