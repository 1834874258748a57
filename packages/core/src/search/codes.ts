import type { Breathe } from '../breather.ts';
import { CognateError } from '../errors.ts';

/** Rows as one byte a number, and how far that is from the truth: row j is about `centre + scales[j] * codes[j]`. */
export interface Codes {
  /** `[count, stride]`, -127 to 127; zeros beyond `dim`. */
  readonly codes: Int8Array<ArrayBuffer>;
  /** `[count]`. */
  readonly scales: Float32Array<ArrayBuffer>;
  /** `[count]`: length of what the code leaves out of the row, rounded up. */
  readonly errors: Float32Array<ArrayBuffer>;
  /** `[dim]`: mean of the rows. Embeddings tend to lie in a narrow cone, and what they share needs no code. */
  readonly centre: Float64Array<ArrayBuffer>;
  /** Length of the longest coded part, `scales[j] * codes[j]`, rounded up. */
  readonly reach: number;
}

/**
 * Codes rows of `dim` finite numbers.
 * @param codes zeros, `[at least count, stride]`; filled and kept.
 * @param onRow hears how many rows are done.
 */
export async function encodeRows(
  rows: Float32Array,
  dim: number,
  codes: Int8Array<ArrayBuffer>,
  stride: number,
  breathe: Breathe,
  onRow?: (done: number) => void,
): Promise<Codes> {
  const count = rows.length / dim;
  const centre = await mean(rows, dim, breathe);
  const scales = new Float32Array(count);
  const errors = new Float32Array(count);
  let reach = 0;
  for (let j = 0; j < count; j++) {
    const at = j * dim;
    let largest = 0;
    for (let i = 0; i < dim; i++) largest = Math.max(largest, Math.abs(rows[at + i]! - centre[i]!));
    const scale = Math.fround(largest / 127);
    // A row so near to the centre that float32 has no room for its scale is all error.
    const inverse = scale > 1e-30 ? 1 / scale : 0;
    let left = 0;
    let coded = 0;
    for (let i = 0; i < dim; i++) {
      const z = rows[at + i]! - centre[i]!;
      const code = Math.floor(z * inverse + 0.5);
      codes[j * stride + i] = code;
      left += (z - scale * code) ** 2;
      coded += code * code;
    }
    scales[j] = scale;
    errors[j] = Math.sqrt(left) * roundUp;
    reach = Math.max(reach, scale * Math.sqrt(coded) * roundUp);
    if (j % 256 === 255) {
      onRow?.(j + 1);
      await breathe();
    }
  }
  return { codes, scales, errors, centre, reach };
}

/** More than float32 and sums of this length can lose. */
const roundUp = 1 + 1e-6;

async function mean(rows: Float32Array, dim: number, breathe: Breathe): Promise<Float64Array<ArrayBuffer>> {
  const count = rows.length / dim;
  const out = new Float64Array(dim);
  for (let j = 0; j < count; j++) {
    for (let i = 0; i < dim; i++) out[i]! += rows[j * dim + i]!;
    if (j % 1024 === 1023) await breathe();
  }
  for (let i = 0; i < dim; i++) out[i]! /= Math.max(1, count);
  return out;
}

/** A query as two bytes a number: it is about `scale * code`. */
export interface CodedQuery {
  readonly scale: number;
  /** Length of the query. */
  readonly length: number;
  /** Length of what the code leaves out, at most. */
  readonly error: number;
  /** Dot product with the centre of the rows. */
  readonly base: number;
}

/**
 * Codes one query of `dim` numbers into `code`, `[stride]` with zeros beyond `dim`. Levels are as many as leave room in
 * 32 bits for its product with any row.
 */
export function encodeQuery(query: Float32Array, centre: Float64Array, code: Int16Array): CodedQuery {
  const dim = query.length;
  const levels = Math.min(32767, Math.floor((2 ** 31 - 1) / (127 * dim)));
  let largest = 0;
  let squares = 0;
  let base = 0;
  for (let i = 0; i < dim; i++) {
    const x = query[i]!;
    largest = Math.max(largest, Math.abs(x));
    squares += x * x;
    base += x * centre[i]!;
  }
  const scale = largest / levels;
  const inverse = largest > 0 ? levels / largest : 0;
  for (let i = 0; i < dim; i++) code[i] = Math.floor(query[i]! * inverse + 0.5);
  return { scale, length: Math.sqrt(squares), error: 0.5001 * scale * Math.sqrt(dim), base };
}

/** Rows are meant to have unit length. Of rows with more than this squared, scores would overflow float32. */
const limit = 1e30;

/**
 * Length of the longest row.
 * @throws {CognateError} `invalid-input` naming the first row with NaN, infinity or numbers as good as infinite.
 */
export async function longestRow(call: string, rows: Float32Array, dim: number, breathe: Breathe): Promise<number> {
  let most = 0;
  for (let start = 0, j = 0; start < rows.length; start += dim, j++) {
    let squares = 0;
    for (let i = start; i < start + dim; i++) squares += rows[i]! * rows[i]!;
    if (!(squares <= limit)) {
      throw new CognateError(
        'invalid-input',
        `${call} needs finite rows of about unit length, got one of length ${Math.sqrt(squares)} in row ${j}`,
      );
    }
    most = Math.max(most, squares);
    if (j % 1024 === 1023) await breathe();
  }
  return Math.sqrt(most);
}
