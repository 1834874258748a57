import { random } from '@cognate/core';
import {
  crossEntropy,
  filled,
  infoNce,
  initLinear,
  l2Normalize,
  linear,
  normal,
  np,
  tensor,
  type DeviceArray,
  type Linear,
  type Tensor,
} from '@cognate/nn';
import { encodeImages, initImageModel, type ImageModel } from './model.ts';

/** The encoder and what only training needs. */
export type Trained<Leaf = DeviceArray> = {
  model: ImageModel<Leaf>;
  /** One unit row for each training concept, `[concepts, 256]`: what all of its pictures are drawn to. */
  proxies: Leaf;
  subgroups: Linear<Leaf>;
  logScale: Leaf;
};

/** One batch on the device: `views` pictures of each of n / views concepts, one after the other. */
export type Batch<Leaf = DeviceArray> = {
  /** `[n, s, s, 3]`, normalised. */
  pixels: Leaf;
  /** `[n]` int32, index of the training concept. */
  concepts: Leaf;
  /** `[n]` int32, Unicode subgroup. */
  subgroups: Leaf;
  /** `[n, n]`, 1 for another picture of the same concept. */
  positives: Leaf;
  /** `[n, n]`, 0 on the diagonal. */
  candidates: Leaf;
};

/** Inverse temperature of the proxies; a learned one runs away where every training picture can be told apart. */
const proxyScale = 18;

export function initTrained(seed: number, concepts: number, subgroups: number): Trained<Tensor> {
  const model = initImageModel(seed);
  const dim = model.head.bias.shape[0]!;
  const draw = random(seed + 1);
  return {
    model,
    proxies: normal(draw, [concepts, dim], 1 / Math.sqrt(dim)),
    subgroups: initLinear(draw, dim, subgroups),
    logScale: filled([], Math.log(10)),
  };
}

/**
 * Pictures of one concept come together: by supervised contrast among the batch (Khosla et al. 2020,
 * arXiv:2004.11362) and by cosine cross-entropy against a learned proxy of every training concept (Movshovitz-Attias et
 * al. 2017, arXiv:1703.07464), which compares each picture with all concepts and not only with those of the batch.
 * Cross-entropy on Unicode subgroups, a weak label, keeps related concepts near.
 */
export function objective(params: Trained, batch: Batch): DeviceArray {
  const z = encodeImages(params.model, batch.pixels);
  const contrast = infoNce(z.ref, z.ref, params.logScale, {
    positives: batch.positives,
    candidates: batch.candidates,
  });
  const cosines = np.dot(z.ref, np.transpose(l2Normalize(params.proxies)));
  const proxy = crossEntropy(cosines.mul(proxyScale), batch.concepts, 0.05);
  const weak = crossEntropy(linear(params.subgroups, z.mul(8)), batch.subgroups);
  return contrast.add(proxy).add(weak.mul(0.3));
}

/** Masks for pictures that lie `views` by `views`. */
export function viewMasks(count: number, views: number): { positives: Tensor; candidates: Tensor } {
  const positives = new Float32Array(count * count);
  const candidates = new Float32Array(count * count).fill(1);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      if (i === j) candidates[i * count + j] = 0;
      else if (Math.floor(i / views) === Math.floor(j / views)) positives[i * count + j] = 1;
    }
  }
  return { positives: tensor([count, count], positives), candidates: tensor([count, count], candidates) };
}
