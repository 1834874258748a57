export { loadAlignment } from './alignment/alignment.ts';
export { compose, type ComposeOptions, type HeldOutChain } from './alignment/compose.ts';
export { cycle, type Cycle } from './alignment/cycle.ts';
export { invert } from './alignment/invert.ts';
export type { Checkpoints } from './contrastive/checkpoints.ts';
export { contrastiveLoss, type ContrastiveBatch, type ContrastiveParams } from './contrastive/contrastive.ts';
export { fit, type FitOptions, type HeldOutPairs } from './fit.ts';
export { chanceAt, foscttm, medianRank, mrr, ranks, recallAt } from './measure/metrics.ts';
export type { Method } from './methods.ts';
