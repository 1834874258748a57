import { random, type Random } from '@cognate/core';
import {
  activations,
  filled,
  initLayerNorm,
  initLinear,
  layerNorm,
  lax,
  linear,
  normal,
  np,
  patchify,
  type DeviceArray,
  type LayerNorm,
  type Linear,
  type Tensor,
} from '@cognate/nn';
import { pictureSize } from './frames.ts';

/** Positions along a side of the latent picture, and numbers at each. */
export const latentSide = 8;
export const latentChannels = 12;
/** Numbers of one latent picture. */
export const latentDim = latentSide * latentSide * latentChannels;

const coarse = 128;
const fine = 64;

/** Positions along a side before pixels are laid out, and pixels along a side of each. */
const fineSide = 2 * latentSide;
const fineCell = pictureSize / fineSide;

/** Colours of one picture, beside transparent. */
const paletteSize = 11;

/** Pixels along a side of a drawn picture. */
export const drawnSize = 2 * pictureSize;

/** How much farther apart logits are when a picture is drawn, and by how much the nearest ink is preferred. */
const sharpness = 8;
const dipping = 2000;

/** Mixes neighbours by 3x3 filters of each channel by itself, then channels by an MLP. */
type MixBlock<Leaf> = {
  depthwise: { weight: Leaf; bias: Leaf };
  norm: LayerNorm<Leaf>;
  up: Linear<Leaf>;
  down: Linear<Leaf>;
};

/** Picture -> latent; needed in training only. */
export type PictureEncoder<Leaf = DeviceArray> = {
  patches: Linear<Leaf>;
  blocks: MixBlock<Leaf>[];
  norm: LayerNorm<Leaf>;
  head: Linear<Leaf>;
};

/** Latent -> picture. */
export type PictureDecoder<Leaf = DeviceArray> = {
  latents: Linear<Leaf>;
  coarse: MixBlock<Leaf>[];
  split: Linear<Leaf>;
  fine: MixBlock<Leaf>[];
  norm: LayerNorm<Leaf>;
  /** Which colour of the palette each pixel has, as logits. */
  regions: Linear<Leaf>;
  /** What each position takes the palette's colours to be. */
  colours: Linear<Leaf>;
};

/** Both halves of the autoencoder. */
export type Codec<Leaf = DeviceArray> = { encoder: PictureEncoder<Leaf>; decoder: PictureDecoder<Leaf> };

export function initCodec(seed: number): Codec<Tensor> {
  const draw = random(seed);
  const patch = (pictureSize / latentSide) ** 2 * 4;
  return {
    encoder: {
      patches: initLinear(draw, patch, coarse),
      blocks: [initMixBlock(draw, coarse)],
      norm: initLayerNorm(coarse),
      head: initLinear(draw, coarse, latentChannels),
    },
    decoder: {
      latents: initLinear(draw, latentChannels, coarse),
      coarse: [initMixBlock(draw, coarse), initMixBlock(draw, coarse), initMixBlock(draw, coarse)],
      split: initLinear(draw, coarse, 4 * fine),
      fine: [initMixBlock(draw, fine), initMixBlock(draw, fine)],
      norm: initLayerNorm(fine),
      regions: initLinear(draw, fine, fineCell ** 2 * (paletteSize + 1)),
      colours: initLinear(draw, fine, 3 * paletteSize),
    },
  };
}

/**
 * `[n, 64, 64, 4]`, premultiplied, 0..1 -> `[n, latentDim]`. The numbers of one position have mean 0 and variance 1, so
 * that noise of a given strength means the same everywhere.
 */
export function encodePictures(params: PictureEncoder, pictures: DeviceArray): DeviceArray {
  const n = pictures.shape[0]!;
  let y = linear(params.patches, patchify(pictures.mul(2).sub(1), pictureSize / latentSide));
  for (const block of params.blocks) y = mixBlock(block, y);
  y = linear(params.head, layerNorm(params.norm, y));
  const centred = y.ref.sub(y.mean(-1, { keepdims: true }));
  const variance = np.square(centred.ref).mean(-1, { keepdims: true });
  return centred.div(np.sqrt(variance.add(1e-4))).reshape([n, latentDim]);
}

/**
 * `[n, latentDim]` -> `[n, 64, 64, 4]`, premultiplied, not yet clipped to 0..1: a little beyond lie pure black
 * and white.
 *
 * A picture is a palette and a map: every pixel is a mix of few colours, and each colour is the same wherever it is. Areas
 * come out even and edges sharp, as in a drawing, also where the latent is a guess.
 */
export function decodeLatents(params: PictureDecoder, latents: DeviceArray): DeviceArray {
  const { map, palette } = layers(params, latents);
  return fill(map, palette);
}

/**
 * As `decodeLatents()`, but with a clean line: each pixel is of one colour of the palette, and each of those is an ink of the
 * style. What is not sure becomes a shape with an edge, not a blur.
 * @param inks `[n, any, 3]`, 0..1. @returns `[n, 128, 128, 4]`, or, `small`, `[n, 64, 64, 4]` in a quarter of the time.
 */
export function drawLatents(
  params: PictureDecoder,
  latents: DeviceArray,
  inks: DeviceArray,
  { small = false }: { readonly small?: boolean } = {},
): DeviceArray {
  const { map, palette } = layers(params, latents);
  return fill((small ? map : enlarge(map)).mul(sharpness), dip(palette, inks));
}

/** Which colour each pixel has, as logits, `[n, 64, 64, paletteSize + 1]`, and the colours, `[n, paletteSize, 3]`. */
function layers(params: PictureDecoder, latents: DeviceArray): { map: DeviceArray; palette: DeviceArray } {
  const n = latents.shape[0]!;
  let y = linear(params.latents, latents.reshape([n, latentSide, latentSide, latentChannels]));
  for (const block of params.coarse) y = mixBlock(block, y);
  y = unpatchify(linear(params.split, y), 2);
  for (const block of params.fine) y = mixBlock(block, y);
  y = layerNorm(params.norm, y);

  const cells = fineSide ** 2;
  const colours = activations
    .sigmoid(linear(params.colours, y.ref))
    .mul(1.1)
    .sub(0.05)
    .reshape([n, cells, paletteSize, 3]);
  const regions = linear(params.regions, y);
  const shares = activations.softmax(regions.ref.reshape([n, cells, fineCell ** 2, paletteSize + 1]), -1);
  // A colour is the mean of what positions take it to be, weighed by how much of it they have.
  const weights = shares.slice([], [], [], [0, paletteSize]).mean(2).reshape([n, cells, paletteSize, 1]);
  const total = weights.ref.sum(1).add(1e-4);
  return { map: unpatchify(regions, fineCell), palette: colours.mul(weights).sum(1).div(total) };
}

/** Pixels of the palette's colours and of the last region, the one that nothing covers. */
function fill(map: DeviceArray, palette: DeviceArray): DeviceArray {
  const [n, h, w] = map.shape as [number, number, number];
  const shares = activations.softmax(map, -1).slice([], [], [], [0, paletteSize]);
  const opaque = palette.ref.slice([], [], [0, 1]).mul(0).add(1);
  const paints = np.concatenate([palette, opaque], 2);
  return np.matmul(shares.reshape([n, h * w, paletteSize]), paints).reshape([n, h, w, 4]);
}

/** Each colour becomes the ink that is nearest to it; gradients pass as if it had stayed as it was. */
function dip(palette: DeviceArray, inks: DeviceArray): DeviceArray {
  const found = lax.stopGradient(palette.ref);
  // Less the distance's square, but for what all inks have in common.
  const likeness = np.matmul(found.ref, np.transpose(inks.ref, [0, 2, 1])).mul(2);
  const size = np.square(inks.ref).sum(-1).reshape([inks.shape[0]!, 1, inks.shape[1]!]);
  // Nearly the nearest alone: a jump from one to the next would differ between devices.
  const chosen = activations.softmax(likeness.sub(size).mul(dipping), -1);
  return palette.add(np.matmul(chosen, inks).sub(found));
}

/** `[n, 64, 64, c]` -> `[n, 128, 128, c]`, between pixels by their distance. */
function enlarge(map: DeviceArray): DeviceArray {
  const stretch = (x: DeviceArray): DeviceArray => np.dot(x, np.array(stretching, { shape: [pictureSize, drawnSize] }));
  const wide = stretch(np.transpose(map, [0, 1, 3, 2])); // [n, y, c, x]
  return np.transpose(stretch(np.transpose(wide, [0, 3, 2, 1])), [0, 3, 1, 2]); // [n, x, c, y] before it is turned
}

/** `[64, 128]`: bilinear, the middles of pixels a half apart. */
const stretching = ((): Float32Array<ArrayBuffer> => {
  const matrix = new Float32Array(pictureSize * drawnSize);
  for (let to = 0; to < drawnSize; to++) {
    const place = Math.min(pictureSize - 1, Math.max(0, (to + 0.5) / 2 - 0.5));
    const from = Math.min(pictureSize - 2, Math.floor(place));
    matrix[from * drawnSize + to] = 1 - (place - from);
    matrix[(from + 1) * drawnSize + to] = place - from;
  }
  return matrix;
})();

/** `[n, h, w, side * side * c]` -> `[n, h * side, w * side, c]`: what `patchify` cut, laid out again. */
export function unpatchify(x: DeviceArray, side: number): DeviceArray {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const channels = c / side / side;
  const laid = np.transpose(x.reshape([n, h, w, side, side, channels]), [0, 1, 3, 2, 4, 5]);
  return laid.reshape([n, h * side, w * side, channels]);
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
  const inner = activations.silu(linear(params.up, layerNorm(params.norm, mixed.ref)));
  return mixed.add(linear(params.down, inner));
}

/** Nine shifted views, each scaled channel by channel; the engine fuses them into one kernel. */
function depthwise(params: MixBlock<DeviceArray>['depthwise'], x: DeviceArray): DeviceArray {
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
