import { normalizeRows, type Embeddings } from '@cognate/core';
import { multiply, type Matrix, type MatrixLike, type Multiply } from '../algebra/matrix.ts';
import type { Tools } from '../algebra/tools.ts';
import { keepLargest } from './keep-largest.ts';

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

/** One step of a map between spaces, applied to each row x. Plain data. */
export type Step =
  /** x - mean; `[dim]`. */
  | { readonly kind: 'center'; readonly mean: Float32Array<ArrayBuffer> }
  /** x + mean; `[dim]`. */
  | { readonly kind: 'uncenter'; readonly mean: Float32Array<ArrayBuffer> }
  /** x / |x|; a row of zeros stays. */
  | { readonly kind: 'unit' }
  /** The point where the ray from `mean` along the unit vector x leaves the unit sphere; `[dim]`. */
  | { readonly kind: 'sphere'; readonly mean: Float32Array<ArrayBuffer> }
  /** x weight. */
  | { readonly kind: 'linear'; readonly weight: FloatMatrix }
  /** x linear + down(gelu(up(x))): `[from, hidden]`, `[hidden, to]`. */
  | { readonly kind: 'residual'; readonly linear: FloatMatrix; readonly up: Layer; readonly down: Layer }
  /** The `keep` largest of the positive numbers of x to the power of `power`, the others zero. */
  | { readonly kind: 'sparse'; readonly keep: number; readonly power: number }
  /** exp(sharpness (x - 1)) of each number: of cosines it makes a Gaussian kernel of the unit rows. */
  | { readonly kind: 'gaussian'; readonly sharpness: number }
  /** weight₁ path₁(x), weight₂ path₂(x), ... one after the other, so that dot products add up. */
  | { readonly kind: 'concat'; readonly branches: readonly Branch[] };

export interface Branch {
  readonly weight: number;
  readonly path: Path;
}

/** A map between spaces. Paths that follow one another are one path. */
export type Path = readonly Step[];

/** Both sides' paths into the shared space; they end in unit rows of the same dimension. */
export interface Heads {
  readonly source: Path;
  readonly target: Path;
}

/** Rows minus `mean`, to unit length, through `map`, to unit length: the usual way into a shared space. */
export function headPath(mean: Float32Array<ArrayBuffer>, map?: Step): Path {
  const start: Path = [{ kind: 'center', mean }, { kind: 'unit' }];
  return map ? [...start, map, { kind: 'unit' }] : start;
}

/** The dimension that a path leads to. @param from where it starts; may be left out when a step fixes it. */
export function pathDim(path: Path, from?: number): number {
  let dim = from;
  for (const step of path) {
    if (step.kind === 'linear') dim = step.weight.cols;
    else if (step.kind === 'residual') dim = step.linear.cols;
    else if (step.kind === 'concat') dim = step.branches.reduce((sum, branch) => sum + pathDim(branch.path, dim), 0);
    else if ('mean' in step) dim = step.mean.length;
  }
  if (dim === undefined) throw new RangeError('pathDim() needs a step that fixes the dimension, or where it starts');
  return dim;
}

export function sharedDim({ source }: Heads): number {
  return pathDim(source);
}

/** What the path makes of each row of `x`, which is kept as it is. */
export function applyPath(path: Path, x: FloatMatrix): FloatMatrix {
  // The first step copies where the others may work in place.
  const copy = path.length === 0 || inPlace(path[0]!) ? { ...x, data: x.data.slice() } : x;
  return path.reduce((rows, step) => applyStep(step, rows), copy);
}

/** `applyPath()` to points, with linear maps by `times`, in slices, with room to breathe between them. */
export async function applyInSlices(
  path: Path,
  { space: { dim }, count, data }: Embeddings,
  { times, breathe }: Tools,
): Promise<Float32Array<ArrayBuffer>> {
  const cols = pathDim(path, dim);
  const out = new Float32Array(count * cols);
  for (let at = 0; at < count; at += sliceRows) {
    const slice = data.slice(at * dim, (at + sliceRows) * dim);
    out.set((await applyBy(times, path, { rows: slice.length / dim, cols: dim, data: slice })).data, at * cols);
    await breathe();
  }
  return out;
}

/** Rows that keep the training engine busy, and a page waiting for no more than an instant. */
const sliceRows = 512;

/** `applyPath()`, but that `x` may be overwritten. */
async function applyBy(times: Multiply, path: Path, x: FloatMatrix): Promise<FloatMatrix> {
  let rows = x;
  for (const step of path) {
    if (step.kind === 'linear') rows = toFloats(await times(rows, step.weight));
    else if (step.kind === 'concat') {
      const parts: Part[] = [];
      for (const { weight, path: branch } of step.branches) {
        parts.push({ weight, part: await applyBy(times, branch, { ...rows, data: rows.data.slice() }) });
      }
      rows = concatenated(parts, rows.rows);
    } else rows = applyStep(step, rows);
  }
  return rows;
}

/** Points as a matrix: no copy. */
export function asMatrix({ space, count, data }: Embeddings): FloatMatrix {
  return { rows: count, cols: space.dim, data };
}

export function toFloats({ rows, cols, data }: Matrix): FloatMatrix {
  return { rows, cols, data: Float32Array.from(data) };
}

function inPlace({ kind }: Step): boolean {
  return kind !== 'linear' && kind !== 'residual' && kind !== 'concat';
}

/** May overwrite `x`. */
function applyStep(step: Step, x: FloatMatrix): FloatMatrix {
  const { rows, cols, data } = x;
  switch (step.kind) {
    case 'center':
      for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < cols; j++, at++) data[at]! -= step.mean[j]!;
      return x;
    case 'uncenter':
      for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < cols; j++, at++) data[at]! += step.mean[j]!;
      return x;
    case 'unit':
      normalizeRows(data, cols);
      return x;
    case 'sphere':
      for (let at = 0; at < data.length; at += cols) toSphere(data.subarray(at, at + cols), step.mean);
      return x;
    case 'sparse':
      for (let at = 0; at < data.length; at += cols) keepLargest(data.subarray(at, at + cols), step.keep, step.power);
      return x;
    case 'gaussian':
      for (let i = 0; i < data.length; i++) data[i] = Math.exp(step.sharpness * (data[i]! - 1));
      return x;
    case 'linear':
      return toFloats(multiply(x, step.weight));
    case 'residual':
      return applyResidual(step, x);
    case 'concat':
      return concatenated(
        step.branches.map(({ weight, path }) => ({ weight, part: applyPath(path, x) })),
        rows,
      );
  }
}

function applyResidual({ linear, up, down }: Step & { kind: 'residual' }, x: FloatMatrix): FloatMatrix {
  const out = multiply(x, linear);
  const hidden = applyLayer(up, x);
  for (let i = 0; i < hidden.data.length; i++) hidden.data[i] = gelu(hidden.data[i]!);
  const residual = applyLayer(down, hidden).data;
  for (let i = 0; i < residual.length; i++) out.data[i]! += residual[i]!;
  return toFloats(out);
}

function applyLayer({ weight, bias }: Layer, x: MatrixLike): Matrix {
  const out = multiply(x, weight);
  for (let i = 0, at = 0; i < out.rows; i++) for (let j = 0; j < out.cols; j++, at++) out.data[at]! += bias[j]!;
  return out;
}

interface Part {
  readonly weight: number;
  readonly part: FloatMatrix;
}

function concatenated(parts: readonly Part[], rows: number): FloatMatrix {
  const cols = parts.reduce((sum, { part }) => sum + part.cols, 0);
  const data = new Float32Array(rows * cols);
  let from = 0;
  for (const { weight, part } of parts) {
    for (let i = 0, at = 0; i < rows; i++) {
      for (let j = 0; j < part.cols; j++, at++) data[i * cols + from + j] = weight * part.data[at]!;
    }
    from += part.cols;
  }
  return { rows, cols, data };
}

/** In place of the unit vector `u`. */
function toSphere(u: Float32Array, mean: Float32Array): void {
  let along = 0;
  let squared = 0;
  for (let j = 0; j < u.length; j++) {
    along += mean[j]! * u[j]!;
    squared += mean[j]! * mean[j]!;
  }
  const distance = Math.sqrt(along * along + Math.max(0, 1 - squared)) - along;
  for (let j = 0; j < u.length; j++) u[j] = mean[j]! + distance * u[j]!;
  normalizeRows(u, u.length);
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
