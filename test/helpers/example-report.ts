import type { AlignmentReport, MeasuredScores, RetrievalScores, Space } from '@cognate/core';

/** Scores around one recall at 10. */
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

/** The same, with intervals of the given half width. */
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

/** A report that passes, of pairs alone. */
export function exampleReport(change: Partial<AlignmentReport> = {}): AlignmentReport {
  return {
    method: 'csa',
    reason: 'Canonical similarity placed right answers highest.',
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

const space = (id: string, dim: number): Space => ({ id, dim, normalized: true });

/** With every part there is, even those of an alignment without pairs and of a chain. */
export const fullReport: AlignmentReport = exampleReport({
  method: 'contrastive',
  suspects: [
    ...exampleReport().suspects,
    { pair: 101, deviation: 3.6, rank: { forward: 96, backward: 120 }, nearest: { forward: 8, backward: 5 } },
  ],
  matching: {
    runs: 8,
    agreement: { value: 0.31, chance: 0.02 },
    fit: { value: 0.62, chance: 0.4 },
    cka: { value: 0.55, chance: 0.21 },
    clusters: { value: 0.7, chance: 0.3, random: 0 },
  },
  cycle: {
    source: { cosine: 0.81, recallAt1: 0.92, points: 180 },
    target: { cosine: 0.77, recallAt1: 0.88, points: 180 },
  },
  chain: [
    { source: space('words@1', 128), target: space('pictures@1', 96), method: 'contrastive', recallAt10: 0.78 },
    { source: space('pictures@1', 96), target: space('sounds@1', 64), method: 'ridge', recallAt10: 0.55 },
  ],
});

/** What is left when nothing could be held out. */
export const bareReport: AlignmentReport = {
  method: 'procrustes',
  reason: 'Rotation was asked for.',
  tried: [],
  trainPairs: 4,
  heldOutPairs: 0,
  chance: exampleScores(1),
  verdict: { level: 'fail', reasons: ['There are too few pairs to measure anything by.'] },
  suspects: [],
  seed: 0,
};
