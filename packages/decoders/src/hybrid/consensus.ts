/** A candidate, and how much it has to say. */
export interface Voice<Sample> {
  readonly sample: Sample;
  /** 0 or more: how probable it is that this is what is meant, on any scale. */
  readonly weight: number;
}

/**
 * Candidates by how well they would do if one of the voices were right, each as often as it weighs: a text that shares its
 * words with other likely texts is safer than the likeliest one.
 * @param candidates of one point. @param likeness how well a sample does where `meant` is right, 0 to 1.
 * @returns the same candidates; of equals in the order given.
 * @see Kumar and Byrne 2004, Minimum Bayes-Risk Decoding for Statistical Machine Translation.
 */
export function byConsensus<Sample, Candidate extends Voice<Sample>>(
  candidates: readonly Candidate[],
  likeness: (sample: Sample, meant: Sample) => number,
): readonly Candidate[] {
  const gains = candidates.map(({ sample }) =>
    candidates.reduce((sum, other) => sum + other.weight * likeness(sample, other.sample), 0),
  );
  const order = candidates.map((_, i) => i).sort((a, b) => gains[b]! - gains[a]!);
  return order.map((i) => candidates[i]!);
}
