import { toyImageGraph, toyTextGraph } from './toy-onnx.ts';
import type { VirtualFiles } from './virtual-files.ts';

/** What the toy text model knows; token i has row i. `odd` has an all-zero row, as unknown words in word2vec. */
export const toyWords = ['[PAD]', '[UNK]', 'sun', 'moon', 'star', 'rain', 'odd'] as const;
export const toyDim = 4;

/** Row of each word: distinct directions, none for padding, `[UNK]` and `odd`. */
export const toyTable = Float32Array.from([
  ...[0, 0, 0, 0],
  ...[0, 0, 0, 0],
  ...[2, 0, 0, 0],
  ...[0, 3, 0, 0],
  ...[0, 0, 1, 0],
  ...[1, 1, 1, 1],
  ...[0, 0, 0, 0],
]);

const tokenizer = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [0, 1].map((id) => ({ id, content: toyWords[id], special: true, normalized: false })),
  normalizer: { type: 'Lowercase' },
  pre_tokenizer: { type: 'WhitespaceSplit' },
  post_processor: null,
  decoder: null,
  model: { type: 'WordLevel', vocab: Object.fromEntries(toyWords.map((word, i) => [word, i])), unk_token: '[UNK]' },
};

const tokenizerConfig = {
  tokenizer_class: 'PreTrainedTokenizerFast',
  pad_token: '[PAD]',
  unk_token: '[UNK]',
  model_max_length: 16,
  clean_up_tokenization_spaces: false,
};

/** A text repository below `folder`, e.g. `/virtual/starter/models/toy/text`. */
export function toyTextRepository(folder: string, config: object = {}): VirtualFiles {
  return {
    [`${folder}/config.json`]: { body: { model_type: 'toy', ...config } },
    [`${folder}/tokenizer.json`]: { body: tokenizer },
    [`${folder}/tokenizer_config.json`]: { body: tokenizerConfig },
    [`${folder}/onnx/model.onnx`]: toyTextGraph(toyTable, toyDim),
  };
}

/** An image repository whose points are mean colours, `[red, green, blue]` from 0 to 1. */
export function toyImageRepository(folder: string, preprocessing: object = {}): VirtualFiles {
  const side = 8;
  const body = {
    image_processor_type: 'ViTImageProcessor',
    do_resize: true,
    size: { height: side, width: side },
    do_rescale: true,
    do_normalize: false,
    ...preprocessing,
  };
  return {
    [`${folder}/config.json`]: { body: { model_type: 'toy' } },
    [`${folder}/preprocessor_config.json`]: { body },
    [`${folder}/onnx/model.onnx`]: toyImageGraph(side),
  };
}
