import { CognateError } from '@cognate/core';
import { floatTensor, type Session, type Tensor, type Tensors } from '@cognate/runtime';
import type { Step, TokenModel } from './token-model.ts';

/** Keys and values of all tokens so far, of every layer, and how many tokens that is. */
export interface KeyValueCache {
  readonly rows: number;
  readonly length: number;
  /** Named as the graph's inputs; `[rows, heads, length, dim]`. */
  readonly past: Tensors;
}

export interface OnnxTokenModelSettings {
  readonly ends: readonly number[];
  readonly maxTokens: number;
}

const pastPrefix = 'past_key_values';
const presentPrefix = 'present';

/**
 * A decoder graph with a key-value cache, as transformers.js and optimum export them: `input_ids`, where it asks for them
 * `attention_mask` and `position_ids`, and `past_key_values.*` in; `logits` and `present.*` out. The session stays the
 * caller's.
 */
export function onnxTokenModel(
  session: Session,
  { ends, maxTokens }: OnnxTokenModelSettings,
): TokenModel<KeyValueCache> & {
  /** Reads a whole prompt, one row. @throws {CognateError} `invalid-input` for an empty one. */
  prompt(
    tokens: readonly number[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<Step<KeyValueCache>>;
} {
  const asked = new Set(session.inputs.map(({ name }) => name));
  const caches = session.inputs.filter(({ name }) => name.startsWith(pastPrefix));
  const vocabulary = Number(session.outputs.find(({ name }) => name === 'logits')?.dims.at(-1));
  if (!Number.isInteger(vocabulary) || caches.length === 0) {
    throw new CognateError('file-format', 'onnxTokenModel() needs a decoder graph with logits and a key-value cache');
  }
  const empty: Tensors = Object.fromEntries(
    caches.map(({ name, dims }): [string, Tensor] => {
      const [, heads, , dim] = dims.map(Number);
      return [name, { type: 'float32', dims: [1, heads!, 0, dim!], data: new Float32Array() }];
    }),
  );

  const run = async (
    { rows, length, past }: KeyValueCache,
    tokens: readonly number[],
    signal: AbortSignal | undefined,
  ): Promise<Step<KeyValueCache>> => {
    const width = tokens.length / rows;
    const feeds: Record<string, Tensor> = { ...past, input_ids: int64([rows, width], (at) => tokens[at]!) };
    if (asked.has('attention_mask')) feeds['attention_mask'] = int64([rows, length + width], () => 1);
    if (asked.has('position_ids')) feeds['position_ids'] = int64([rows, width], (at) => length + (at % width));
    const results = await session.run(feeds, { signal });
    const all = floatTensor(results, 'logits')!.data;
    // Of a prompt, only what follows its last token is asked for.
    const logits = new Float32Array(rows * vocabulary);
    for (let row = 0; row < rows; row++) {
      const end = (row + 1) * width * vocabulary;
      logits.set(all.subarray(end - vocabulary, end), row * vocabulary);
    }
    const next = caches.map(({ name }): [string, Tensor] => [name, results[name.replace(pastPrefix, presentPrefix)]!]);
    return { logits, state: { rows, length: length + width, past: Object.fromEntries(next) } };
  };

  return {
    vocabulary,
    ends,
    maxTokens,
    step: (state, tokens, { signal } = {}) => run(state, tokens, signal),
    async prompt(tokens, { signal } = {}) {
      if (tokens.length === 0) throw new CognateError('invalid-input', 'prompt() needs at least one token, got none');
      return run({ rows: 1, length: 0, past: empty }, tokens, signal);
    },
    select(state, rows) {
      if (rows.length === state.rows && rows.every((row, i) => row === i)) return state;
      const past = Object.entries(state.past).map(([name, tensor]): [string, Tensor] => [name, chosen(tensor, rows)]);
      return { rows: rows.length, length: state.length, past: Object.fromEntries(past) };
    },
  };
}

function int64([rows, cols]: readonly [number, number], valueAt: (index: number) => number): Tensor {
  const data = new BigInt64Array(rows * cols);
  for (let at = 0; at < data.length; at++) data[at] = BigInt(valueAt(at));
  return { type: 'int64', dims: [rows, cols], data };
}

/** Rows along the first axis, copied. */
function chosen(tensor: Tensor, rows: readonly number[]): Tensor {
  if (tensor.type !== 'float32') return tensor;
  const size = tensor.data.length / tensor.dims[0]!;
  const data = new Float32Array(rows.length * size);
  rows.forEach((row, i) => data.set(tensor.data.subarray(row * size, (row + 1) * size), i * size));
  return { type: 'float32', dims: [rows.length, ...tensor.dims.slice(1)], data };
}
