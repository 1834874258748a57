import { CognateError } from './errors.ts';

/** A named latent space. Two batches compare only when their `id`s agree. */
export interface Space {
  /** Names encoder and revision, e.g. `cognate-text@1`. */
  readonly id: string;
  readonly dim: number;
  /** True when every row has unit length. */
  readonly normalized: boolean;
}

/** `count` rows of `space.dim` float32, row-major. Plain data: crosses postMessage unchanged. */
export interface Embeddings {
  readonly space: Space;
  readonly count: number;
  /** `[count, dim]`. Shared, not copied, by functions that say so. */
  readonly data: Float32Array<ArrayBuffer>;
}

/**
 * Wraps `data` (kept, not copied) as rows of `space`.
 * @throws {CognateError} `shape-mismatch` when the length is no multiple of `dim`; `invalid-input` when a row holds
 * NaN or infinity.
 */
export function embeddings(space: Space, data: Float32Array<ArrayBuffer>): Embeddings {
  const count = data.length / space.dim;
  if (!Number.isInteger(count)) {
    throw new CognateError(
      'shape-mismatch',
      `embeddings() needs rows of ${space.dim} numbers for ${space.id}, got ${data.length} numbers`,
    );
  }
  const bad = data.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) {
    throw new CognateError(
      'invalid-input',
      `embeddings() needs finite numbers, got ${data[bad]} in row ${Math.floor(bad / space.dim)}`,
    );
  }
  return { space, count, data };
}

/** Row `index` as a view on the batch: no copy. */
export function row(batch: Embeddings, index: number): Float32Array<ArrayBuffer> {
  const { dim } = batch.space;
  return batch.data.subarray(index * dim, (index + 1) * dim);
}

/** The chosen rows, in the order given, copied. */
export function rows(batch: Embeddings, indices: ArrayLike<number>): Embeddings {
  const { dim } = batch.space;
  const data = new Float32Array(indices.length * dim);
  for (let i = 0; i < indices.length; i++) data.set(row(batch, indices[i]!), i * dim);
  return { space: batch.space, count: indices.length, data };
}

/** All rows of the batches, one after the other, copied. @throws {CognateError} `space-mismatch`. */
export function concat(batches: readonly [Embeddings, ...Embeddings[]]): Embeddings {
  const { space } = batches[0];
  const data = new Float32Array(batches.reduce((length, batch) => length + batch.data.length, 0));
  let offset = 0;
  for (const batch of batches) {
    requireSpace('concat()', batch.space, space);
    data.set(batch.data, offset);
    offset += batch.data.length;
  }
  return { space, count: data.length / space.dim, data };
}

/** A copy with rows of unit length; an all-zero row stays zero, since it has no direction. */
export function normalize(batch: Embeddings): Embeddings {
  const data = batch.data.slice();
  normalizeRows(data, batch.space.dim);
  return { space: { ...batch.space, normalized: true }, count: batch.count, data };
}

/** Scales each row of `[n, dim]` to unit length in place; all-zero rows stay zero. */
export function normalizeRows(data: Float32Array, dim: number): void {
  for (let start = 0; start < data.length; start += dim) {
    let sum = 0;
    for (let i = start; i < start + dim; i++) sum += data[i]! * data[i]!;
    const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
    for (let i = start; i < start + dim; i++) data[i]! *= scale;
  }
}

/** @throws {CognateError} `space-mismatch`, naming both spaces, unless the ids agree. */
export function requireSpace(call: string, got: Space, wanted: Space): void {
  if (got.id !== wanted.id || got.dim !== wanted.dim) {
    throw new CognateError(
      'space-mismatch',
      `${call} needs points of the space ${wanted.id} (${wanted.dim} numbers), got ${got.id} (${got.dim} numbers)`,
    );
  }
}
