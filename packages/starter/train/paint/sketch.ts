import { random, type Random } from '@cognate/core';
import {
  activations,
  filled,
  initLayerNorm,
  initLinear,
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
import { latentDim } from './codec.ts';

/** Styles that are painted; one more index stands for no condition at all. */
export const paintStyles = ['noto', 'twemoji', 'fluent-flat'] as const;
export const styleCount = paintStyles.length + 1;

const pointDim = 256;
const hidden = 1024;
const inner = 768;
/** The noisy latent comes in through few numbers: enough to tell which of several pictures is forming. */
const glimpse = 48;
/** Numbers that the memory holds of each concept. */
export const codeDim = 448;
/** What codes are multiplied by, so that they learn faster than other weights. */
const codeScale = 8;
/** Cosines and sines of the time. */
const frequencies = 4;

/** x + gate(style, time) * mlp(norm(x)). */
type Block<Leaf> = { norm: LayerNorm<Leaf>; up: Linear<Leaf>; mood: Linear<Leaf>; down: Linear<Leaf> };

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

/** What is being painted, guessed from a noisy latent, the time, a point and a style. */
export type Denoiser<Leaf = DeviceArray> = {
  glimpse: Linear<Leaf>;
  latents: Linear<Leaf>;
  memory: Memory<Leaf>;
  recalled: Linear<Leaf>;
  points: Linear<Leaf>;
  mood: Linear<Leaf>;
  blocks: Block<Leaf>[];
  norm: LayerNorm<Leaf>;
  /** Scales of the features before the last layer, by style and time. */
  gate: Linear<Leaf>;
  head: Linear<Leaf>;
};

/** @param keys `[concepts, 256]`, unit rows. @param codes `[concepts, codeDim]`, of variance 1. */
export function initDenoiser(seed: number, keys: Tensor, codes: Tensor): Denoiser<Tensor> {
  const draw = random(seed);
  const moods = styleCount + 2 * frequencies;
  return {
    glimpse: initLinear(draw, latentDim, glimpse),
    latents: initLinear(draw, glimpse, hidden),
    memory: {
      metric: identity(pointDim),
      keys,
      codes: tensor(
        codes.shape,
        codes.data.map((value) => value / codeScale),
      ),
      sharpness: filled([], Math.log(20)),
    },
    recalled: initLinear(draw, codeDim, hidden),
    points: initLinear(draw, pointDim, hidden, 0.5),
    mood: initLinear(draw, moods, hidden),
    blocks: Array.from({ length: 1 }, () => initBlock(draw, moods)),
    norm: initLayerNorm(hidden),
    gate: { weight: normal(draw, [moods, hidden], 0.1), bias: filled([hidden], 1) },
    head: initLinear(draw, hidden, latentDim, 0.5),
  };
}

function identity(dim: number): Tensor {
  return tensor(
    [dim, dim],
    Float32Array.from({ length: dim * dim }, (_, i) => Number(i % (dim + 1) === 0)),
  );
}

function initBlock(draw: Random, moods: number): Block<Tensor> {
  return {
    norm: initLayerNorm(hidden),
    up: initLinear(draw, hidden, inner),
    mood: initLinear(draw, moods, inner),
    down: initLinear(draw, inner, hidden, 0.5),
  };
}

/**
 * The clean latent that a noisy one stands for, on average over what is still possible.
 * @param latents `[n, latentDim]`, x_t = (1 - t) noise + t clean. @param time `[n]`, 0 is noise, 1 is clean.
 * @param points `[n, 256]`, unit rows of the image space. @param styles `[n, styleCount]`, one-hot; the last column
 * stands for no condition: the point is then ignored. @param hidden `[n, concepts]`, in training: 1 where a concept is not
 * to be recalled.
 */
export function denoise(
  params: Denoiser,
  latents: DeviceArray,
  time: DeviceArray,
  points: DeviceArray,
  styles: DeviceArray,
  hidden?: DeviceArray,
): DeviceArray {
  const n = styles.shape[0]!;
  const free = styles.ref.slice([], [styleCount - 1, styleCount]);
  const given = points.mul(16).mul(free.mul(-1).add(1));
  const recalled = recall(params.memory, given.ref.mul(1 / 16), hidden).mul(codeScale);
  const angles = Array.from({ length: frequencies }, (_, k) => time.ref.reshape([n, 1]).mul(Math.PI * 2 ** (k - 1)));
  time.dispose();
  const waves = angles.flatMap((angle) => [np.cos(angle.ref), np.sin(angle)]);
  const mood = np.concatenate([styles, ...waves], 1);
  let y = linear(params.points, given)
    .add(linear(params.recalled, recalled))
    .add(linear(params.latents, linear(params.glimpse, latents)))
    .add(linear(params.mood, mood.ref));
  for (const { norm, up, mood: shift, down } of params.blocks) {
    const features = activations.silu(linear(up, layerNorm(norm, y.ref)).add(linear(shift, mood.ref)));
    y = y.add(linear(down, features));
  }
  const features = activations.silu(layerNorm(params.norm, y)).mul(linear(params.gate, mood));
  return linear(params.head, features);
}

function recall(params: Memory<DeviceArray>, points: DeviceArray, hidden?: DeviceArray): DeviceArray {
  const near = np.dot(np.dot(points, params.metric), np.transpose(params.keys)).mul(np.exp(params.sharpness));
  return np.dot(activations.softmax(hidden ? near.sub(hidden.mul(1e4)) : near, -1), params.codes);
}

/** Nearest to the end that a velocity is asked for: 1 / 32 of the way before it. */
const lastGap = 1 / 32;

/**
 * The velocity of rectified flow towards a guess of the clean latent, (x1 - x) / (1 - t): exact where only one picture
 * is possible. `steps` Euler steps from 0 to 1 end on the last guess itself.
 * @see Liu, Gong and Liu 2022, Flow Straight and Fast, arXiv:2209.03003; Lipman et al. 2022, arXiv:2210.02747.
 */
export function velocityOf(clean: DeviceArray, latents: DeviceArray, time: DeviceArray): DeviceArray {
  const gap = np.maximum(time.mul(-1).add(1), lastGap).reshape([-1, 1]);
  return clean.sub(latents).div(gap);
}
