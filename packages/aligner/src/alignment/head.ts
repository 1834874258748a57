import { normalizeRows, type Embeddings } from '@cognate/core';
import type { Breathe } from '../algebra/breathe.ts';
import { multiply, type Matrix, type MatrixLike } from '../algebra/matrix.ts';
import { centred } from '../pairs.ts';

/** A matrix in single precision, as it is stored. */
export interface FloatMatrix extends MatrixLike {
  /** `[rows, cols]`. */
  readonly data: Float32Array<ArrayBuffer>;
}

/** `x weight + bias`. */
export interface Layer {
  /** `[from, to]`. */
  readonly weight: FloatMatrix;
  /** `[to]`. */
  readonly bias: Float32Array<ArrayBuffer>;
}

/**
 * One side's way into the shared space: rows minus `mean`, to unit length, then x linear + mlp(x), to unit length.
 * Without `linear`, x itself; without `mlp`, nothing is added.
 */
export interface Head {
  /** `[from]`. */
  readonly mean: Float32Array<ArrayBuffer>;
  /** `[from, shared]`. */
  readonly linear?: FloatMatrix | undefined;
  /** linear, GELU, linear: `[from, hidden]`, `[hidden, shared]`. */
  readonly mlp?: { readonly up: Layer; readonly down: Layer } | undefined;
}

/** Both sides' ways in; they agree on the shared dimension. */
export interface Heads {
  readonly source: Head;
  readonly target: Head;
}

export function sharedDim({ source }: Heads): number {
  return source.linear?.cols ?? source.mean.length;
}

/** Rows of the shared space, of unit length, `[count, shared]`. */
export function applyHead(head: Head, points: Embeddings): Float32Array<ArrayBuffer> {
  const x = centred(points, head.mean);
  const out = head.linear ? multiply(x, head.linear).data : Float64Array.from(x.data);
  if (head.mlp) {
    const hidden = applyLayer(head.mlp.up, x);
    for (let i = 0; i < hidden.data.length; i++) hidden.data[i] = gelu(hidden.data[i]!);
    const residual = applyLayer(head.mlp.down, hidden).data;
    for (let i = 0; i < out.length; i++) out[i]! += residual[i]!;
  }
  const rows = Float32Array.from(out);
  normalizeRows(rows, head.linear?.cols ?? x.cols);
  return rows;
}

/** `applyHead()` in slices, with room to breathe between them. */
export async function applyHeadInSlices(
  head: Head,
  points: Embeddings,
  breathe: Breathe,
): Promise<Float32Array<ArrayBuffer>> {
  const { dim } = points.space;
  const out: Float32Array[] = [];
  for (let at = 0; at < points.count; at += sliceRows) {
    const data = points.data.subarray(at * dim, (at + sliceRows) * dim);
    out.push(applyHead(head, { space: points.space, count: data.length / dim, data }));
    await breathe();
  }
  return joinedRows(out);
}

/** Some 20 ms of linear heads between 512 dimensions. */
const sliceRows = 200;

function joinedRows(parts: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const out = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function toFloats({ rows, cols, data }: Matrix): FloatMatrix {
  return { rows, cols, data: Float32Array.from(data) };
}

function applyLayer({ weight, bias }: Layer, x: MatrixLike): Matrix {
  const out = multiply(x, weight);
  for (let i = 0, at = 0; i < out.rows; i++) for (let j = 0; j < out.cols; j++, at++) out.data[at]! += bias[j]!;
  return out;
}

/** The exact GELU, as the training engine computes it. */
export function gelu(x: number): number {
  return 0.5 * x * (1 + erf(x * Math.SQRT1_2));
}

/** Within 1.5e-7. @see Abramowitz and Stegun 1964, Handbook of Mathematical Functions, 7.1.26. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - series * Math.exp(-x * x));
}
