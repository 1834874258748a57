import { CognateError } from '@cognate/core';
import { nGrams, total } from './n-grams.ts';
import { requireReferences } from './require-references.ts';

export interface ChrfOptions {
  /** Longest run of characters, 6 unless told. */
  readonly order?: number;
  /** How much more recall counts than precision, 2 unless told. */
  readonly beta?: number;
  /**
   * `effective`, the default, averages precision and recall over the orders that both texts are long enough for; `epsilon`
   * averages F-scores over all orders, as chrF++.py, Moses and NLTK do.
   */
  readonly smooth?: 'effective' | 'epsilon';
}

/** Character runs of one order. */
interface Counts {
  hypothesis: number;
  reference: number;
  match: number;
}

/**
 * Character n-gram F-score of a corpus, 0 to 100; white space does not count. Kinder than BLEU to short texts and rich
 * morphology.
 * @param hypotheses one text per item. @param references for each item its references, at least one; of several the
 * one counts that fits best.
 * @throws {CognateError} `shape-mismatch`, `invalid-input`.
 * @see Popović 2015, chrF: character n-gram F-score for automatic MT evaluation. Equals sacreBLEU.
 */
export function chrf(
  hypotheses: readonly string[],
  references: readonly (readonly string[])[],
  { order = 6, beta = 2, smooth = 'effective' }: ChrfOptions = {},
): number {
  requireReferences('chrf()', hypotheses, references);
  if (!Number.isInteger(order) || order < 1 || !(beta > 0)) {
    throw new CognateError(
      'invalid-input',
      `chrf() needs an order of at least 1 and a positive beta, got ${order} and ${beta}`,
    );
  }
  const score = smooth === 'effective' ? effectiveScore : epsilonScore;
  const sums = Array.from({ length: order }, (): Counts => ({ hypothesis: 0, reference: 0, match: 0 }));
  for (const [i, hypothesis] of hypotheses.entries()) {
    const options = references[i]!.map((reference) => compare(hypothesis, reference, order));
    const best = options.reduce((a, b) => (score(b, beta) > score(a, beta) ? b : a));
    best.forEach((counts, n) => {
      sums[n]!.hypothesis += counts.hypothesis;
      sums[n]!.reference += counts.reference;
      sums[n]!.match += counts.match;
    });
  }
  return 100 * score(sums, beta);
}

function compare(hypothesis: string, reference: string, order: number): Counts[] {
  const [a, b] = [characters(hypothesis), characters(reference)];
  return Array.from({ length: order }, (_, at) => {
    const [grams, known] = [nGrams(a, at + 1), nGrams(b, at + 1)];
    let match = 0;
    for (const [gram, count] of grams) match += Math.min(count, known.get(gram) ?? 0);
    // Where the reference is too short for this order, nothing could have matched.
    return { hypothesis: known.size > 0 ? total(grams) : 0, reference: total(known), match };
  });
}

/** Code points without white space. */
function characters(text: string): string[] {
  return [...text.replace(/\s+/gu, '')];
}

function fScore(precision: number, recall: number, beta: number): number {
  const weight = beta * beta;
  const sum = weight * precision + recall;
  return sum > 0 ? ((1 + weight) * precision * recall) / sum : 0;
}

function effectiveScore(orders: readonly Counts[], beta: number): number {
  const used = orders.filter(({ hypothesis, reference }) => hypothesis > 0 && reference > 0);
  const mean = (of: (counts: Counts) => number): number =>
    used.reduce((sum, counts) => sum + of(counts) / used.length, 0);
  return fScore(
    mean(({ match, hypothesis }) => match / hypothesis),
    mean(({ match, reference }) => match / reference),
    beta,
  );
}

function epsilonScore(orders: readonly Counts[], beta: number): number {
  const share = (match: number, all: number): number => (all > 0 ? match / all : 1e-16);
  return orders.reduce((sum, { hypothesis, reference, match }) => {
    return sum + fScore(share(match, hypothesis), share(match, reference), beta) / orders.length;
  }, 0);
}
