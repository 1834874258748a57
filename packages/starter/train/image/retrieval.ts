import { csls, dotProducts, embeddings, neighbourhood, topK, type Space } from '@cognate/core';

/** Fractions of the queries whose own concept is at the top, or among the first ten. */
export interface Retrieval {
  readonly recallAt1: number;
  readonly recallAt10: number;
  /** Queries, and candidates: the concepts that both sides have. */
  readonly count: number;
}

/** Rows by hexcode. */
export type Rows = ReadonlyMap<string, Float32Array<ArrayBuffer>>;

/**
 * For each concept that both sides have: is its row of `bank` the nearest to its row of `queries`?
 * @param scoring cosines as they are, or corrected for hubs.
 * @param limit the first so many shared concepts, in the order of `queries`.
 */
export function retrieve(queries: Rows, bank: Rows, scoring: 'cosine' | 'csls', limit = Infinity): Retrieval {
  const shared = [...queries.keys()].filter((hexcode) => bank.has(hexcode)).slice(0, limit);
  return scoreRows(
    shared.map((hexcode) => queries.get(hexcode)!),
    shared.map((hexcode) => bank.get(hexcode)!),
    scoring,
  );
}

/** Row i of `queries` should find row i of `bank`. */
export function scoreRows(
  queries: readonly Float32Array<ArrayBuffer>[],
  bank: readonly Float32Array<ArrayBuffer>[],
  scoring: 'cosine' | 'csls',
): Retrieval {
  const count = queries.length;
  const dim = queries[0]?.length ?? 0;
  const space: Space = { id: 'retrieval', dim, normalized: true };
  const a = embeddings(space, flatten(queries, dim));
  const b = embeddings(space, flatten(bank, dim));
  const scores = dotProducts(a.data, b.data, dim);
  if (scoring === 'csls') csls(scores, neighbourhood(a, b), neighbourhood(b, a));
  let first = 0;
  let ten = 0;
  for (let i = 0; i < count; i++) {
    const best = topK(scores.subarray(i * count, (i + 1) * count), 10);
    if (best[0] === i) first++;
    if (best.includes(i)) ten++;
  }
  return { recallAt1: first / count, recallAt10: ten / count, count };
}

function flatten(rows: readonly Float32Array[], dim: number): Float32Array<ArrayBuffer> {
  const data = new Float32Array(rows.length * dim);
  rows.forEach((row, i) => data.set(row, i * dim));
  return data;
}
