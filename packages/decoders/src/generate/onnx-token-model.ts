import { CognateError } from '@cognate/core';
import { floatTensor, type Session, type Tensor, type Tensors } from '@cognate/runtime';
import type { Step, TokenModel } from './token-model.ts';

/** Keys and values of all tokens so far, of every layer, and how many tokens that is. */
export interface KeyValueCache {
  readonly rows: number;
  readonly length: number;
  /** Named as the graph's inputs; `[rows, heads, length, dim]`. */
  readonly past: Tensors;
  /** What each row is about, the same at every step; `[rows, ...]`. */
  readonly constants: Tensors;
}

export interface OnnxTokenModelSettings {
  readonly ends: readonly number[];
  readonly maxTokens: number;
}

export interface PromptOptions {
  /** Further inputs of the graph, `[rows, ...]` each: every row reads the prompt with its own. One row without them. */
  readonly constants?: Tensors | undefined;
  readonly signal?: AbortSignal | undefined;
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
  /** Reads a whole prompt. @throws {CognateError} `invalid-input` for an empty one. */
  prompt(tokens: readonly number[], options?: PromptOptions): Promise<Step<KeyValueCache>>;
} {
  const asked = new Set(session.inputs.map(({ name }) => name));
  const caches = session.inputs.filter(({ name }) => name.startsWith(pastPrefix));
  const vocabulary = Number(session.outputs.find(({ name }) => name === 'logits')?.dims.at(-1));
  if (!Number.isInteger(vocabulary) || caches.length === 0) {
    throw new CognateError('file-format', 'onnxTokenModel() needs a decoder graph with logits and a key-value cache');
  }

  const empty = (rows: number): Tensors =>
    Object.fromEntries(
      caches.map(({ name, dims }): [string, Tensor] => {
        const [, heads, , dim] = dims.map(Number);
        return [name, { type: 'float32', dims: [rows, heads!, 0, dim!], data: new Float32Array() }];
      }),
    );

  const run = async (
    { rows, length, past, constants }: KeyValueCache,
    tokens: readonly number[],
    signal: AbortSignal | undefined,
  ): Promise<Step<KeyValueCache>> => {
    const width = tokens.length / rows;
    const input_ids = int64([rows, width], (at) => tokens[at]!);
    const feeds: Record<string, Tensor> = { ...constants, ...past, input_ids };
    if (asked.has('attention_mask')) feeds['attention_mask'] = int64([rows, length + width], () => 1);
    if (asked.has('position_ids')) feeds['position_ids'] = int64([rows, width], (at) => length + (at % width));
    const results = await session.run(feeds, { signal });
    const all = floatTensor(results, 'logits')!.data;
    const logits = width === 1 ? all : lastOfEach(all, rows, vocabulary);
    const next = caches.map(({ name }): [string, Tensor] => [name, results[name.replace(pastPrefix, presentPrefix)]!]);
    return { logits, state: { rows, length: length + width, past: Object.fromEntries(next), constants } };
  };

  return {
    vocabulary,
    ends,
    maxTokens,
    step: (state, tokens, { signal } = {}) => run(state, tokens, signal),
    async prompt(tokens, { constants = {}, signal } = {}) {
      if (tokens.length === 0) throw new CognateError('invalid-input', 'prompt() needs at least one token, got none');
      const rows = Object.values(constants)[0]?.dims[0] ?? 1;
      const all = Array.from({ length: rows }, () => tokens).flat();
      return run({ rows, length: 0, past: empty(rows), constants }, all, signal);
    },
    select(state, rows) {
      if (rows.length === state.rows && rows.every((row, i) => row === i)) return state;
      const { length, past, constants } = state;
      return { rows: rows.length, length, past: chosen(past, rows), constants: chosen(constants, rows) };
    },
  };
}

/** Of a prompt, only what follows its last token is asked for. `[rows, width, vocabulary]` -> `[rows, vocabulary]`. */
function lastOfEach(all: Float32Array, rows: number, vocabulary: number): Float32Array {
  const out = new Float32Array(rows * vocabulary);
  for (let row = 0; row < rows; row++) {
    const end = ((row + 1) * all.length) / rows;
    out.set(all.subarray(end - vocabulary, end), row * vocabulary);
  }
  return out;
}

function int64([rows, cols]: readonly [number, number], valueAt: (index: number) => number): Tensor {
  const data = new BigInt64Array(rows * cols);
  for (let at = 0; at < data.length; at++) data[at] = BigInt(valueAt(at));
  return { type: 'int64', dims: [rows, cols], data };
}

/** Rows along the first axis of each tensor, copied. */
function chosen(tensors: Tensors, rows: readonly number[]): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { type, dims, data }]) => {
      const size = data.length / dims[0]!;
      const Buffer = data.constructor as new (length: number) => typeof data;
      const out = new Buffer(rows.length * size);
      rows.forEach((row, i) => out.set(data.subarray(row * size, (row + 1) * size) as never, i * size));
      return [name, { type, dims: [rows.length, ...dims.slice(1)], data: out } as Tensor];
    }),
  );
}
