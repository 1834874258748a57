import type { Random } from '@cognate/core';
import { initMlp, l2Normalize, mlp, normal, np, type DeviceArray, type Mlp, type Tensor } from '@cognate/nn';

/** What follows the embedding table: a straight way and a bent one, added. */
export type Head<Leaf = DeviceArray> = { skip: Leaf; mlp: Mlp<Leaf> };

/** Numbers of a point of the text space. */
export const textDim = 256;

export function initHead(random: Random, dim: number, hidden: number): Head<Tensor> {
  return {
    skip: normal(random, [dim, textDim], 1 / Math.sqrt(dim)),
    mlp: initMlp(random, dim, hidden, textDim, 0.3),
  };
}

/** Mean rows of bags `[n, dim]` -> points `[n, 256]`, unit rows. */
export function head(params: Head, means: DeviceArray): DeviceArray {
  const dim = means.shape[1]!;
  const x = l2Normalize(means).mul(Math.sqrt(dim)); // [n, dim]: the length of a text must not matter
  return l2Normalize(np.dot(x.ref, params.skip).add(mlp(params.mlp, x)));
}
