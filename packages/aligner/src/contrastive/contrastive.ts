import { infoNce, l2Normalize, mlp, np, type DeviceArray, type Mlp } from '@cognate/nn';

/** How contrastive heads are trained. */
export interface ContrastiveOptions {
  /** Steps at most. */
  readonly steps: number;
  /** Pairs a step, at most one of each group. */
  readonly batch: number;
  /** Width of the residual MLP; 0 for linear heads. */
  readonly hidden: number;
  /** Highest learning rate. */
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
  seed: 0,
};

/** Parameters on the device. */
export type HeadParams<Leaf = DeviceArray> = { linear: Leaf; mlp?: Mlp<Leaf> | undefined };
export type ContrastiveParams<Leaf = DeviceArray> = {
  source: HeadParams<Leaf>;
  target: HeadParams<Leaf>;
  /** Logarithm of the inverse temperature. */
  logScale: Leaf;
};
export type ContrastiveBatch = { source: DeviceArray; target: DeviceArray };

/** `[n, from]` -> `[n, shared]`, unit rows; consumes both. */
function projected({ linear, mlp: residual }: HeadParams, x: DeviceArray): DeviceArray {
  if (!residual) return l2Normalize(np.dot(x, linear));
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
