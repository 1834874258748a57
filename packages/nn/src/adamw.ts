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
