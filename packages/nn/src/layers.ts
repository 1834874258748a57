import type { Random } from '@cognate/core';
import { nn, numpy as np } from '@jax-js/jax';
import { filled, normal, type DeviceArray, type Tensor } from './tree.ts';

/** `weight` is `[from, to]`, so that `x @ weight` needs no transpose. */
export type Linear<Leaf = DeviceArray> = { weight: Leaf; bias: Leaf };
export type LayerNorm<Leaf = DeviceArray> = { scale: Leaf; shift: Leaf };
/** linear, GELU, linear. */
export type Mlp<Leaf = DeviceArray> = { up: Linear<Leaf>; down: Linear<Leaf> };
/** x + mlp(norm(x)). */
export type ResidualMlp<Leaf = DeviceArray> = { norm: LayerNorm<Leaf>; mlp: Mlp<Leaf> };

/** Variance 1 / from, which keeps unit variance through the layer. */
export function initLinear(random: Random, from: number, to: number, gain = 1): Linear<Tensor> {
  return { weight: normal(random, [from, to], gain / Math.sqrt(from)), bias: filled([to], 0) };
}

/** `[..., from]` -> `[..., to]`. */
export function linear(params: Linear, x: DeviceArray): DeviceArray {
  const lead = x.shape.slice(0, -1);
  const flat = lead.length === 1 ? x : x.reshape([-1, x.shape.at(-1)!]); // one large matmul, never a batched one
  const y = np.dot(flat, params.weight).add(params.bias);
  return lead.length === 1 ? y : y.reshape([...lead, -1]);
}

/**
 * `[n, from]` -> `[n, to]`, a linear map without a bias, summed over two parts of `from`. The gradient that comes back to
 * a single product is computed anew for each row of its weight, since the engine keeps only what several need: ten times
 * the work.
 */
export function linearMap(weight: DeviceArray, x: DeviceArray): DeviceArray {
  const from = x.shape[1]!;
  if (from < 2) return np.dot(x, weight);
  const part = Math.max(1, 4 * (from >> 3)); // the engine multiplies four numbers at a time
  return np
    .dot(x.ref.slice([], [0, part]), weight.ref.slice([0, part]))
    .add(np.dot(x.slice([], [part, from]), weight.slice([part, from])));
}

export function initLayerNorm(dim: number): LayerNorm<Tensor> {
  return { scale: filled([dim], 1), shift: filled([dim], 0) };
}

/** Zero mean and unit variance over the last axis, then scale and shift. */
export function layerNorm(params: LayerNorm, x: DeviceArray): DeviceArray {
  const centred = x.ref.sub(x.mean(-1, { keepdims: true }));
  const variance = np.square(centred.ref).mean(-1, { keepdims: true });
  return centred
    .div(np.sqrt(variance.add(1e-5)))
    .mul(params.scale)
    .add(params.shift);
}

/** The exact GELU, x times the normal distribution function: the one that ONNX's Erf reproduces. */
export function gelu(x: DeviceArray): DeviceArray {
  return nn.gelu(x, { approximate: false });
}

export function initMlp(random: Random, from: number, hidden: number, to: number, gain = 1): Mlp<Tensor> {
  return { up: initLinear(random, from, hidden), down: initLinear(random, hidden, to, gain) };
}

export function mlp(params: Mlp, x: DeviceArray): DeviceArray {
  return linear(params.down, gelu(linear(params.up, x)));
}

/** The last layer starts small, so that a deep stack starts near the identity. */
export function initResidualMlp(random: Random, dim: number, hidden: number): ResidualMlp<Tensor> {
  return { norm: initLayerNorm(dim), mlp: initMlp(random, dim, hidden, dim, 0.2) };
}

export function residualMlp(params: ResidualMlp, x: DeviceArray): DeviceArray {
  return x.ref.add(mlp(params.mlp, layerNorm(params.norm, x)));
}

/** Rows of unit length over the last axis; a zero row stays zero. */
export function l2Normalize(x: DeviceArray): DeviceArray {
  const squares = np.square(x.ref).sum(-1, { keepdims: true });
  return x.div(np.sqrt(np.maximum(squares, 1e-12)));
}
