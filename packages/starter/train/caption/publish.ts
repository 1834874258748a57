import type { RecipeHost } from '../data/recipe-host.ts';
import { textSpace } from '../text/publish.ts';
import { bosId, eosId, tokenizerConfig, tokenizerJson, type Bpe } from './bpe.ts';
import { captionGraph, type CaptionWeights } from './caption-graph.ts';

/** Folder of the shipped model, in Hugging Face layout. */
export const captionerFolder = 'packages/starter/models/cognate/captioner';

/** What a cycle score is worth: the chance that a text says what its point means, logistic(slope x score + offset). */
export interface CycleTrust {
  readonly slope: number;
  readonly offset: number;
}

export interface PublishedCaptioner {
  readonly weights: CaptionWeights;
  readonly bpe: Bpe;
  readonly languages: readonly string[];
  readonly maxTokens: number;
  readonly trust?: CycleTrust | undefined;
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
