import { random } from '@cognate/core';
import { compile, tensor, trainer, warmupCosine, type Tensor, type TrainerState } from '@cognate/nn';
import type { Heads } from '../alignment/path.ts';
import type { Pairs, Side } from '../pairs.ts';
import {
  contrastiveObjective,
  projected,
  type ContrastiveBatch,
  type ContrastiveOptions,
  type ContrastiveParams,
} from './contrastive.ts';
import { initialParams, trainedPath } from './head-params.ts';
import { mixedBatches, type MixedBatchesState } from './mixed-batches.ts';

/** Trained numbers, outside the engine. */
export type ContrastiveWeights = ContrastiveParams<Tensor>;

/** All that decides how the training goes on. */
export interface ContrastiveState {
  readonly trainer: TrainerState<ContrastiveWeights>;
  readonly batches: MixedBatchesState;
}

/** Training of the heads of two sides, step by step. */
export interface ContrastiveTraining extends Disposable {
  /** Steps done. */
  readonly done: number;
  /** One step. @returns the loss before it, in nats. */
  step(): Promise<number>;
  /** The weights as they are now, copied. */
  weights(): Promise<ContrastiveWeights>;
  /** Where a side's rows lie now, `[rows, shared]`, unit rows. @param rows as the heads meet them; a new count compiles anew. */
  project(side: 'source' | 'target', rows: Side): Promise<Float32Array<ArrayBuffer>>;
  save(): Promise<ContrastiveState>;
  /** Goes on from a saved state with the numbers that an uninterrupted training would have had. */
  restore(state: ContrastiveState): void;
}

/** The rate after so many steps: a warm-up of a tenth of them, at most 20, then half a cosine down to zero. */
export function rateOf(
  done: number,
  { learningRate, steps }: Pick<ContrastiveOptions, 'learningRate' | 'steps'>,
): number {
  return warmupCosine(done, { peak: learningRate, warmup: Math.min(20, Math.ceil(steps / 10)), steps });
}

/** Begins at `start`, which the heads equal at first. @param pairs rows as they come out of the first steps of `start`. */
export function contrastiveTraining(pairs: Pairs, start: Heads, options: ContrastiveOptions): ContrastiveTraining {
  const { batch, mixup, seed } = options;
  const stream = (from: number | MixedBatchesState) => mixedBatches(pairs, { size: batch, mixup, start: from });
  const first = stream(seed);
  const training = trainer<ContrastiveWeights, ContrastiveBatch>({
    params: initialWeights(pairs, start, options, first.size),
    loss: contrastiveObjective(options),
  });
  let batches = first;
  const head = compile(projected);
  return {
    get done() {
      return training.step;
    },
    async step() {
      const rate = rateOf(training.step, options);
      return (await training.update(batches.next(), rate)).loss;
    },
    weights: () => training.weights(),
    async project(side, { rows, cols, data }) {
      const points = await head(training.params[side], tensor([rows, cols], data));
      return points.data as Float32Array<ArrayBuffer>;
    },
    save: async () => ({ trainer: await training.save(), batches: batches.state }),
    restore(state) {
      training.restore(state.trainer);
      batches = stream(state.batches);
    },
    [Symbol.dispose]() {
      training[Symbol.dispose]();
      head[Symbol.dispose]();
    },
  };
}

/** Heads as `start` has them, and the temperature (and bias) that batches of that size begin with. */
export function initialWeights(
  pairs: Pairs,
  start: Heads,
  { hidden, loss, seed }: ContrastiveOptions,
  batch: number,
): ContrastiveWeights {
  const draw = random(seed);
  const scalar = (value: number): Tensor => tensor([], Float32Array.of(value));
  const source = initialParams(start.source, pairs.source, hidden, draw);
  const target = initialParams(start.target, pairs.target, hidden, draw);
  if (loss === 'infoNce') return { source, target, logScale: scalar(Math.log(1 / 0.07)) };
  return { source, target, logScale: scalar(Math.log(10)), bias: scalar(-Math.log(Math.max(1, batch - 1))) };
}

/** The paths that the weights stand for. @param pairs whose means they were trained around. */
export function trainedHeads({ source, target }: ContrastiveWeights, pairs: Pairs): Heads {
  return { source: trainedPath(pairs.source.mean, source), target: trainedPath(pairs.target.mean, target) };
}
