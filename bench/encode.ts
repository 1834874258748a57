/**
 * What an Encoder costs over the least code that does the same: a bare onnxruntime-web loop over the same file, with the
 * same tokenizer or preprocessing, the same batch size and the same engine, in the same page. 0.05 means 5 % more time.
 */
import { PreTrainedTokenizer } from '@huggingface/transformers';
import * as ort from 'onnxruntime-web/webgpu';
import { random, type Encoder, type Picture } from '@cognate/core';
import { loadImageEncoder, preprocess } from '@cognate/image-encoders';
import { loadTextEncoder } from '@cognate/text-encoders';
import type { Row } from './lib/row.ts';

const baseUrl = new URL('/dist/', location.href).href;
const count = 256;
const rounds = 11;

interface Bare<Input> {
  readonly run: (inputs: readonly Input[]) => Promise<Float32Array>;
  readonly release: () => Promise<void>;
}

export async function run(): Promise<Row[]> {
  return [
    await compare('encode-text.overhead', texts(), await loadTextEncoder('cognate/text', { baseUrl }), bareText),
    await compare('encode-image.overhead', pictures(), await loadImageEncoder('cognate/image', { baseUrl }), bareImage),
  ];
}

/** Both take turns within a round, and who goes first alternates; the median of the rounds' ratios forgives a busy machine. */
async function compare<Input extends Picture | string>(
  id: string,
  inputs: readonly Input[],
  encoder: Encoder<Input>,
  load: () => Promise<Bare<Input>>,
): Promise<Row> {
  const bare = await load();
  const [ours, theirs] = [await encoder.encode(inputs), await bare.run(inputs)];
  const difference = ours.data.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i]!)), 0);
  if (!(difference < 1e-3)) throw new Error(`${id}: both loops must agree, but they differ by ${difference}`);
  const times: { readonly ours: number; readonly bare: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const first = round % 2 ? await seconds(() => bare.run(inputs)) : undefined;
    const own = await seconds(() => encoder.encode(inputs));
    times.push({ ours: own, bare: first ?? (await seconds(() => bare.run(inputs))) });
  }
  const [a, b] = [median(times.map((each) => each.ours)), median(times.map((each) => each.bare))];
  const ratio = median(times.map((each) => each.ours / each.bare));
  await encoder[Symbol.asyncDispose]();
  await bare.release();
  const note = `${(1000 * a).toFixed(1)} ms, bare loop ${(1000 * b).toFixed(1)} ms, ${ort.env.wasm.numThreads} threads`;
  return { id, value: ratio - 1, unit: 'fraction', n: inputs.length, note };
}

async function bareText(): Promise<Bare<string>> {
  const folder = `${baseUrl}starter/models/cognate/text/`;
  const tokenizer = new PreTrainedTokenizer(
    await json<object>(`${folder}tokenizer.json`),
    await json<object>(`${folder}tokenizer_config.json`),
  );
  const session = await bareSession(folder);
  return {
    release: () => session.release(),
    async run(inputs) {
      const rows: Float32Array[] = [];
      for (let start = 0; start < inputs.length; start += 32) {
        const batch = inputs.slice(start, start + 32);
        const { input_ids, attention_mask } = tokenizer([...batch], {
          padding: true,
          truncation: true,
          max_length: 512,
        });
        const outputs = await session.run({
          input_ids: new ort.Tensor('int64', input_ids.data as BigInt64Array, input_ids.dims),
          attention_mask: new ort.Tensor('int64', attention_mask.data as BigInt64Array, attention_mask.dims),
        });
        rows.push(outputs['sentence_embedding']!.data as Float32Array);
      }
      return joined(rows);
    },
  };
}

async function bareImage(): Promise<Bare<Picture>> {
  const folder = `${baseUrl}starter/models/cognate/image/`;
  const config = await json<Preprocessing>(`${folder}preprocessor_config.json`);
  const size = config.size.height;
  const options = { size, mean: config.image_mean, std: config.image_std };
  const session = await bareSession(folder);
  const input = session.inputNames[0]!;
  return {
    release: () => session.release(),
    async run(inputs) {
      const rows: Float32Array[] = [];
      for (let start = 0; start < inputs.length; start += 16) {
        const batch = inputs.slice(start, start + 16) as ImageData[];
        const data = new Float32Array(batch.length * 3 * size * size);
        batch.forEach((pixels, i) => data.set(preprocess(pixels, options), i * 3 * size * size));
        const outputs = await session.run({ [input]: new ort.Tensor('float32', data, [batch.length, 3, size, size]) });
        rows.push(outputs['image_embeds']!.data as Float32Array);
      }
      return joined(rows);
    },
  };
}

async function bareSession(folder: string): Promise<ort.InferenceSession> {
  const response = await fetch(`${folder}onnx/model.onnx`);
  return ort.InferenceSession.create(new Uint8Array(await response.arrayBuffer()), { executionProviders: ['wasm'] });
}

interface Preprocessing {
  readonly size: { readonly height: number };
  readonly image_mean: [number, number, number];
  readonly image_std: [number, number, number];
}

const json = async <Content>(url: string): Promise<Content> => (await fetch(url)).json() as Promise<Content>;

/** Names of three to eight syllables, about as long as those of emoji. */
function texts(): string[] {
  const chance = random(1);
  const syllables = [
    'ka',
    'mor',
    'li',
    'sun',
    'ter',
    'é',
    'wa',
    'grün',
    'do',
    'pi',
    ' ',
    'the ',
    'со',
    'ба',
    '猫',
    'a',
  ];
  return Array.from({ length: count }, () =>
    Array.from({ length: 3 + chance.below(6) }, () => syllables[chance.below(syllables.length)]!).join(''),
  ).map((text) => text.trim() || 'sun');
}

/** Squares of one colour on another, 72 pixels wide. */
function pictures(): ImageData[] {
  const chance = random(2);
  return Array.from({ length: count }, () => {
    const picture = new ImageData(72, 72);
    const [ink, paper, edge] = [chance.below(0xffffff), chance.below(0xffffff), 8 + chance.below(24)];
    const words = new Uint32Array(picture.data.buffer);
    words.forEach((_, i) => {
      const inside = [i % 72, Math.floor(i / 72)].every((at) => at >= edge && at < 72 - edge);
      words[i] = (inside ? ink : paper) | 0xff000000;
    });
    return picture;
  });
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
