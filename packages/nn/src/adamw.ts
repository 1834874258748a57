import { numpy as np } from '@jax-js/jax';
import type { DeviceArray } from './tree.ts';

/** AdamW's constants, with the values that suit contrastive training in small models. */
export interface AdamWOptions {
  /** Forgetting of the mean gradient. 0.9. */
  readonly beta1?: number;
  /** Forgetting of the mean squared gradient. 0.98: the transformer's, steadier than 0.999 in short runs. */
  readonly beta2?: number;
  /** 1e-8. */
  readonly epsilon?: number;
  /** Decoupled: weights shrink by `learningRate * weightDecay` a step; vectors and scalars never do. 0.01. */
  readonly weightDecay?: number;
  /** Gradients are scaled down to this norm over all parameters together; Infinity leaves them. 1. */
  readonly clipNorm?: number;
}

export const adamWDefaults: Required<AdamWOptions> = {
  beta1: 0.9,
  beta2: 0.98,
  epsilon: 1e-8,
  weightDecay: 0.01,
  clipNorm: 1,
};

/** What changes from step to step, outside the engine: `[learning rate, 1 / bias of mean, 1 / bias of square, shrink]`. */
export function adamWRates(
  step: number,
  learningRate: number,
  options: Required<AdamWOptions>,
): Float32Array<ArrayBuffer> {
  const { beta1, beta2, weightDecay } = options;
  return Float32Array.of(
    learningRate,
    1 / (1 - beta1 ** (step + 1)),
    1 / (1 - beta2 ** (step + 1)),
    1 - learningRate * weightDecay,
  );
}

/** Norm of all gradients together, and the factor that brings it down to `clipNorm`. Keeps the gradients. */
export function clipping(
  gradients: readonly DeviceArray[],
  clipNorm: number,
): { norm: DeviceArray; scale: DeviceArray } {
  const norm = np.sqrt(gradients.map((g) => np.square(g.ref).sum()).reduce((a, b) => a.add(b)));
  // A finite bound also for Infinity, which times a zero gradient would give NaN.
  const scale = np.minimum(np.reciprocal(np.maximum(norm.ref, 1e-12)).mul(Math.min(clipNorm, 1e30)), 1);
  return { norm, scale };
}

/**
 * One parameter's step, to be jitted. Consumes the four arrays, keeps `rates` and `scale`.
 * @param rates `[4]`, from `adamWRates`. @param scale what gradients are scaled by, from `clipping`.
 * @see Loshchilov and Hutter 2019, Decoupled Weight Decay Regularization, arXiv:1711.05101.
 */
export function adamWStep(
  { weight, gradient, mean, square }: Record<'weight' | 'gradient' | 'mean' | 'square', DeviceArray>,
  rates: DeviceArray,
  scale: DeviceArray,
  { beta1, beta2, epsilon }: Required<AdamWOptions>,
): Record<'weight' | 'mean' | 'square', DeviceArray> {
  const rate = (i: number): DeviceArray => rates.ref.slice(i);
  const decays = weight.ndim >= 2;
  // The scale goes to the constants: scaled gradients of their own would be written and read once more.
  const nextMean = mean.mul(beta1).add(gradient.ref.mul(scale.ref.mul(1 - beta1)));
  const nextSquare = square.mul(beta2).add(np.square(gradient).mul(np.square(scale.ref).mul(1 - beta2)));
  const direction = nextMean.ref.mul(rate(1)).div(np.sqrt(nextSquare.ref.mul(rate(2))).add(epsilon));
  const shrunk = decays ? weight.mul(rate(3)) : weight;
  return { weight: shrunk.sub(direction.mul(rate(0))), mean: nextMean, square: nextSquare };
}
