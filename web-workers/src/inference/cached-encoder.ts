import { isCognateError, type CallOptions, type Embeddings, type Encoder, type Picture } from '@cognate/core';
import { digest, pack } from '../storage/pack.ts';
import type { RowCache } from '../storage/row-cache.ts';
import { contentKey } from './content-key.ts';

/** Rows that are computed, and kept, between two looks at the signal. */
const sliceCount = 256;

/** Few, since each may hold the pixels of a photograph. */
const digestsAtOnce = 16;

/**
 * Encodes what the cache does not know, and keeps it. Known rows come back as they were first computed, to the bit.
 * @param model of `modelKey()`.
 */
export async function encodeCached<Input extends string | Picture>(
  encoder: Encoder<Input>,
  cache: RowCache,
  model: string,
  inputs: readonly Input[],
  { signal, onProgress }: CallOptions = {},
): Promise<Embeddings> {
  const { space } = encoder;
  const { dim } = space;
  const total = inputs.length;
  const keys: (string | undefined)[] = [];
  for (let start = 0; start < total; start += digestsAtOnce) {
    const some = inputs.slice(start, start + digestsAtOnce);
    // Without a secure context there are no digests: everything is encoded.
    keys.push(...(await Promise.all(some.map((input) => contentKey(input).catch(() => undefined)))));
    signal?.throwIfAborted();
  }
  const data = new Float32Array(total * dim);
  const known = await cache.fill(model, keys, dim, data);
  signal?.throwIfAborted();

  const places = placesOf(keys, known);
  let done = total - places.reduce((sum, each) => sum + each.length, 0);
  if (done > 0) onProgress?.({ phase: 'encode', done, total });
  for (let start = 0; start < places.length; start += sliceCount) {
    const slice = places.slice(start, start + sliceCount);
    const rows = await encoded(
      encoder,
      inputs,
      slice.map(([first]) => first!),
      { signal, onProgress: (p) => onProgress?.(p.phase === 'encode' ? { ...p, done: done + p.done, total } : p) },
    );
    slice.forEach((each, i) => {
      for (const place of each) data.set(rows.data.subarray(i * dim, (i + 1) * dim), place * dim);
    });
    done += slice.reduce((sum, each) => sum + each.length, 0);
    onProgress?.({ phase: 'encode', done, total });
    if (slice.every(([first]) => keys[first!] !== undefined)) {
      await cache.keep(
        model,
        slice.map(([first]) => keys[first!]!),
        rows.data,
      );
    }
    signal?.throwIfAborted();
  }
  return { space, count: total, data };
}

/** Names all that rows depend on besides the sample: which model, its weights and how samples are prepared for it. */
export async function modelKey(choice: unknown, encoder: Encoder<string | Picture>): Promise<string> {
  return digest(pack({ version: 1, choice, space: encoder.space, sample: await fingerprint(encoder) }));
}

/** What the model makes of a sample, roughly: other weights or another preparation under the same name show in it. */
async function fingerprint(encoder: Encoder<string | Picture>): Promise<string> {
  const gradient = new ImageData(32, 32);
  gradient.data.forEach((_, i) => (gradient.data[i] = i % 4 === 3 ? 255 : (7 * i) % 251));
  for (const sample of [gradient, 'one word of water, sun and king']) {
    try {
      const { data } = await encoder.encode([sample]);
      return Array.from(data, (x) => Math.round(100 * x)).join();
    } catch (error) {
      // Of the other kind, or of no word that it knows.
      if (!isCognateError(error) || error.code !== 'invalid-input') throw error;
    }
  }
  return '';
}

/** Where each different sample that is not known belongs, in order of appearance. */
function placesOf(keys: readonly (string | undefined)[], known: readonly boolean[]): number[][] {
  const places = new Map<string | number, number[]>();
  keys.forEach((key, i) => {
    if (known[i]) return;
    const same = places.get(key ?? i);
    if (same) same.push(i);
    else places.set(key ?? i, [i]);
  });
  return [...places.values()];
}

async function encoded<Input>(
  encoder: Encoder<Input>,
  inputs: readonly Input[],
  indices: readonly number[],
  options: CallOptions,
): Promise<Embeddings> {
  try {
    return await encoder.encode(
      indices.map((i) => inputs[i]!),
      options,
    );
  } catch (error) {
    // The message counts inputs: it should count them as the caller does.
    if (isCognateError(error) && error.code === 'invalid-input' && indices.length < inputs.length) {
      await encoder.encode(inputs, options);
    }
    throw error;
  }
}
