import { random, type Random } from '@cognate/core';
import {
  activations,
  conv3x3,
  filled,
  initConv3x3,
  initLayerNorm,
  initLinear,
  l2Normalize,
  layerNorm,
  linear,
  normal,
  np,
  patchify,
  type Conv3x3,
  type DeviceArray,
  type LayerNorm,
  type Linear,
  type Tensor,
} from '@cognate/nn';

/** A 3x3 filter for each channel by itself: `weight` is `[9, dim]`. */
type Depthwise<Leaf> = { weight: Leaf; bias: Leaf };
/** x + conv(silu(conv(norm(x)))). */
type ConvBlock<Leaf> = { norm: LayerNorm<Leaf>; first: Conv3x3<Leaf>; second: Conv3x3<Leaf> };
/** Mixes neighbours by depthwise filters, then channels by an MLP. */
type MixBlock<Leaf> = { depthwise: Depthwise<Leaf>; norm: LayerNorm<Leaf>; up: Linear<Leaf>; down: Linear<Leaf> };

/** The image encoder: picture -> unit row of 256. */
export type ImageModel<Leaf = DeviceArray> = {
  stem: Conv3x3<Leaf>;
  stemNorm: LayerNorm<Leaf>;
  narrow: Linear<Leaf>;
  convolutions: ConvBlock<Leaf>[];
  coarseNorm: LayerNorm<Leaf>;
  widen: Linear<Leaf>;
  coarse: MixBlock<Leaf>[];
  poolNorm: LayerNorm<Leaf>;
  head: Linear<Leaf>;
};

/** Sizes of the model that ships. */
export interface ImageModelSizes {
  /** Channels at half, quarter and eighth resolution, and of the output. */
  readonly stem: number;
  readonly fine: number;
  readonly coarse: number;
  readonly output: number;
  readonly convBlocks: number;
  readonly coarseBlocks: number;
}

export const shippedSizes: ImageModelSizes = {
  stem: 32,
  fine: 64,
  coarse: 192,
  output: 256,
  convBlocks: 1,
  coarseBlocks: 3,
};

export function initImageModel(seed: number, sizes: ImageModelSizes = shippedSizes): ImageModel<Tensor> {
  const draw = random(seed);
  const { stem, fine, coarse, output } = sizes;
  return {
    stem: initConv3x3(draw, 12, stem),
    stemNorm: initLayerNorm(stem),
    narrow: initLinear(draw, 4 * stem, fine),
    convolutions: Array.from({ length: sizes.convBlocks }, () => initConvBlock(draw, fine)),
    coarseNorm: initLayerNorm(4 * fine),
    widen: initLinear(draw, 4 * fine, coarse),
    coarse: Array.from({ length: sizes.coarseBlocks }, () => initMixBlock(draw, coarse)),
    poolNorm: initLayerNorm(4 * coarse),
    head: initLinear(draw, 4 * coarse, output),
  };
}

/**
 * `[n, s, s, 3]`, channels last, s a multiple of 8 -> `[n, 256]`, unit rows. Any such size works with the same weights.
 * Three resolutions, s/2, s/4 and s/8; the last is averaged over each quarter of the picture, so that left and right,
 * up and down are kept apart: arrows and flags differ in nothing else.
 */
export function encodeImages(params: ImageModel, x: DeviceArray): DeviceArray {
  let y = silu(layerNorm(params.stemNorm, conv3x3(params.stem, patchify(x, 2))));
  y = linear(params.narrow, patchify(y, 2));
  for (const block of params.convolutions) y = convBlock(block, y);
  y = linear(params.widen, layerNorm(params.coarseNorm, patchify(y, 2)));
  for (const block of params.coarse) y = mixBlock(block, y);
  return l2Normalize(linear(params.head, layerNorm(params.poolNorm, poolQuarters(y))));
}

/** Means of the four quarters, `[n, s, s, c]` -> `[n, 4 * c]`; quarters share the middle line of an odd side. */
function poolQuarters(y: DeviceArray): DeviceArray {
  const [n, side, , c] = y.shape as [number, number, number, number];
  if (side % 2 === 0) {
    const half = side / 2;
    return y
      .reshape([n, 2, half, 2, half, c])
      .mean([2, 4])
      .reshape([n, 4 * c]);
  }
  const share = (i: number, far: boolean): number => {
    const from = far ? i + 1 - side / 2 : side / 2 - i;
    return Math.min(1, Math.max(0, from)) / (side / 2);
  };
  const quarters = [0, 1, 2, 3].map((quarter) => {
    const mask = Float32Array.from({ length: side * side }, (_, at) => {
      return share(Math.floor(at / side), quarter > 1) * share(at % side, quarter % 2 === 1);
    });
    return y.ref.mul(np.array(mask, { shape: [1, side, side, 1] })).sum([1, 2]);
  });
  y.dispose();
  return np.concatenate(quarters, 1);
}

/** x times its logistic function: half the time of GELU in this engine, and as good here. */
function silu(x: DeviceArray): DeviceArray {
  return activations.silu(x);
}

function initConvBlock(draw: Random, dim: number): ConvBlock<Tensor> {
  const second = initConv3x3(draw, dim, dim);
  const weight = { ...second.weight, data: second.weight.data.map((v) => v * 0.3) as Float32Array<ArrayBuffer> };
  return { norm: initLayerNorm(dim), first: initConv3x3(draw, dim, dim), second: { ...second, weight } };
}

function convBlock(params: ConvBlock<DeviceArray>, x: DeviceArray): DeviceArray {
  const inner = conv3x3(params.first, layerNorm(params.norm, x.ref));
  return x.add(conv3x3(params.second, silu(inner)));
}

function initMixBlock(draw: Random, dim: number): MixBlock<Tensor> {
  return {
    depthwise: { weight: normal(draw, [9, dim], 0.15), bias: filled([dim], 0) },
    norm: initLayerNorm(dim),
    up: initLinear(draw, dim, 2 * dim),
    down: initLinear(draw, 2 * dim, dim, 0.3),
  };
}

function mixBlock(params: MixBlock<DeviceArray>, x: DeviceArray): DeviceArray {
  const mixed = x.ref.add(depthwise(params.depthwise, x));
  return mixed.ref.add(linear(params.down, silu(linear(params.up, layerNorm(params.norm, mixed)))));
}

/** Nine shifted views, each scaled channel by channel; the engine fuses them into one kernel. */
function depthwise(params: Depthwise<DeviceArray>, x: DeviceArray): DeviceArray {
  const [, h, w] = x.shape as [number, number, number, number];
  const padded = np.pad(x, [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ]);
  let sum = params.bias;
  for (let k = 0; k < 9; k++) {
    const [dy, dx] = [Math.floor(k / 3), k % 3];
    const view = padded.ref.slice([], [dy, dy + h], [dx, dx + w], []);
    sum = sum.add(view.mul(params.weight.ref.slice(k)));
  }
  padded.dispose();
  params.weight.dispose();
  return sum;
}
