import { toyOnnx } from './toy-onnx.ts';
import type { VirtualFiles } from './virtual-files.ts';

/** What the toy captioner writes: a text for each of the four axes of its space, in each language. */
export const toyTexts = {
  en: ['sun', 'naïve cat', '日本', '😸!'],
  de: ['Sonne', 'Kätzchen', 'ö', 'so'],
} as const;

export const toyCaptionSpace = { id: 'toy-text@1', dim: 4, normalized: true } as const;
const maxTokens = 16;
const [bos, eos] = [0, 1];
/** Two special tokens, then the bytes. */
const vocabulary = 258;
/** How sure the captioner is: what the right token has before all others, in nats. */
export const toyLead = 8;

/** GPT-2's printable character for each byte. */
const byteCharacters = (() => {
  const own = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(own(byte) ? byte : next++));
})();

const special = (id: number, content: string): object => ({
  id,
  content,
  special: true,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
});

const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false };
const byteTokenizer = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [special(bos, '<bos>'), special(eos, '<eos>')],
  normalizer: null,
  pre_tokenizer: byteLevel,
  post_processor: null,
  decoder: byteLevel,
  model: {
    type: 'BPE',
    dropout: null,
    unk_token: null,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: false,
    byte_fallback: false,
    vocab: Object.fromEntries(['<bos>', '<eos>', ...byteCharacters].map((token, id) => [token, id])),
    merges: [],
  },
};

/**
 * A captioner below `folder` that spells out `toyTexts`, a byte a token. What it says at each place depends on point,
 * language and how many tokens went before; its cache holds the tokens.
 */
export function toyCaptionerRepository(folder: string, config: object = {}): VirtualFiles {
  const own = { space: toyCaptionSpace, revision: 1, languages: Object.keys(toyTexts), bos, eos, maxTokens };
  return {
    [`${folder}/config.json`]: { body: { model_type: 'cognate-captioner', cognate: { ...own, ...config } } },
    [`${folder}/tokenizer.json`]: { body: byteTokenizer },
    [`${folder}/tokenizer_config.json`]: {
      body: {
        tokenizer_class: 'PreTrainedTokenizerFast',
        bos_token: '<bos>',
        eos_token: '<eos>',
        model_max_length: maxTokens,
        clean_up_tokenization_spaces: false,
      },
    },
    [`${folder}/onnx/model.onnx`]: toyCaptionGraph(),
  };
}

function toyCaptionGraph(): Uint8Array<ArrayBuffer> {
  const languages = Object.values(toyTexts);
  // [languages * places, axes, vocabulary]
  const table = new Float32Array(languages.length * maxTokens * 4 * vocabulary);
  languages.forEach((texts, language) =>
    texts.forEach((text, axis) => {
      const bytes = new TextEncoder().encode(text);
      for (let place = 0; place < maxTokens; place++) {
        const token = place < bytes.length ? bytes[place]! + 2 : eos;
        table[((language * maxTokens + place) * 4 + axis) * vocabulary + token] = toyLead;
      }
    }),
  );
  return toyOnnx({
    inputs: [
      { name: 'input_ids', type: 'int64', dims: ['batch', 'tokens'] },
      { name: 'position_ids', type: 'int64', dims: ['batch', 'tokens'] },
      { name: 'point', type: 'float32', dims: ['batch', 4] },
      { name: 'language', type: 'int64', dims: ['batch'] },
      { name: 'past_key_values.0.key', type: 'float32', dims: ['batch', 1, 'past', 1] },
    ],
    outputs: [
      { name: 'logits', type: 'float32', dims: ['batch', 'tokens', vocabulary] },
      { name: 'present.0.key', type: 'float32', dims: ['batch', 1, 'total', 1] },
    ],
    constants: [
      { name: 'table', dims: [languages.length * maxTokens, 4, vocabulary], data: table },
      { name: 'places', dims: [1], data: BigInt64Array.of(BigInt(maxTokens)) },
      { name: 'one', dims: [1], data: BigInt64Array.of(1n) },
      { name: 'two', dims: [1], data: BigInt64Array.of(2n) },
      { name: 'cell', dims: [2], data: BigInt64Array.of(1n, 3n) },
      { name: 'aside', dims: [2], data: BigInt64Array.of(1n, 3n) },
    ],
    nodes: [
      { op: 'Unsqueeze', inputs: ['language', 'one'], outputs: ['column'] },
      { op: 'Mul', inputs: ['column', 'places'], outputs: ['first'] },
      { op: 'Add', inputs: ['position_ids', 'first'], outputs: ['places_of'] },
      { op: 'Gather', inputs: ['table', 'places_of'], outputs: ['said'], attributes: { axis: 0 } },
      { op: 'Unsqueeze', inputs: ['point', 'aside'], outputs: ['weights'] },
      { op: 'Mul', inputs: ['said', 'weights'], outputs: ['weighted'] },
      { op: 'ReduceSum', inputs: ['weighted', 'two'], outputs: ['logits'], attributes: { keepdims: 0 } },
      { op: 'Cast', inputs: ['input_ids'], outputs: ['ids'], attributes: { to: 1 } },
      { op: 'Unsqueeze', inputs: ['ids', 'cell'], outputs: ['cells'] },
      { op: 'Concat', inputs: ['past_key_values.0.key', 'cells'], outputs: ['present.0.key'], attributes: { axis: 2 } },
    ],
  });
}

export const toyPaintSpace = { id: 'toy-image@1', dim: 3, normalized: true } as const;
export const toyPaintSize = 4;
const latent = 4 * toyPaintSize ** 2;
/** What each style adds to the sketch. */
export const toyStyles = { plain: 1, bold: 3 } as const;
/** By how much each style's pictures are brighter than those of the one before it. */
export const toyTint = 0.05;

/**
 * A painter below `folder`: the sketch is the point's three numbers, over red, green and blue + a constant for each style;
 * the goal is the point; the picture is 0.4 + latents / 10, and the tint of the style; and the direction is the goal, spread out like the point.
 */
export function toyPainterRepository(folder: string, config: object = {}): VirtualFiles {
  const own = { space: toyPaintSpace, revision: 1, styles: Object.keys(toyStyles), size: toyPaintSize, latent };
  const sampling = { steps: 8, rate: 0.5, noise: 1 };
  const area = toyPaintSize ** 2;
  const spread = new Float32Array(3 * latent);
  for (let i = 0; i < 3 * area; i++) spread[Math.floor(i / area) * latent + i] = 1;
  const levels = Object.values(toyStyles);
  const sketch = toyOnnx({
    inputs: [
      { name: 'points', type: 'float32', dims: ['batch', 3] },
      { name: 'styles', type: 'int64', dims: ['batch'] },
    ],
    outputs: [
      { name: 'latents', type: 'float32', dims: ['batch', latent] },
      { name: 'goals', type: 'float32', dims: ['batch', 3] },
    ],
    constants: [
      { name: 'spread', dims: [3, latent], data: spread },
      { name: 'levels', dims: [levels.length, 1], data: Float32Array.from(levels) },
      { name: 'zero', dims: [1], data: Float32Array.of(0) },
    ],
    nodes: [
      { op: 'MatMul', inputs: ['points', 'spread'], outputs: ['coloured'] },
      { op: 'Gather', inputs: ['levels', 'styles'], outputs: ['level'] },
      { op: 'Add', inputs: ['coloured', 'level'], outputs: ['latents'] },
      { op: 'Add', inputs: ['points', 'zero'], outputs: ['goals'] },
    ],
  });
  const canvas = toyOnnx({
    inputs: [
      { name: 'latents', type: 'float32', dims: [1, latent] },
      { name: 'goals', type: 'float32', dims: [1, 3] },
      { name: 'styles', type: 'int64', dims: [1] },
    ],
    outputs: [
      { name: 'pictures', type: 'float32', dims: [1, 4, toyPaintSize, toyPaintSize] },
      { name: 'direction', type: 'float32', dims: [1, latent] },
    ],
    constants: [
      { name: 'tenth', dims: [1], data: Float32Array.of(0.1) },
      { name: 'middle', dims: [levels.length, 1], data: Float32Array.from(levels, (_, i) => 0.4 + toyTint * i) },
      { name: 'shape', dims: [4], data: BigInt64Array.of(1n, 4n, BigInt(toyPaintSize), BigInt(toyPaintSize)) },
      { name: 'spread', dims: [3, latent], data: spread },
    ],
    nodes: [
      { op: 'Mul', inputs: ['latents', 'tenth'], outputs: ['scaled'] },
      { op: 'Gather', inputs: ['middle', 'styles'], outputs: ['tint'] },
      { op: 'Add', inputs: ['scaled', 'tint'], outputs: ['levels'] },
      { op: 'Reshape', inputs: ['levels', 'shape'], outputs: ['pictures'] },
      { op: 'MatMul', inputs: ['goals', 'spread'], outputs: ['direction'] },
    ],
  });
  return {
    [`${folder}/config.json`]: { body: { model_type: 'cognate-painter', cognate: { ...own, ...sampling, ...config } } },
    [`${folder}/onnx/sketch.onnx`]: sketch,
    [`${folder}/onnx/canvas.onnx`]: canvas,
  };
}
