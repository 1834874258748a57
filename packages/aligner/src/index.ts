export { loadAlignment } from './alignment.ts';
export { contrastiveLoss, type ContrastiveBatch, type ContrastiveParams } from './contrastive.ts';
export { fit, type FitOptions, type HeldOutPairs } from './fit.ts';
export { chanceAt, foscttm, medianRank, mrr, ranks, recallAt } from './metrics.ts';
export type { Method } from './methods.ts';
