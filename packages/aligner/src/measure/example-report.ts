import type { AlignmentReport, MeasuredScores, RetrievalScores } from '@cognate/core';

/** For tests: scores around one recall at 10. */
export function exampleScores(recallAt10: number): RetrievalScores {
  return {
    recallAt1: recallAt10 / 2,
    recallAt5: 0.8 * recallAt10,
    recallAt10,
    medianRank: 3,
    mrr: 0.6 * recallAt10,
    foscttm: (1 - recallAt10) / 4,
  };
}

/** For tests: the same, with intervals of the given half width. */
export function exampleMeasured(recallAt10: number, half = 0.03): MeasuredScores {
  const scores = exampleScores(recallAt10);
  const around = (value: number) => ({ low: Math.max(0, value - half), high: Math.min(1, value + half) });
  return {
    ...scores,
    interval: {
      recallAt1: around(scores.recallAt1),
      recallAt5: around(scores.recallAt5),
      recallAt10: around(scores.recallAt10),
    },
    repeated: { over: 'splits', times: 8 },
    plain: exampleScores(recallAt10 - 0.05),
  };
}

/** For tests: a report that passes, with every part. */
export function exampleReport(change: Partial<AlignmentReport> = {}): AlignmentReport {
  return {
    method: 'csa',
    reason: 'csa placed right answers highest.',
    tried: [
      { method: 'procrustes', mrr: 0.4, recallAt10: 0.7, seconds: 0.2 },
      { method: 'csa', mrr: 0.48, recallAt10: 0.8, seconds: 0.4 },
    ],
    trainPairs: 900,
    heldOutPairs: 100,
    forward: exampleMeasured(0.8),
    backward: exampleMeasured(0.78),
    chance: exampleScores(0.1),
    shuffled: exampleScores(0.11),
    forecast: {
      pairs: 1000,
      cka: { value: 0.6, chance: 0.001, p: 0.005 },
      mutualKnn: { value: 0.3, chance: 0.01, p: 0.005, k: 10 },
      effectiveRank: { source: 120, target: 80 },
      hubness: { source: 1.2, target: 0.8 },
      gap: 0.85,
      outlook: 'good',
      reason: 'The two sides lie much alike.',
    },
    learningCurve: {
      points: [
        { pairs: 225, recallAt1: 0.2, recallAt10: 0.6, sd: 0.02 },
        { pairs: 450, recallAt1: 0.3, recallAt10: 0.7, sd: 0.02 },
        { pairs: 900, recallAt1: 0.4, recallAt10: 0.8, sd: 0.02 },
      ],
      repeats: 3,
      method: 'csa',
      more: { pairs: 200, gain: 0.03 },
    },
    verdict: { level: 'pass', reasons: ['All is well.'] },
    suspects: [
      { pair: 17, deviation: 5.2, rank: { forward: 412, backward: 388 }, nearest: { forward: 3, backward: 9 } },
    ],
    seed: 0,
    ...change,
  };
}
