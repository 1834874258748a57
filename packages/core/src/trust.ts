/**
 * How scores of one answer list become probabilities, estimated on held-out pairs. Plain data, JSON-safe.
 * With z = slope * score + offset, answer j is right with probability exp(z_j) / (1 + sum of all exp(z_i)): a softmax
 * over the listed answers and "none of them", so that both a clear lead and a high score count.
 */
export interface Calibration {
  readonly slope: number;
  readonly offset: number;
  /** How many best answers of each query the estimate looked at: give `trust()` as many. */
  readonly listed: number;
  /** How many candidates the answers were chosen from; with far fewer or far more the estimate drifts. */
  readonly candidates: number;
  /** Held-out queries behind the estimate. */
  readonly queries: number;
}

/**
 * Estimated probability, 0 to 1, that each answer of a list is the right one; together at most 1.
 * @param scores CSLS scores of the `calibration.listed` best answers of one query, best first; of a longer list only
 * that many enter the sum.
 */
export function trust(calibration: Calibration, scores: ArrayLike<number>): number[] {
  const { slope, offset, listed } = calibration;
  const logits = Array.from(scores, (score) => slope * score + offset);
  // Shifted by the largest, "none of them" (logit 0) included, so that nothing overflows.
  const top = logits.reduce((largest, logit) => Math.max(largest, logit), 0);
  const weights = logits.map((logit) => Math.exp(logit - top));
  const sum = weights.slice(0, listed).reduce((total, weight) => total + weight, Math.exp(-top));
  return weights.map((weight) => weight / sum);
}
