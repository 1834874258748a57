/**
 * How cycle scores become probabilities, estimated on samples whose truth is known: 1 / (1 + exp(-(slope * score +
 * offset))). Plain data, JSON-safe.
 */
export interface CycleCalibration {
  readonly slope: number;
  readonly offset: number;
}

/** Estimated probability, 0 to 1, that a sample with this cycle score is right. */
export function cycleTrust({ slope, offset }: CycleCalibration, score: number): number {
  return 1 / (1 + Math.exp(-(slope * score + offset)));
}
