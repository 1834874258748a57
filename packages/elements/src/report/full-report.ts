import type { AlignmentReport, MeasuredScores, RetrievalScores } from '@cognate/core';

const scores = (recallAt1: number, recallAt5: number, recallAt10: number, medianRank: number): RetrievalScores => ({
  recallAt1,
  recallAt5,
  recallAt10,
  medianRank,
  mrr: (recallAt1 + recallAt5) / 2,
  foscttm: (1 - recallAt10) / 10,
});

const measured = (recallAt1: number, recallAt5: number, recallAt10: number, medianRank: number): MeasuredScores => ({
  ...scores(recallAt1, recallAt5, recallAt10, medianRank),
  interval: {
    recallAt1: { low: recallAt1 - 0.07, high: recallAt1 + 0.07 },
    recallAt5: { low: recallAt5 - 0.05, high: recallAt5 + 0.05 },
    recallAt10: { low: recallAt10 - 0.04, high: recallAt10 + 0.04 },
  },
  repeated: { over: 'splits', times: 10 },
  plain: scores(recallAt1 - 0.08, recallAt5 - 0.07, recallAt10 - 0.06, medianRank + 1),
});

const space = (id: string, dim: number) => ({ id, dim, normalized: true });

/** For tests: a report with every part there is. */
export const fullReport: AlignmentReport = {
  method: 'contrastive',
  reason: 'contrastive placed right answers highest: mean reciprocal rank 0.521 over 180 validation pairs.',
  tried: [
    { method: 'procrustes', mrr: 0.341, recallAt10: 0.6, seconds: 0.4 },
    { method: 'ridge', mrr: 0.448, recallAt10: 0.71, seconds: 0.9 },
    { method: 'csa', mrr: 0.457, recallAt10: 0.72, seconds: 0.8 },
    { method: 'contrastive', mrr: 0.521, recallAt10: 0.78, seconds: 14.2 },
  ],
  trainPairs: 1620,
  heldOutPairs: 180,
  forward: measured(0.42, 0.68, 0.78, 2),
  backward: measured(0.39, 0.64, 0.75, 2),
  chance: scores(0.006, 0.028, 0.056, 90),
  shuffled: scores(0.01, 0.03, 0.06, 85),
  forecast: {
    pairs: 1800,
    cka: { value: 0.31, chance: 0.01, p: 0.005 },
    mutualKnn: { value: 0.18, chance: 0.006, p: 0.005, k: 10 },
    effectiveRank: { source: 61.4, target: 38.2 },
    hubness: { source: 1.4, target: 0.7 },
    gap: 0.92,
    outlook: 'good',
    reason: 'Both sides agree about who is near whom far more than chance would have it.',
  },
  learningCurve: {
    points: [
      { pairs: 25, recallAt1: 0.04, recallAt10: 0.19, sd: 0.02 },
      { pairs: 100, recallAt1: 0.13, recallAt10: 0.42, sd: 0.03 },
      { pairs: 400, recallAt1: 0.27, recallAt10: 0.63, sd: 0.02 },
      { pairs: 1620, recallAt1: 0.4, recallAt10: 0.76, sd: 0.02 },
    ],
    method: 'ridge',
    repeats: 5,
    more: { pairs: 400, gain: 0.03 },
  },
  verdict: {
    level: 'pass',
    reasons: [
      'The right answer comes first in 41 of 100 cases, where guessing gives fewer than one.',
      'Shuffled pairs score no better than guessing, so the pairs do carry the meaning.',
    ],
  },
  suspects: [
    { pair: 17, deviation: 5.2, rank: { forward: 412, backward: 388 }, nearest: { forward: 3, backward: 9 } },
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
  seed: 0,
};

/** For tests: what is left when nothing could be held out. */
export const bareReport: AlignmentReport = {
  method: 'procrustes',
  reason: 'procrustes was asked for.',
  tried: [],
  trainPairs: 4,
  heldOutPairs: 0,
  chance: scores(0.25, 1, 1, 2.5),
  verdict: { level: 'fail', reasons: ['There are too few pairs to measure anything by.'] },
  suspects: [],
  seed: 0,
};
