import { CognateError } from '@cognate/core';
import { requireScores } from '../checks.ts';
import { median } from '../statistics.ts';

/**
 * Rank of the best right answer of each query: 1 + the number of wrong answers that score higher + half of those that
 * score the same.
 * @param scores `[queries, candidates]`, row-major, higher is better.
 * @param right for each query the indices of all candidates that are right, at least one; the diagonal when absent.
 * @returns `[queries]`, from 1 to `candidates`.
 * @throws {CognateError} `shape-mismatch` for scores that are no full lines, `invalid-input` for NaN and for a query
 * without a right answer among the candidates.
 */
export function ranks(
  scores: ArrayLike<number>,
  candidates: number,
  right: (query: number) => ArrayLike<number> = (query) => [query],
): Float64Array<ArrayBuffer> {
  requireScores('ranks()', scores, candidates);
  const queries = scores.length / candidates;
  const out = new Float64Array(queries);
  const isRight = new Uint8Array(candidates);
  for (let i = 0; i < queries; i++) {
    const start = i * candidates;
    const answers = right(i);
    let best = -Infinity;
    if (answers.length === 0) {
      throw new CognateError('invalid-input', `ranks() needs at least one right answer for query ${i}, got none`);
    }
    for (let t = 0; t < answers.length; t++) {
      if (!(answers[t]! in isRight)) {
        throw new CognateError(
          'invalid-input',
          `ranks() needs right answers from 0 to ${candidates - 1}, got ${answers[t]} for query ${i}`,
        );
      }
      isRight[answers[t]!] = 1;
      best = Math.max(best, scores[start + answers[t]!]!);
    }
    let rank = 1;
    for (let j = 0; j < candidates; j++) {
      if (isRight[j]) continue;
      const score = scores[start + j]!;
      if (score > best) rank += 1;
      else if (score === best) rank += 0.5;
    }
    out[i] = rank;
    for (let t = 0; t < answers.length; t++) isRight[answers[t]!] = 0;
  }
  return out;
}

/** Share of queries, 0 to 1, whose rank is at most `k`. A tie that straddles `k` counts as a miss. */
export function recallAt(ranks: ArrayLike<number>, k: number): number {
  let hits = 0;
  for (let i = 0; i < ranks.length; i++) if (ranks[i]! <= k) hits++;
  return hits / Math.max(1, ranks.length);
}

/** The middle rank; the mean of the two in the middle where their number is even; NaN of none. */
export function medianRank(ranks: ArrayLike<number>): number {
  return median(ranks);
}

/** Mean reciprocal rank, 0 to 1. */
export function mrr(ranks: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < ranks.length; i++) sum += 1 / ranks[i]!;
  return sum / Math.max(1, ranks.length);
}

/**
 * Fraction of samples closer than the true match: (mean rank - 1) / (candidates - 1). 0 is perfect. Chance is 0.5
 * where each sample has one true match, and less where it has several, of which the best counts.
 * @see Liu et al. 2019, Jointly Embedding Multiple Single-Cell Omics Measurements, for the name.
 */
export function foscttm(ranks: ArrayLike<number>, candidates: number): number {
  let sum = 0;
  for (let i = 0; i < ranks.length; i++) sum += ranks[i]! - 1;
  return sum / Math.max(1, ranks.length) / Math.max(1, candidates - 1);
}

/**
 * What guessing gives: the chance that one of `right` right answers is among the first `k` of `candidates` in random
 * order.
 */
export function chanceAt(k: number, candidates: number, right = 1): number {
  let miss = 1;
  for (let i = 0; i < Math.min(k, candidates); i++) miss *= Math.max(0, candidates - right - i) / (candidates - i);
  return 1 - miss;
}
