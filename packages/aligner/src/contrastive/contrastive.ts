import {
  infoNce,
  l2Normalize,
  linearMap,
  mlp,
  np,
  sigmoidLoss,
  type DeviceArray,
  type Mlp,
  type PairMasks,
} from '@cognate/nn';
import { structurePenalty } from './structure.ts';

/** What contrastive heads are trained to make small. */
export interface ObjectiveOptions {
  /** `infoNce`: which of the batch is the partner? `sigmoid`: is this one the partner, yes or no? */
  readonly loss: 'infoNce' | 'sigmoid';
  /**
   * Rows of a batch that are nearer to one another than this cosine, on either side, are near-duplicates: their partners
   * count neither as right nor as wrong for one another. 1 or more: none are.
   */
  readonly twins: number;
  /** Weight of the penalty on how much heads change the neighbourhoods of each side; 0 for none. See `structurePenalty`. */
  readonly structure: number;
}

/** How contrastive heads are trained. */
export interface ContrastiveOptions extends ObjectiveOptions {
  /** Steps at most. */
  readonly steps: number;
  /** Pairs a step, at most one of each group. */
  readonly batch: number;
  /** Width of the residual MLP; 0 for linear heads. */
  readonly hidden: number;
  /** Highest learning rate. `fit()` takes `usualRate()` of the pairs unless told. */
  readonly learningRate: number;
  /** Share of pairs that are mixed with another pair of the batch, 0 to 1. */
  readonly mixup: number;
  readonly seed: number;
}

export const contrastiveDefaults: ContrastiveOptions = {
  steps: 240,
  batch: 256,
  hidden: 512,
  learningRate: 1e-3,
  mixup: 1,
  loss: 'infoNce',
  twins: 0.98,
  structure: 0,
  seed: 0,
};

/** The highest learning rate that suits so many pairs: at a higher one, few pairs are learned by heart. */
export function usualRate(pairs: number): number {
  return Math.min(contrastiveDefaults.learningRate, 2e-4 * Math.sqrt(pairs / 1000));
}

/** The settings among `options`, others by default. */
export function contrastiveSettings(options: {
  readonly [K in keyof ContrastiveOptions]?: ContrastiveOptions[K] | undefined;
}): ContrastiveOptions {
  const names = Object.keys(contrastiveDefaults) as (keyof ContrastiveOptions)[];
  const given = names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]] as const);
  return { ...contrastiveDefaults, ...Object.fromEntries(given) };
}

/** Parameters on the device. */
export type HeadParams<Leaf = DeviceArray> = { linear: Leaf; mlp?: Mlp<Leaf> | undefined };
export type ContrastiveParams<Leaf = DeviceArray> = {
  source: HeadParams<Leaf>;
  target: HeadParams<Leaf>;
  /** Logarithm of the inverse temperature. */
  logScale: Leaf;
  /** Added to each logit of the sigmoid loss; absent with InfoNCE. */
  bias?: Leaf | undefined;
};
/** Row i of `[n, from]` belongs to row i of `[n, to]`. */
export type ContrastiveBatch = { source: DeviceArray; target: DeviceArray };

/** `[n, from]` -> `[n, shared]`, unit rows; consumes both. */
export function projected({ linear, mlp: residual }: HeadParams, x: DeviceArray): DeviceArray {
  if (!residual) return l2Normalize(linearMap(linear, x));
  return l2Normalize(np.dot(x.ref, linear).add(mlp(residual, x)));
}

/**
 * Symmetric InfoNCE of a batch in which no two pairs belong to one group. Consumes all arrays.
 * @returns mean loss in nats; ln(batch) is chance.
 * @see Radford et al. 2021, Learning Transferable Visual Models, arXiv:2103.00020.
 */
export function contrastiveLoss(params: ContrastiveParams, { source, target }: ContrastiveBatch): DeviceArray {
  return infoNce(projected(params.source, source), projected(params.target, target), params.logScale);
}

/** The loss that the options ask for, to be minimised over `params`; it consumes all arrays. */
export function contrastiveObjective({
  loss,
  twins,
  structure,
}: ObjectiveOptions): (params: ContrastiveParams, batch: ContrastiveBatch) => DeviceArray {
  return ({ source, target, logScale, bias }, { source: x, target: y }) => {
    const masks: PairMasks = twins < 1 ? { candidates: apart([x.ref, y.ref], twins) } : {};
    const before = structure > 0 ? ([x.ref, y.ref] as const) : undefined;
    const [a, b] = [projected(source, x), projected(target, y)];
    const changed = before && structurePenalty(before[0], a.ref).add(structurePenalty(before[1], b.ref));
    const contrast =
      loss === 'sigmoid' ? sigmoidLoss(a, b, { logScale, bias: bias! }, masks) : infoNce(a, b, logScale, masks);
    return changed ? contrast.add(changed.mul(structure)) : contrast;
  };
}

/** `[n, n]`: 0 where two different rows of a side are nearer than `twins`, else 1. */
function apart(sides: readonly DeviceArray[], twins: number): DeviceArray {
  return sides
    .map((rows) => {
      const n = rows.shape[0]!;
      const unit = l2Normalize(rows);
      const near = np.greater(np.dot(unit.ref, np.transpose(unit)), twins).astype(np.float32);
      return np.subtract(1, near.mul(np.subtract(1, np.eye(n))));
    })
    .reduce((a, b) => a.mul(b));
}
