import type { Random } from '@cognate/core';
import {
  causalBlock,
  filled,
  initCausalBlock,
  initLayerNorm,
  initLinear,
  layerNorm,
  linear,
  normal,
  np,
  squaredRelu,
  type CausalBlock,
  type DeviceArray,
  type LayerNorm,
  type Linear,
  type Tensor,
} from '@cognate/nn';
import { textDim } from '../text/text-model.ts';

/** Sizes of a captioner. */
export interface CaptionShape {
  readonly languages: number;
  /** Length of a row of the token table. */
  readonly dim: number;
  readonly heads: number;
  readonly layers: number;
  /** Inside the blocks. */
  readonly hidden: number;
  /** Inside the condition, which is computed once for a text. */
  readonly conditionHidden: number;
  /** Longest text, with the token that ends it. */
  readonly maxTokens: number;
}

/** Point and language -> one vector for each layer. */
export type Condition<Leaf = DeviceArray> = {
  point: Linear<Leaf>;
  /** `[languages, conditionHidden]`. */
  languages: Leaf;
  out: Linear<Leaf>;
};

/** All but the table of tokens, which serves both ends. */
export type CaptionModel<Leaf = DeviceArray> = {
  condition: Condition<Leaf>;
  /** `[maxTokens, dim]`. */
  positions: Leaf;
  blocks: CausalBlock<Leaf>[];
  norm: LayerNorm<Leaf>;
};

export function initCaptionModel(random: Random, shape: CaptionShape): CaptionModel<Tensor> {
  const { languages, dim, layers, hidden, conditionHidden, maxTokens } = shape;
  return {
    condition: {
      point: initLinear(random, textDim, conditionHidden),
      languages: normal(random, [languages, conditionHidden], 0.5),
      out: { weight: normal(random, [conditionHidden, layers * dim], 0.7 / Math.sqrt(conditionHidden)), bias: filled([layers * dim], 0) }, // prettier-ignore
    },
    positions: normal(random, [maxTokens, dim], 0.5),
    blocks: Array.from({ length: layers }, () => initCausalBlock(random, dim, hidden)),
    norm: initLayerNorm(dim),
  };
}

/** Rows of points `[n, 256]` and one-hot languages `[n, languages]` -> `[n, layers * dim]`. */
export function condition(params: Condition, points: DeviceArray, languages: DeviceArray): DeviceArray {
  const spread = points.mul(Math.sqrt(textDim)); // unit variance in each place
  const hidden = squaredRelu(linear(params.point, spread).add(np.dot(languages, params.languages)));
  return linear(params.out, hidden);
}

/**
 * What the captioner makes of the first tokens of each text; times the table of tokens, it says which token comes next.
 * @param rows `[n, tokens, dim]`, of the table. @returns `[n, tokens, dim]`.
 */
export function captionStates(
  params: CaptionModel,
  inputs: { readonly points: DeviceArray; readonly languages: DeviceArray; readonly rows: DeviceArray },
  heads: number,
): DeviceArray {
  const [n, tokens, dim] = inputs.rows.shape as [number, number, number];
  const conditions = condition(params.condition, inputs.points, inputs.languages);
  let x = inputs.rows.mul(Math.sqrt(dim)).add(params.positions.slice([0, tokens]));
  params.blocks.forEach((block, layer) => {
    x = x.add(conditions.ref.slice([], [layer * dim, (layer + 1) * dim]).reshape([n, 1, dim]));
    x = causalBlock(block, x, heads);
  });
  conditions.dispose();
  return layerNorm(params.norm, x);
}
