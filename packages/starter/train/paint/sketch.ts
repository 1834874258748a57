import { random, type Random } from '@cognate/core';
import {
  activations,
  filled,
  initLayerNorm,
  initLinear,
  l2Normalize,
  layerNorm,
  linear,
  normal,
  np,
  tensor,
  type DeviceArray,
  type LayerNorm,
  type Linear,
  type Tensor,
} from '@cognate/nn';
import { imageSpace } from '../image/publish.ts';
import { latentDim } from './codec.ts';

/** Styles that are painted. */
export const paintStyles = ['noto', 'twemoji', 'fluent-flat'] as const;
export const styleCount = paintStyles.length;

const pointDim = imageSpace.dim;
const hidden = 1024;
const inner = 768;
/** Numbers that the memory holds of each concept. */
export const codeDim = 448;
/** What codes are multiplied by, so that they learn faster than other weights. */
const codeScale = 8;
/** Unit rows have small numbers: the layers get them enlarged. */
const pointScale = Math.sqrt(pointDim);

/** x + mlp(norm(x)), the style in the middle. */
type Block<Leaf> = { norm: LayerNorm<Leaf>; up: Linear<Leaf>; style: Linear<Leaf>; down: Linear<Leaf> };

/**
 * Codes of the training concepts, recalled by how near their keys are to a point: attention over learned rows.
 * @see Ramsauer et al. 2020, Hopfield Networks is All You Need, arXiv:2008.02217.
 */
type Memory<Leaf> = {
  /** `[256, 256]`: what of a point counts when it is compared with the keys. */
  metric: Leaf;
  /** `[concepts, 256]`. */
  keys: Leaf;
  /** `[concepts, codeDim]`. */
  codes: Leaf;
  /** `[]`, logarithm. */
  sharpness: Leaf;
};

/** What is to be painted, guessed from a point and a style. */
export type Sketch<Leaf = DeviceArray> = {
  memory: Memory<Leaf>;
  recalled: Linear<Leaf>;
  points: Linear<Leaf>;
  style: Linear<Leaf>;
  blocks: Block<Leaf>[];
  norm: LayerNorm<Leaf>;
  /** Scales of the features before the last layers, by style. */
  gate: Linear<Leaf>;
  latents: Linear<Leaf>;
  goal: Linear<Leaf>;
};

/** A first guess, and what there is to improve it by. */
export interface Sketched {
  /** `[n, latentDim]`. */
  readonly latents: DeviceArray;
  /** `[n, 256]`, unit rows: what point the true picture of that style should have. */
  readonly goals: DeviceArray;
}

/** @param keys `[concepts, 256]`, unit rows. @param codes `[concepts, codeDim]`, of variance 1. */
export function initSketch(seed: number, keys: Tensor, codes: Tensor): Sketch<Tensor> {
  const draw = random(seed);
  return {
    memory: {
      metric: identity(pointDim),
      keys,
      codes: tensor(codes.shape, codes.data.map((value) => value / codeScale)), // prettier-ignore
      sharpness: filled([], Math.log(20)),
    },
    recalled: initLinear(draw, codeDim, hidden),
    points: initLinear(draw, pointDim, hidden, 0.5),
    style: initLinear(draw, styleCount, hidden),
    blocks: [initBlock(draw)],
    norm: initLayerNorm(hidden),
    gate: { weight: normal(draw, [styleCount, hidden], 0.1), bias: filled([hidden], 1) },
    latents: initLinear(draw, hidden, latentDim, 0.5),
    goal: initLinear(draw, hidden, pointDim, 0.1),
  };
}

/**
 * A trained sketch with room for more concepts: the first `known` rows of its memory stay, those after them are taken from
 * `memory`. The two share all weights but those rows.
 */
export function remember(trained: Sketch<Tensor>, memory: Memory<Tensor>, known: number): Sketch<Tensor> {
  const grown = (rows: Tensor, more: Tensor): Tensor => {
    const data = Float32Array.from(more.data);
    data.set(rows.data.subarray(0, known * more.shape[1]!));
    return tensor(more.shape, data);
  };
  const { keys, codes } = trained.memory;
  return {
    ...trained,
    memory: { ...trained.memory, keys: grown(keys, memory.keys), codes: grown(codes, memory.codes) },
  };
}

function identity(dim: number): Tensor {
  return tensor([dim, dim], Float32Array.from({ length: dim * dim }, (_, i) => Number(i % (dim + 1) === 0))); // prettier-ignore
}

function initBlock(draw: Random): Block<Tensor> {
  return {
    norm: initLayerNorm(hidden),
    up: initLinear(draw, hidden, inner),
    style: initLinear(draw, styleCount, inner),
    down: initLinear(draw, inner, hidden, 0.5),
  };
}

/**
 * @param points `[n, 256]`, unit rows of the image space. @param styles `[n, styleCount]`, one-hot. @param hide `[n,
 * concepts]`, in training: 1 where a concept is not to be recalled.
 */
export function sketch(params: Sketch, points: DeviceArray, styles: DeviceArray, hide?: DeviceArray): Sketched {
  const recalled = recall(params.memory, points.ref, hide).mul(codeScale);
  let y = linear(params.points, points.ref.mul(pointScale))
    .add(linear(params.recalled, recalled))
    .add(linear(params.style, styles.ref));
  for (const { norm, up, style, down } of params.blocks) {
    const features = activations.silu(linear(up, layerNorm(norm, y.ref)).add(linear(style, styles.ref)));
    y = y.add(linear(down, features));
  }
  const features = activations.silu(layerNorm(params.norm, y)).mul(linear(params.gate, styles));
  const guess = l2Normalize(points.ref.add(linear(params.goal, features.ref)));
  // Half of the goal stays the point itself: the guess knows of pictures in general, the point of this one.
  return { latents: linear(params.latents, features), goals: l2Normalize(points.add(guess)) };
}

function recall(params: Memory<DeviceArray>, points: DeviceArray, hide?: DeviceArray): DeviceArray {
  const near = np.dot(np.dot(points, params.metric), np.transpose(params.keys)).mul(np.exp(params.sharpness));
  return np.dot(activations.softmax(hide ? near.sub(hide.mul(1e4)) : near, -1), params.codes);
}
