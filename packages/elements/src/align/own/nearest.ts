import {
  csls,
  neighbourhood,
  rows,
  similarity,
  topK,
  trust,
  yieldTask,
  type Calibration,
  type Candidate,
  type Embeddings,
} from '@cognate/core';

/** Rows that are compared in a few milliseconds. */
const sliceCount = 64;
/** As many rows of the query side tell how crowded a place is. */
const most = 256;

/** One side of an alignment in the shared space, to be asked from the other side. */
export interface Bank {
  readonly points: Embeddings;
  /** `[points.count]`: how crowded each row's neighbourhood on the query's side is. */
  readonly crowding: Float32Array;
  readonly calibration: Calibration | undefined;
}

/** @param queries rows of the side that questions come from, in the shared space. */
export async function makeBank(
  points: Embeddings,
  queries: Embeddings,
  calibration: Calibration | undefined,
): Promise<Bank> {
  const step = Math.max(1, Math.ceil(queries.count / most));
  const anchors = rows(queries, everyNth(queries.count, step));
  const crowding = new Float32Array(points.count);
  for (let start = 0; start < points.count; start += sliceCount) {
    const end = Math.min(points.count, start + sliceCount);
    const slice = rows(
      points,
      Array.from({ length: end - start }, (_, i) => start + i),
    );
    crowding.set(neighbourhood(slice, anchors), start);
    await yieldTask();
  }
  return { points, crowding, calibration };
}

/** The rows of the bank that are nearest to a single point, by CSLS, best first. */
export function nearest(
  { points, crowding, calibration }: Bank,
  query: Embeddings,
  count: number,
): Candidate<number>[] {
  const scores = csls(similarity(query, points), neighbourhood(query, points), crowding);
  const listed = topK(scores, Math.max(count, calibration?.listed ?? 0));
  const found = listed.map((index) => scores[index]!);
  const chances = calibration && trust(calibration, found);
  return listed.slice(0, count).map((index, i) => ({
    item: index,
    index,
    score: found[i]!,
    ...(chances && { trust: chances[i]! }),
  }));
}

function everyNth(count: number, step: number): number[] {
  return Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step);
}
