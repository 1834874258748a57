import { rows, trust, type Calibration, type Candidate, type Embeddings, type SearchIndex } from '@cognate/core';

/** As many rows of the query side tell how crowded a place is. */
const most = 512;

/** Rows spread evenly over those of one side: what the other side's neighbourhoods are measured against. */
export function anchorsOf(points: Embeddings): Embeddings {
  const step = Math.max(1, Math.ceil(points.count / most));
  return rows(
    points,
    Array.from({ length: Math.ceil(points.count / step) }, (_, i) => i * step),
  );
}

/**
 * The rows that are nearest to a single point, by CSLS, best first; with their trust, where it was estimated.
 * @param index of the side that answers come from, with anchors of the side that the query comes from.
 */
export async function nearest(
  index: SearchIndex,
  query: Embeddings,
  count: number,
  calibration: Calibration | undefined,
): Promise<Candidate<number>[]> {
  const [found] = await index.search(query, Math.max(count, calibration?.listed ?? 0));
  if (!found) return [];
  const chances = calibration && trust(calibration, found.scores);
  return Array.from(found.indices.subarray(0, count), (item, i) => ({
    item,
    index: item,
    score: found.scores[i]!,
    ...(chances && { trust: chances[i]! }),
  }));
}
