import type { Ranked } from './rank-by-cycle.ts';

/** Inverse temperature of the weights: how much more a candidate with a higher cycle score has to say. */
const sharpness = 20;

/**
 * Candidates by how much the others agree with them: each weighs by its cycle score, and the one comes first that is most
 * like all of them together. A text that shares its words with other likely texts is safer than the one with the best
 * score of its own.
 * @param ranked candidates of one point. @param likeness of two samples, 0 to 1.
 * @returns the same candidates, scores unchanged; of equals in the order given.
 * @see Kumar and Byrne 2004, Minimum Bayes-Risk Decoding for Statistical Machine Translation.
 */
export function byConsensus<Sample, Candidate extends Ranked<Sample>>(
  ranked: readonly Candidate[],
  likeness: (a: Sample, b: Sample) => number,
): readonly Candidate[] {
  const most = ranked.reduce((best, { score }) => Math.max(best, score), -1);
  const weights = ranked.map(({ score }) => Math.exp(sharpness * (score - most)));
  const agreement = ranked.map(({ sample }) =>
    ranked.reduce((sum, other, i) => sum + weights[i]! * likeness(sample, other.sample), 0),
  );
  const order = ranked.map((_, i) => i).sort((a, b) => agreement[b]! - agreement[a]!);
  return order.map((i) => ranked[i]!);
}
