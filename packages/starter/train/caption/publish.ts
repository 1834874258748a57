import { random } from '@cognate/core';
import type { CycleCalibration } from '@cognate/decoders';
import { filled, readWeights } from '@cognate/nn';
import type { RecipeHost } from '../data/recipe-host.ts';
import { textSpace } from '../text/publish.ts';
import { bosId, eosId, readTokenizer, tokenizerConfig, tokenizerJson, type Bpe } from './bpe.ts';
import { captionGraph, type CaptionWeights } from './caption-graph.ts';
import { initCaptionModel, type CaptionShape } from './model.ts';
import type { CaptionStart } from './training.ts';

/** Folder of the shipped model, in Hugging Face layout. */
export const captionerFolder = 'packages/starter/models/cognate/captioner';

export interface PublishedCaptioner {
  readonly weights: CaptionWeights;
  readonly bpe: Bpe;
  readonly languages: readonly string[];
  readonly maxTokens: number;
  /** What its cycle scores are worth. */
  readonly trust?: CycleCalibration | undefined;
}

/** The weights of the shipped captioner as float32, to be trained further. */
export async function loadCaptionWeights(
  shape: CaptionShape & { readonly heads: number },
  vocabulary: number,
): Promise<CaptionStart> {
  const { languages, heads, dim } = shape;
  const file = new Uint8Array(await (await shipped('onnx/model.onnx')).arrayBuffer());
  const like: CaptionStart = { model: initCaptionModel(random(1), shape), table: filled([vocabulary, dim], 0) };
  const tokensOf = Array.from({ length: languages }, () => new Set<number>());
  return readWeights(file, like, async (params, weights) => captionGraph({ ...params, heads, tokensOf }, weights));
}

/** The tokens of the shipped captioner. */
export async function loadShippedTokens(): Promise<Bpe> {
  return readTokenizer((await (await shipped('tokenizer.json')).json()) as object);
}

async function shipped(path: string): Promise<Response> {
  const response = await fetch(`/${captionerFolder}/${path}`);
  if (!response.ok) throw new Error(`${path} of the shipped captioner answered ${response.status}`);
  return response;
}

/** Writes model and tokenizer into the repository; resolves to the bytes of the graph. */
export async function publishCaptioner(
  host: Pick<RecipeHost, 'publish'>,
  { weights, bpe, languages, maxTokens, trust }: PublishedCaptioner,
): Promise<number> {
  const graph = captionGraph(weights, 'int8');
  const config = {
    model_type: 'cognate-captioner',
    'transformers.js_config': { dtype: 'fp32' },
    cognate: {
      space: textSpace,
      revision: 1,
      languages,
      bos: bosId,
      eos: eosId,
      maxTokens,
      ...(trust ? { trust } : {}),
    },
  };
  await host.publish(`${captionerFolder}/onnx/model.onnx`, graph);
  await host.publish(`${captionerFolder}/config.json`, json(config));
  await host.publish(`${captionerFolder}/tokenizer.json`, json(tokenizerJson(bpe)));
  await host.publish(`${captionerFolder}/tokenizer_config.json`, json(tokenizerConfig(maxTokens)));
  return graph.length;
}

function json(value: object): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${JSON.stringify(value)}\n`);
}
