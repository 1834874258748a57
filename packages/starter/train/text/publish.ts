import { toHalf, writeSafetensors, type Embeddings } from '@cognate/core';
import type { RecipeHost } from '../data/recipe-host.ts';
import { textGraph, type TextWeights } from './text-graph.ts';
import { textDim } from './text-model.ts';
import { tokenizerConfig, tokenizerJson, type Tokenizer } from './tokenizer.ts';

/** Names and revision of the shipped space; a new revision whenever points move. */
export const textSpace = { id: 'cognate-text@1', dim: textDim, normalized: true } as const;

/** Folder of the shipped model, in Hugging Face layout. */
export const textModelFolder = 'packages/starter/models/cognate/text';

/** Longest text, in characters; the rest is cut. */
const maxTokens = 512;

/** Writes model and tokenizer into the repository; resolves to the bytes of the graph. */
export async function publishModel(host: RecipeHost, weights: TextWeights, tokenizer: Tokenizer): Promise<number> {
  const graph = await textGraph(weights, 'int8');
  const config = {
    model_type: 'cognate-text',
    max_position_embeddings: maxTokens,
    'transformers.js_config': { dtype: 'fp32' },
    cognate: { space: textSpace, revision: 1 },
  };
  await host.publish(`${textModelFolder}/onnx/model.onnx`, graph);
  await host.publish(`${textModelFolder}/config.json`, json(config));
  await host.publish(`${textModelFolder}/tokenizer.json`, json(tokenizerJson(tokenizer)));
  await host.publish(`${textModelFolder}/tokenizer_config.json`, json(tokenizerConfig(maxTokens)));
  return graph.length;
}

/** A bank: points in half precision with what they are points of. */
export function bankFile(points: Embeddings, items: readonly string[]): Uint8Array<ArrayBuffer> {
  const rows = { dtype: 'F16', shape: [points.count, points.space.dim], data: toHalf(points.data) } as const;
  return writeSafetensors([['rows', rows]], { space: JSON.stringify(points.space), items: JSON.stringify(items) });
}

function json(value: object): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${JSON.stringify(value)}\n`);
}
