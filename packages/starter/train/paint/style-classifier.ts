import { random, type Random } from '@cognate/core';
import {
  activations,
  batches,
  compile,
  conv3x3,
  globalAveragePool,
  initConv3x3,
  initLayerNorm,
  initLinear,
  layerNorm,
  linear,
  patchify,
  release,
  startEngine,
  tensor,
  toDevice,
  trainer,
  type Conv3x3,
  type DeviceArray,
  type LayerNorm,
  type Linear,
  type Tensor,
} from '@cognate/nn';
import { mirrorPicture, pictureSize } from './frames.ts';
import { pictureLength } from './gallery.ts';
import { normals } from './noise.ts';

/** Tells drawing styles apart. */
export interface StyleClassifier {
  /** The likeliest style of each picture, by index. */
  classify(pictures: readonly Uint8Array[]): Promise<readonly number[]>;
}

type Network<Leaf = DeviceArray> = {
  pixels: Linear<Leaf>;
  colours: Linear<Leaf>;
  norms: LayerNorm<Leaf>[];
  fine: Conv3x3<Leaf>;
  widen: Linear<Leaf>;
  coarse: Conv3x3<Leaf>;
  head: Linear<Leaf>;
};
type Batch<Leaf = DeviceArray> = { pictures: Leaf; labels: Leaf };

const batch = 64;
const steps = 500;
const [pixel, fine, coarse] = [64, 32, 64];

function initNetwork(draw: Random, styles: number): Network<Tensor> {
  return {
    pixels: initLinear(draw, 16, pixel),
    colours: initLinear(draw, pixel, fine),
    norms: [initLayerNorm(fine), initLayerNorm(coarse), initLayerNorm(coarse)],
    fine: initConv3x3(draw, fine, fine),
    widen: initLinear(draw, 4 * fine, coarse),
    coarse: initConv3x3(draw, coarse, coarse),
    head: initLinear(draw, coarse, styles, 0.3),
  };
}

/** `[n, 64, 64, 4]`, premultiplied, 0..1 -> `[n, styles]`, logits. */
function tellStyles(params: Network, pictures: DeviceArray): DeviceArray {
  const { silu } = activations;
  const [n, side] = [pictures.shape[0]!, pictureSize / 2];
  // Means of 2 x 2: the finest grain says more of the painter than of the style.
  const small = pictures.reshape([n, side, 2, side, 2, 4]).mean([2, 4]);
  let y = linear(params.colours, silu(linear(params.pixels, patchify(small.mul(4).sub(2), 2))));
  y = y.ref.add(silu(conv3x3(params.fine, layerNorm(params.norms[0]!, y))));
  y = linear(params.widen, patchify(y, 2));
  y = y.ref.add(silu(conv3x3(params.coarse, layerNorm(params.norms[1]!, y))));
  return linear(params.head, layerNorm(params.norms[2]!, globalAveragePool(silu(y))));
}

/**
 * A small convolutional network, trained on real pictures, most of them mirrored, blurred or grainy: what is left of a
 * style then is what it goes by.
 * @param pictures premultiplied RGBA, 0..255, `[64, 64, 4]` each. @param labels index of each one's style.
 */
export async function trainStyleClassifier(
  pictures: readonly Uint8Array[],
  labels: readonly number[],
  styles: number,
): Promise<StyleClassifier> {
  await startEngine();
  const draw = random(1);
  const pack = (rows: readonly Uint8Array[]): Tensor => {
    const data = new Float32Array(batch * pictureLength);
    rows.forEach((row, i) => {
      for (let k = 0; k < pictureLength; k++) data[i * pictureLength + k] = row[k]! / 255;
    });
    return tensor([batch, pictureSize, pictureSize, 4], data);
  };
  using training = trainer<Network<Tensor>, Batch, Record<string, never>>({
    params: initNetwork(draw, styles),
    optimizer: { weightDecay: 0.1 },
    emaDecay: 0.98,
    loss: (params, { pictures: shown, labels: hot }) => {
      const logits = tellStyles(params, shown);
      const right = logits.ref.mul(hot).sum(-1);
      return activations.logsumexp(logits, -1).sub(right).mean();
    },
  });
  const order = batches(pictures.length, batch, 1);
  for (let step = 0; step < steps; step++) {
    const chosen = [...order.next()];
    const hot = new Float32Array(batch * styles);
    chosen.forEach((index, i) => (hot[i * styles + labels[index]!] = 1));
    const shown = pack(chosen.map((index) => roughened(pictures[index]!, draw)));
    await training.update({ pictures: shown, labels: tensor([batch, styles], hot) }, 0.004 * (1 - step / steps));
  }
  const weights = await training.weights();

  return {
    async classify(asked) {
      using predict = compile<Network>(tellStyles);
      const device = toDevice<Network<Tensor>>(weights);
      const found: number[] = [];
      for (let start = 0; start < asked.length; start += batch) {
        const part = asked.slice(start, start + batch);
        const { data } = await predict(device, pack(part));
        part.forEach((_, i) => {
          const own = data.subarray(i * styles, (i + 1) * styles) as Float32Array;
          found.push(own.indexOf(Math.max(...own)));
        });
      }
      release(device);
      return found;
    },
  };
}

/** A picture as it is or mirrored, often blurred and grainy. */
function roughened(picture: Uint8Array, draw: Random): Uint8Array {
  let out = draw.next() < 0.5 ? mirrorPicture(picture) : picture;
  for (let passes = draw.below(3); passes > 0; passes--) out = blurred(out);
  return draw.next() < 0.4 ? out : grainy(out, 16 * draw.next(), draw);
}

/** Each number mixed with those of the four pixels around it. */
function blurred(picture: Uint8Array): Uint8Array {
  const row = 4 * pictureSize;
  const out = picture.slice();
  for (let i = row; i < picture.length - row; i++) {
    const around = picture[i - 4]! + picture[i + 4]! + picture[i - row]! + picture[i + row]!;
    out[i] = Math.round(0.5 * picture[i]! + 0.125 * around);
  }
  return out;
}

/** Normal noise where something is drawn. */
function grainy(picture: Uint8Array, strength: number, draw: Random): Uint8Array {
  const noise = normals(draw, picture.length);
  const out = picture.slice();
  for (let i = 0; i < picture.length; i++) {
    const alpha = picture[i | 3]!;
    if (i % 4 === 3 || alpha === 0) continue;
    out[i] = Math.round(Math.min(alpha, Math.max(0, picture[i]! + (strength * noise[i]! * alpha) / 255)));
  }
  return out;
}
