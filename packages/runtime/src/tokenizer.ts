import { AutoTokenizer } from '@huggingface/transformers';
import { CognateError } from '@cognate/core';
import type { Repository } from './repository.ts';
import { routed } from './router.ts';
import type { Tensor } from './tensor.ts';

/** Text -> token numbers and back, as the model's own repository defines it. */
export interface Tokenizer {
  /** Longest sequence that the model was made for, special tokens included; Infinity when nobody says. */
  readonly maxTokens: number;
  /**
   * Pads to the longest text of the batch, or to `maxTokens` with `padding: 'max'`.
   * @returns `input_ids` and `attention_mask`, `[texts.length, tokens]`.
   */
  encode(
    texts: readonly string[],
    options: { readonly maxTokens: number; readonly padding?: 'longest' | 'max' },
  ): TokenBatch;
  /** The text of tokens, special ones left out. Bytes that are no whole character become U+FFFD. */
  decode(tokens: readonly number[]): string;
}

export interface TokenBatch {
  readonly input_ids: Extract<Tensor, { type: 'int64' }>;
  readonly attention_mask: Extract<Tensor, { type: 'int64' }>;
}

/** Fetched at once; transformers.js would ask for them one after the other. */
const tokenizerFiles = ['tokenizer.json', 'tokenizer_config.json'];

/** @throws {CognateError} `file-format` when transformers.js cannot make a tokenizer of the files. */
export async function loadTokenizer({ reference, bytes }: Repository): Promise<Tokenizer> {
  await Promise.all(tokenizerFiles.map(bytes));
  const tokenizer = await routed(bytes, (id) => AutoTokenizer.from_pretrained(id)).catch((cause: unknown) => {
    if (cause instanceof CognateError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CognateError('file-format', `loadModel() cannot use the tokenizer of ${reference.model}: ${why}`, {
      cause,
    });
  });
  const limit = Number(tokenizer.model_max_length);
  return {
    // Repositories write 1e30 for "nobody knows".
    maxTokens: limit > 0 && limit < 1e6 ? limit : Infinity,
    encode(texts, { maxTokens, padding = 'longest' }) {
      const batch = tokenizer([...texts], {
        padding: padding === 'max' ? 'max_length' : true,
        truncation: true,
        max_length: maxTokens,
        return_tensor: false,
      }) as { input_ids: number[][]; attention_mask: number[][] };
      return { input_ids: int64(batch.input_ids), attention_mask: int64(batch.attention_mask) };
    },
    decode: (tokens) =>
      tokens.length === 0
        ? ''
        : tokenizer.decode([...tokens], { skip_special_tokens: true, clean_up_tokenization_spaces: false }),
  };
}

function int64(rows: readonly (readonly number[])[]): Extract<Tensor, { type: 'int64' }> {
  const length = rows[0]?.length ?? 0;
  const data = new BigInt64Array(rows.length * length);
  rows.forEach((row, i) => row.forEach((value, j) => (data[i * length + j] = BigInt(value))));
  return { type: 'int64', dims: [rows.length, length], data };
}
