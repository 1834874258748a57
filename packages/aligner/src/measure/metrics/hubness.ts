import { topK } from '@cognate/core';
import { requireCount, requireScores } from '../checks.ts';

/**
 * N_k: how often each candidate is among the `k` best of a query.
 * @param scores `[queries, candidates]`, row-major, higher is better.
 * @returns `[candidates]`.
 * @throws {CognateError} `shape-mismatch`, `invalid-input`.
 */
export function occurrences(scores: ArrayLike<number>, candidates: number, k = 10): Float64Array<ArrayBuffer> {
  requireScores('occurrences()', scores, candidates);
  requireCount('occurrences()', 'k', k);
  const out = new Float64Array(candidates);
  const line = new Float64Array(candidates);
  for (let start = 0; start < scores.length; start += candidates) {
    for (let j = 0; j < candidates; j++) line[j] = scores[start + j]!;
    for (const j of topK(line, k)) out[j]!++;
  }
  return out;
}

/** Third standardized moment, of the population; 0 where all values are the same. */
export function skewness(values: ArrayLike<number>): number {
  const n = values.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i]! / n;
  let second = 0;
  let third = 0;
  for (let i = 0; i < n; i++) {
    const off = values[i]! - mean;
    second += off ** 2 / n;
    third += off ** 3 / n;
  }
  // What rounding the mean leaves of equal values is no spread.
  return second > 1e-24 * mean ** 2 ? third / second ** 1.5 : 0;
}

/**
 * Skewness of N_k: around 0 every candidate is found about as often; over 1 a few hubs are near to everything and
 * crowd out right answers.
 * @param scores `[queries, candidates]`, row-major, higher is better. @param k how many of the best count; 10 unless told.
 * @throws {CognateError} `shape-mismatch`, `invalid-input`.
 * @see Radovanović et al. 2010, Hubs in Space, Journal of Machine Learning Research 11.
 */
export function hubness(scores: ArrayLike<number>, candidates: number, k = 10): number {
  return skewness(occurrences(scores, candidates, k));
}
