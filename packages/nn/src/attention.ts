import type { Random } from '@cognate/core';
import { nn, numpy as np } from '@jax-js/jax';
import { initLayerNorm, initLinear, layerNorm, linear, type LayerNorm, type Linear } from './layers.ts';
import type { DeviceArray, Tensor } from './tree.ts';

/** `into` makes queries, keys and values of all heads side by side, `[dim, 3 dim]`. */
export type CausalAttention<Leaf = DeviceArray> = { into: Linear<Leaf>; out: Linear<Leaf> };
/** x + attention(norm(x)), then x + mlp(norm(x)) with squared rectifiers. */
export type CausalBlock<Leaf = DeviceArray> = {
  attentionNorm: LayerNorm<Leaf>;
  attention: CausalAttention<Leaf>;
  mlpNorm: LayerNorm<Leaf>;
  up: Linear<Leaf>;
  down: Linear<Leaf>;
};

export function initCausalAttention(random: Random, dim: number, gain = 1): CausalAttention<Tensor> {
  return { into: initLinear(random, dim, 3 * dim), out: initLinear(random, dim, dim, gain) };
}

/** What a branch adds starts small, so that a stack starts near the identity. */
export function initCausalBlock(random: Random, dim: number, hidden: number): CausalBlock<Tensor> {
  return {
    attentionNorm: initLayerNorm(dim),
    attention: initCausalAttention(random, dim, 0.3),
    mlpNorm: initLayerNorm(dim),
    up: initLinear(random, dim, hidden),
    down: initLinear(random, hidden, dim, 0.3),
  };
}

/**
 * Every place looks at itself and what stands before it; `[n, tokens, dim]` -> the same shape.
 * @param heads must divide `dim`.
 * @see Vaswani et al. 2017, Attention Is All You Need, arXiv:1706.03762, section 3.2.
 */
export function causalAttention(params: CausalAttention, x: DeviceArray, heads: number): DeviceArray {
  const [n, tokens, dim] = x.shape as [number, number, number];
  const apart = linear(params.into, x).reshape([n, tokens, 3, heads, dim / heads]);
  const of = (i: number, order: number[]): DeviceArray => np.transpose(apart.ref.slice([], [], i), order);
  const scale = 1 / Math.sqrt(dim / heads);
  const scores = np.matmul(of(0, [0, 2, 1, 3]), of(1, [0, 2, 3, 1])).mul(scale); // [n, heads, tokens, tokens]
  const values = of(2, [0, 2, 1, 3]);
  apart.dispose();
  const places = np.arange(tokens, undefined, undefined, { dtype: np.int32 });
  const allowed = np.lessEqual(places.ref.reshape([1, tokens]), places.reshape([tokens, 1]));
  const shares = nn.softmax(np.where(allowed, scores, -1e9), -1);
  const mixed = np.transpose(np.matmul(shares, values), [0, 2, 1, 3]).reshape([n, tokens, dim]);
  return linear(params.out, mixed);
}

/**
 * The square of the positive part: as good as GELU in small language models, and cheap.
 * @see So et al. 2021, Primer: Searching for Efficient Transformers for Language Modeling, arXiv:2109.08668.
 */
export function squaredRelu(x: DeviceArray): DeviceArray {
  return np.square(np.maximum(x, 0));
}

/** `[n, tokens, dim]` -> the same shape. */
export function causalBlock(params: CausalBlock, x: DeviceArray, heads: number): DeviceArray {
  const looked = x.ref.add(causalAttention(params.attention, layerNorm(params.attentionNorm, x), heads));
  const hidden = squaredRelu(linear(params.up, layerNorm(params.mlpNorm, looked.ref)));
  return looked.add(linear(params.down, hidden));
}
