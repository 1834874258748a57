/**
 * What a caption costs, from a point to a text, greedily and as pages have it, by consensus; and what the captioner adds to
 * the least code that writes the same greedily: a bare onnxruntime-web loop over the same graph with its cache, in the same
 * page. 0.05 means 5 % more time.
 */
import { PreTrainedTokenizer } from '@huggingface/transformers';
import * as ort from 'onnxruntime-web/webgpu';
import { concat, type Embeddings } from '@cognate/core';
import {
  captionConsensus,
  captionOrigins,
  captionSharpness,
  decodeHybrid,
  loadCaptioner,
  memory,
  type Captioner,
  type WrittenText,
} from '@cognate/decoders';
import { loadTextEncoder } from '@cognate/text-encoders';
import { compareLoops, fetchSession, readJson, storedPoints, timeLoop, timeOnGpu } from './lib/decoders.ts';
import type { Row } from './lib/row.ts';

/** A caption is to be there after so many milliseconds, on two cores. */
const goal = 150;
const count = 24;

/** Names that are known. */
const knownCount = 1900;

export async function run(): Promise<Row[]> {
  const baseUrl = new URL('/dist/', location.href).href;
  const folder = `${baseUrl}starter/models/cognate/captioner/`;
  const bank = `${baseUrl}starter/banks/text-en.safetensors`;
  const points = await storedPoints(bank, count);
  const captioner = await loadCaptioner({ model: 'cognate/captioner', device: 'wasm' }, { baseUrl });
  const languageOf = (i: number): string => captioner.languages[i % captioner.languages.length]!;
  const write = async (by: Captioner, i: number): Promise<Written> =>
    (await by.decode(points[i]!, { language: languageOf(i) }))[0]!;
  const bare = await bareCaptioner(folder, captioner.languages);
  for (const [i] of points.entries()) {
    const [ours, theirs] = [await write(captioner, i), await bare(points[i]!.data, languageOf(i))];
    if (ours.text !== theirs.text || Math.abs(ours.logProbability - theirs.logProbability) > 1e-3) {
      throw new Error(`caption: both loops must agree, got ${JSON.stringify(ours)} and ${JSON.stringify(theirs)}`);
    }
  }
  const times = await compareLoops(
    points.length,
    (i) => write(captioner, i),
    (i) => bare(points[i]!.data, languageOf(i)),
  );
  const known = concat((await storedPoints(bank, knownCount)) as [Embeddings, ...Embeddings[]]);
  const agreeing = await timeConsensus(captioner, points, known, languageOf, baseUrl);
  await captioner[Symbol.asyncDispose]();
  const note = `greedy; bare loop ${times.bare.toFixed(1)} ms; to stay under ${goal}; ${ort.env.wasm.numThreads} threads`;
  return [
    { id: 'caption.ms', value: times.ours, unit: 'ms', baseline: times.bare, n: count, note },
    {
      id: 'caption.overhead',
      value: times.overhead,
      unit: 'fraction',
      baseline: 0.1,
      n: count,
      note: 'over the bare loop',
    },
    {
      id: 'caption.consensus.ms',
      value: agreeing,
      unit: 'ms',
      n: count,
      note: `of ${captionOrigins.length} candidates, encoded again; to stay under ${goal}`,
    },
    ...(await timeOnGpu('caption.webgpu.ms', count, async () => {
      const by = await loadCaptioner({ model: 'cognate/captioner', device: 'webgpu' }, { baseUrl });
      return { run: (i: number) => write(by, i), release: () => by[Symbol.asyncDispose]() };
    })),
  ];
}

/** Milliseconds for a caption of one point. */
async function timeConsensus(
  captioner: Captioner,
  points: readonly Embeddings[],
  known: Embeddings,
  languageOf: (i: number) => string,
  baseUrl: string,
): Promise<number> {
  await using encoder = await loadTextEncoder({ model: 'cognate/text', device: 'wasm' }, { baseUrl });
  const names = memory(known, { sharpness: captionSharpness });
  return await timeLoop(points.length, (i) =>
    decodeHybrid(
      points[i]!,
      {
        decode: (rows, seed, options) => captioner.decode(rows, { ...options, language: languageOf(i), seed }),
        cycle: { encode: (written) => encoder.encode(written.map(({ text }) => text)) },
        memory: names,
        origins: captionOrigins,
        keyOf: ({ text }) => text,
        consensus: captionConsensus({ aligned: true }),
      },
      { candidates: captionOrigins.length },
    ),
  );
}

type Written = Pick<WrittenText, 'text' | 'logProbability'>;

interface CaptionerConfig {
  readonly cognate: { readonly bos: number; readonly eos: number; readonly maxTokens: number };
}

/** Greedy decoding of one row, with the probability of what is written, and nothing else. */
async function bareCaptioner(
  folder: string,
  languages: readonly string[],
): Promise<(point: Float32Array, language: string) => Promise<Written>> {
  const session = await fetchSession(`${folder}onnx/model.onnx`);
  const tokenizer = new PreTrainedTokenizer(
    await readJson<object>(`${folder}tokenizer.json`),
    await readJson<object>(`${folder}tokenizer_config.json`),
  );
  const { bos, eos, maxTokens } = (await readJson<CaptionerConfig>(`${folder}config.json`)).cognate;
  const caches = session.inputMetadata.filter(({ name }) => name.startsWith('past_key_values'));
  return async (point, language) => {
    const feeds: Record<string, ort.Tensor> = {
      point: new ort.Tensor('float32', point, [1, point.length]),
      language: new ort.Tensor('int64', BigInt64Array.of(BigInt(languages.indexOf(language))), [1]),
    };
    for (const cache of caches) {
      const [, heads, , dim] = (cache as unknown as { shape: readonly number[] }).shape;
      feeds[cache.name] = new ort.Tensor('float32', new Float32Array(), [1, heads!, 0, dim!]);
    }
    const tokens: number[] = [];
    let [last, logProbability] = [bos, 0];
    for (let at = 0; at < maxTokens; at++) {
      feeds['input_ids'] = new ort.Tensor('int64', BigInt64Array.of(BigInt(last)), [1, 1]);
      feeds['position_ids'] = new ort.Tensor('int64', BigInt64Array.of(BigInt(at)), [1, 1]);
      const results = await session.run(feeds);
      const logits = results['logits']!.data as Float32Array;
      last = 0;
      for (let i = 1; i < logits.length; i++) if (logits[i]! > logits[last]!) last = i;
      let sum = 0;
      for (let i = 0; i < logits.length; i++) sum += Math.exp(logits[i]! - logits[last]!);
      logProbability -= Math.log(sum);
      if (last === eos) break;
      tokens.push(last);
      for (const { name } of caches) feeds[name] = results[name.replace('past_key_values', 'present')]!;
    }
    const text = tokenizer.decode(tokens, { skip_special_tokens: true, clean_up_tokenization_spaces: false });
    return { text, logProbability };
  };
}
