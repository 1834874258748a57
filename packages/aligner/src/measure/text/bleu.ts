import { CognateError } from '@cognate/core';
import { nGrams, words } from './n-grams.ts';
import { requireReferences } from './require-references.ts';
import { tokenize13a } from './tokenize-13a.ts';

export interface BleuOptions {
  /** `13a`, the default, as published scores do; `none` takes what stands between white space. */
  readonly tokenize?: '13a' | 'none';
  /**
   * What stands in for a precision without matches: `exp`, the default, halves from order to order; a number takes that
   * many matches; `none` leaves 0, and with it the whole score.
   */
  readonly smooth?: 'exp' | 'none' | number;
  /** Longest run of words, 4 unless told. */
  readonly order?: number;
}

/**
 * BLEU of a whole corpus, 0 to 100: geometric mean of the shares of word runs that occur in a reference, times a
 * penalty for being too short. Scores of single sentences mean little.
 * @param hypotheses one sentence per item. @param references for each item its references, at least one.
 * @throws {CognateError} `shape-mismatch`, `invalid-input`.
 * @see Papineni et al. 2002, BLEU: a Method for Automatic Evaluation of Machine Translation; Post 2018,
 * arXiv:1804.08771. Equals sacreBLEU with its defaults.
 */
export function bleu(
  hypotheses: readonly string[],
  references: readonly (readonly string[])[],
  { tokenize = '13a', smooth = 'exp', order = 4 }: BleuOptions = {},
): number {
  requireReferences('bleu()', hypotheses, references);
  if (!Number.isInteger(order) || order < 1) {
    throw new CognateError('invalid-input', `bleu() needs an order of at least 1, got ${order}`);
  }
  const split = tokenize === '13a' ? tokenize13a : words;
  const matches = new Float64Array(order);
  const totals = new Float64Array(order);
  let length = 0;
  let wanted = 0;
  for (const [i, hypothesis] of hypotheses.entries()) {
    const tokens = split(hypothesis);
    const others = references[i]!.map(split);
    length += tokens.length;
    wanted += nearestLength(
      tokens.length,
      others.map((other) => other.length),
    );
    for (let n = 1; n <= order; n++) {
      totals[n - 1]! += Math.max(0, tokens.length - n + 1);
      const known = others.map((other) => nGrams(other, n));
      for (const [gram, count] of nGrams(tokens, n)) {
        matches[n - 1]! += Math.min(count, Math.max(...known.map((grams) => grams.get(gram) ?? 0)));
      }
    }
  }
  if (matches[0] === 0) return 0;
  let logs = 0;
  let halving = 1;
  for (let n = 0; n < order; n++) {
    if (totals[n] === 0) return 0;
    let found = matches[n]!;
    if (found === 0) found = smooth === 'exp' ? 1 / (halving *= 2) : smooth === 'none' ? 0 : smooth;
    logs += Math.log(found / totals[n]!) / order;
  }
  const penalty = length >= wanted ? 1 : Math.exp(1 - wanted / length);
  return 100 * penalty * Math.exp(logs);
}

/** The reference length that is nearest; of two as near, the shorter. */
function nearestLength(length: number, others: readonly number[]): number {
  return others.reduce((best, other) => {
    const [gap, before] = [Math.abs(other - length), Math.abs(best - length)];
    return gap < before || (gap === before && other < best) ? other : best;
  });
}
