import { CognateError, yieldTask, type CallOptions, type Embeddings, type Encoder, type Space } from '@cognate/core';
import { floatTensor, type Model, type Tensor, type Tensors, type TokenBatch } from '@cognate/runtime';
import { checkTexts } from './check-texts.ts';
import type { TextFamily } from './families/family.ts';

export interface TextEncoderSettings {
  readonly space: Space;
  /** The graph's output that is read. */
  readonly output: string;
  readonly prefix: string;
  readonly maxTokens: number;
}

/** Texts per run: more hardly gain speed and delay abort. */
const batchCount = 32;

/** Below this length a row has no direction: none of the words is known. */
const nothing = 1e-6;

/** An encoder on a loaded model, which it owns: releasing the encoder releases the model. */
export function textEncoder(model: Model, family: TextFamily, settings: TextEncoderSettings): Encoder<string> {
  const { space, output, prefix, maxTokens } = settings;
  const { dim } = space;
  const wanted = [output];
  let disposed = false;

  const encodeBatch = async (texts: readonly string[], signal: AbortSignal | undefined): Promise<Float32Array> => {
    const tokens = model.tokenizer!.encode(texts, { maxTokens, padding: family.padding });
    const outputs = await model.run(feedsFor(model, tokens), { outputs: wanted, signal });
    return family.rows(floatTensor(outputs, output)!, tokens);
  };

  return {
    space,
    async encode(inputs, { signal, onProgress }: CallOptions = {}): Promise<Embeddings> {
      if (disposed) throw new CognateError('disposed', `encode() was called on ${space.id} after it had been released`);
      signal?.throwIfAborted();
      const texts = checkTexts(inputs, maxTokens);
      // Neighbours in length share a batch, so that little padding is computed.
      const order = texts.map((_, i) => i).sort((a, b) => texts[a]!.length - texts[b]!.length);
      const data = new Float32Array(texts.length * dim);
      for (let start = 0; start < order.length; start += batchCount) {
        if (start > 0) {
          await yieldTask();
          signal?.throwIfAborted();
        }
        const batch = order.slice(start, start + batchCount);
        const rows = await encodeBatch(
          batch.map((i) => prefix + texts[i]!),
          signal,
        );
        batch.forEach((i, at) => unitRow(rows.subarray(at * dim, (at + 1) * dim), data, i, texts[i]!));
        onProgress?.({ phase: 'encode', done: Math.min(start + batchCount, texts.length), total: texts.length });
      }
      signal?.throwIfAborted();
      return { space, count: texts.length, data };
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      await model[Symbol.asyncDispose]();
    },
  };
}

/** Writes `row` at `index`, scaled to unit length. @throws {CognateError} when it has no direction or is no number. */
function unitRow(row: Float32Array, data: Float32Array, index: number, text: string): void {
  let sum = 0;
  for (const value of row) sum += value * value;
  const length = Math.sqrt(sum);
  const quoted = JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
  if (!Number.isFinite(length)) {
    throw new CognateError(
      'device-failed',
      `encode() got no usable numbers from the model for text ${index}, ${quoted}`,
    );
  }
  if (length < nothing) {
    throw new CognateError(
      'invalid-input',
      `encode() needs words that the model knows, text ${index} has none: ${quoted}`,
    );
  }
  for (let k = 0; k < row.length; k++) data[index * row.length + k] = row[k]! / length;
}

/** What the graph declares, made of the tokens: segments are all zero, and some graphs want 32-bit numbers. */
function feedsFor({ inputs }: Model, tokens: TokenBatch): Tensors {
  const feeds: Record<string, Tensor> = {};
  for (const { name, type } of inputs) {
    const tensor =
      name === 'input_ids'
        ? tokens.input_ids
        : name === 'attention_mask'
          ? tokens.attention_mask
          : name === 'token_type_ids'
            ? { ...tokens.input_ids, data: new BigInt64Array(tokens.input_ids.data.length) }
            : undefined;
    if (!tensor) continue;
    feeds[name] = type === 'int32' ? { type, dims: tensor.dims, data: Int32Array.from(tensor.data, Number) } : tensor;
  }
  return feeds;
}
