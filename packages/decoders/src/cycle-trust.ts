import { CognateError } from '@cognate/core';

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

/**
 * Logistic regression of right and wrong on scores, by Newton's method. Certainty is never claimed: targets lie a little
 * inside 0 and 1, the more so the fewer samples there are. Where higher scores are not right more often, all get the same.
 * @param right `right[i]` tells of the sample with `scores[i]`.
 * @throws {CognateError} `shape-mismatch`; `invalid-input` for fewer than two samples or a score that is no number.
 * @see Platt 1999, Probabilistic Outputs for Support Vector Machines, section 2.2, for the targets.
 */
export function fitCycleTrust(scores: readonly number[], right: readonly boolean[]): CycleCalibration {
  const count = scores.length;
  if (right.length !== count) {
    throw new CognateError(
      'shape-mismatch',
      `fitCycleTrust() needs as many truths as scores, got ${right.length} and ${count}`,
    );
  }
  if (count < 2 || !scores.every(Number.isFinite)) {
    throw new CognateError('invalid-input', `fitCycleTrust() needs two or more scores that are numbers, got ${count}`);
  }
  const hits = right.filter(Boolean).length;
  const [high, low] = [(hits + 1) / (hits + 2), 1 / (count - hits + 2)];
  const targets = right.map((each) => (each ? high : low));
  const share = targets.reduce((a, b) => a + b, 0) / count;
  const flat = { slope: 0, offset: Math.log(share / (1 - share)) };
  const mean = scores.reduce((a, b) => a + b, 0) / count;
  const spread = Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / count);
  if (spread === 0) return flat;
  const units = scores.map((score) => (score - mean) / spread);

  let [a, b] = [0, flat.offset];
  for (let round = 0; round < 100; round++) {
    let [ga, gb, haa, hab, hbb] = [0, 0, 1e-9, 0, 1e-9];
    units.forEach((unit, i) => {
      const chance = cycleTrust({ slope: a, offset: b }, unit);
      const [error, weight] = [targets[i]! - chance, chance * (1 - chance)];
      ga += error * unit;
      gb += error;
      haa += weight * unit * unit;
      hab += weight * unit;
      hbb += weight;
    });
    const determinant = haa * hbb - hab * hab;
    // Short steps, so that a nearly flat sigmoid does not throw it far away.
    const [da, db] = [(hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant];
    const scale = Math.min(1, 2 / Math.hypot(da, db));
    a += scale * da;
    b += scale * db;
    if (Math.hypot(da, db) < 1e-9) break;
  }
  return a > 0 ? { slope: a / spread, offset: b - (a * mean) / spread } : flat;
}
