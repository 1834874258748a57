import {
  CognateError,
  yieldTask,
  type CallOptions,
  type Embeddings,
  type Encoder,
  type Picture,
  type Space,
} from '@cognate/core';
import { floatTensor, type Model, type Pixels, type Tensor } from '@cognate/runtime';
import type { ImageFamily } from './families/family.ts';
import { readPicture } from './read-picture.ts';

/** What the graph eats of one picture: `[channels, height, width]`. */
export interface Prepared {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

export type Prepare = (picture: Pixels) => Promise<Prepared> | Prepared;

export interface ImageEncoderSettings {
  readonly space: Space;
  /** The graph's output that is read. */
  readonly output: string;
  /** The graph's input for pixels. */
  readonly input: string;
  readonly prepare: Prepare;
}

/** Pictures per run: more hardly gain speed, take memory and delay abort. */
const batchCount = 16;

/** An encoder on a loaded model, which it owns: releasing the encoder releases the model. */
export function imageEncoder(model: Model, family: ImageFamily, settings: ImageEncoderSettings): Encoder<Picture> {
  const { space, output, input, prepare } = settings;
  const { dim } = space;
  const wanted = [output];
  let disposed = false;
  return {
    space,
    async encode(inputs, { signal, onProgress }: CallOptions = {}): Promise<Embeddings> {
      if (disposed) throw new CognateError('disposed', `encode() was called on ${space.id} after it had been released`);
      signal?.throwIfAborted();
      const data = new Float32Array(inputs.length * dim);
      for (let start = 0; start < inputs.length; start += batchCount) {
        if (start > 0) {
          await yieldTask();
          signal?.throwIfAborted();
        }
        const batch = inputs.slice(start, start + batchCount);
        const prepared: Prepared[] = [];
        // One after the other: the pixels of a single photograph may take a hundred megabytes until they are reduced.
        for (const [i, picture] of batch.entries()) prepared.push(await prepare(await readPicture(picture, start + i)));
        const outputs = await model.run({ [input]: stack(prepared) }, { outputs: wanted, signal });
        const rows = family.rows(floatTensor(outputs, output)!);
        for (let i = 0; i < batch.length; i++) unitRow(rows.subarray(i * dim, (i + 1) * dim), data, start + i);
        onProgress?.({ phase: 'encode', done: start + batch.length, total: inputs.length });
      }
      signal?.throwIfAborted();
      return { space, count: inputs.length, data };
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      await model[Symbol.asyncDispose]();
    },
  };
}

/** `[pictures, channels, height, width]`. @throws {CognateError} `file-format` when the sizes differ. */
function stack(pictures: readonly Prepared[]): Tensor {
  const { dims, data } = pictures[0]!;
  const out = new Float32Array(pictures.length * data.length);
  pictures.forEach((each, i) => {
    if (String(each.dims) !== String(dims)) {
      const message = `encode() needs a model that sees all pictures at one size, this one has ${dims.join(' x ')} and ${each.dims.join(' x ')}`;
      throw new CognateError('file-format', message);
    }
    out.set(each.data, i * data.length);
  });
  return { type: 'float32', dims: [pictures.length, ...dims], data: out };
}

/** Writes `row` at `index`, scaled to unit length; a picture without any feature (all zero) has no place in the space. */
function unitRow(row: Float32Array, data: Float32Array, index: number): void {
  let sum = 0;
  for (const value of row) sum += value * value;
  const length = Math.sqrt(sum);
  if (!Number.isFinite(length)) {
    throw new CognateError('device-failed', `encode() got no usable numbers from the model for picture ${index}`);
  }
  if (length === 0)
    throw new CognateError('invalid-input', `encode() found nothing that the model knows in picture ${index}`);
  for (let k = 0; k < row.length; k++) data[index * row.length + k] = row[k]! / length;
}
