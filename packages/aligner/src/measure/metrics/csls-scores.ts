import { csls, topK } from '@cognate/core';
import { requireCount, requireScores } from '../checks.ts';

/** Mean of the `k` largest scores of each line: how crowded the neighbourhood of that query is. */
export function crowding(scores: ArrayLike<number>, width: number, k = 10): Float64Array<ArrayBuffer> {
  const out = new Float64Array(scores.length / width);
  const line = new Float64Array(width);
  for (let i = 0; i < out.length; i++) {
    for (let j = 0; j < width; j++) line[j] = scores[i * width + j]!;
    const nearest = topK(line, k);
    for (const j of nearest) out[i]! += line[j]! / nearest.length;
  }
  return out;
}

/**
 * CSLS of a matrix of cosines by itself: the queries at hand are the bank that crowding of candidates is measured
 * against. That is transductive: the scores of one query depend on the others. `neighbourhood()` and `csls()` of core
 * keep queries independent.
 * @param cosines `[queries, candidates]`, kept as they are.
 * @returns `[queries, candidates]`.
 * @throws {CognateError} `shape-mismatch`, `invalid-input`.
 * @see Conneau et al. 2018, Word Translation Without Parallel Data, arXiv:1710.04087, equation 3.
 */
export function cslsScores(cosines: ArrayLike<number>, candidates: number, k = 10): Float32Array<ArrayBuffer> {
  requireScores('cslsScores()', cosines, candidates);
  requireCount('cslsScores()', 'k', k);
  const queries = cosines.length / candidates;
  const across = Float64Array.from({ length: cosines.length }, (_, at) => {
    return cosines[(at % queries) * candidates + Math.floor(at / queries)]!;
  });
  return csls(Float32Array.from(cosines), crowding(cosines, candidates, k), crowding(across, queries, k));
}
