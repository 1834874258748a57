import { CognateError, normalizeRows, requireSpace, type Embeddings, type Space } from '@cognate/core';
import { requireRows } from './measure/checks.ts';
import { matrix, type Matrix, type MatrixLike } from './algebra/matrix.ts';

/** Rows of one side of the pairs, as closed forms want them: shifted by the mean, then of unit length. */
export interface Side extends MatrixLike {
  /** `[rows, cols]`, unit rows; a row that equals the mean stays zero. */
  readonly data: Float32Array<ArrayBuffer>;
  /** `[cols]`, what was subtracted. */
  readonly mean: Float32Array<ArrayBuffer>;
}

/** Row i of `source` belongs to row i of `target`. Rows of one group mean the same thing: any pairing of them is right. */
export interface Pairs {
  readonly source: Side;
  readonly target: Side;
  /** `[rows]`. */
  readonly groups: Int32Array;
  /** Rows without partner, and the pairs as they came; only where there are such rows. */
  readonly unpaired?: (LooseRows & { readonly known: Readonly<Record<'source' | 'target', Embeddings>> }) | undefined;
}

/** Rows of both spaces of which nothing is known to belong together. */
export interface LooseRows {
  readonly source: Embeddings;
  readonly target: Embeddings;
  /** For what is drawn when they are matched. */
  readonly seed: number;
}

/** Mean of all rows, `[dim]`. */
export function meanRow(points: Embeddings): Float32Array<ArrayBuffer> {
  const { dim } = points.space;
  const sums = new Float64Array(dim);
  for (let i = 0, at = 0; i < points.count; i++) for (let j = 0; j < dim; j++, at++) sums[j]! += points.data[at]!;
  return Float32Array.from(sums, (sum) => sum / Math.max(1, points.count));
}

/** Rows minus `mean`, `[count, dim]`, copied. */
export function offsets(points: Embeddings, mean: ArrayLike<number> = meanRow(points)): Matrix {
  const { count, space, data } = points;
  const out = matrix(count, space.dim);
  for (let i = 0, at = 0; i < count; i++) {
    for (let j = 0; j < space.dim; j++, at++) out.data[at] = data[at]! - mean[j]!;
  }
  return out;
}

/** Shifts rows by `mean` and scales them to unit length; copies. */
export function centred(points: Embeddings, mean: Float32Array<ArrayBuffer> = meanRow(points)): Side {
  const { dim } = points.space;
  const data = new Float32Array(points.data.length);
  for (let i = 0, at = 0; i < points.count; i++) {
    for (let j = 0; j < dim; j++, at++) data[at] = points.data[at]! - mean[j]!;
  }
  normalizeRows(data, dim);
  return { rows: points.count, cols: dim, data, mean };
}

/** The chosen rows, copied. */
export function picked({ cols, data, mean }: Side, rows: ArrayLike<number>): Side {
  const kept = new Float32Array(rows.length * cols);
  for (let i = 0; i < rows.length; i++) kept.set(data.subarray(rows[i]! * cols, (rows[i]! + 1) * cols), i * cols);
  return { rows: rows.length, cols, data: kept, mean };
}

/** What a way back should hit: unit rows around the mean where the space is the unit sphere, else plain differences. */
export function targetsOf(points: Embeddings, mean: Float32Array<ArrayBuffer>): Matrix | Side {
  return points.space.normalized ? centred(points, mean) : offsets(points, mean);
}

/**
 * @throws {CognateError} `shape-mismatch` when counts differ; `space-mismatch` when both sides are one space;
 * `invalid-input` for a row with NaN or infinity.
 */
export function requireTwoSides(source: Embeddings, target: Embeddings): void {
  if (source.space.id === target.space.id) {
    throw new CognateError(
      'space-mismatch',
      `fit() needs two different spaces, got ${source.space.id} on both sides: points of one space need no alignment`,
    );
  }
  if (source.count !== target.count) {
    throw new CognateError(
      'shape-mismatch',
      `fit() needs as many source rows as target rows, since row i belongs to row i, got ${source.count} and ${target.count}`,
    );
  }
  requireRows('fit()', source, 0, 'source');
  requireRows('fit()', target, 0, 'target');
}

/**
 * @throws {CognateError} like `requireTwoSides()`; also `invalid-input` for too few pairs and for a side whose rows are
 * all the same.
 */
export function requirePairs(source: Embeddings, target: Embeddings, groups?: ArrayLike<number>): void {
  requireTwoSides(source, target);
  if (groups && groups.length !== source.count) {
    throw new CognateError(
      'shape-mismatch',
      `fit() needs one group for each of the ${source.count} pairs, got ${groups.length}`,
    );
  }
  requireDifferent('fit()', groups ? new Set(Array.from(groups)).size : source.count);
  requireVaried('source', source);
  requireVaried('target', target);
}

/** @param count of different things. @throws {CognateError} `invalid-input`. */
export function requireDifferent(call: string, count: number): void {
  if (count >= leastPairs) return;
  throw new CognateError(
    'invalid-input',
    `${call} needs at least ${leastPairs} pairs of different things, got ${count}`,
  );
}

/** Fewer pairs than this leave nothing to measure the fit with. */
export const leastPairs = 4;

/** @throws {CognateError} `invalid-input` where all rows are the same. */
export function requireVaried(side: 'source' | 'target', { space, count, data }: Embeddings): void {
  if (count === 0 || data.some((value, i) => value !== data[i % space.dim])) return;
  throw new CognateError('invalid-input', `fit() needs ${side} rows that differ, got ${count} times the same row`);
}

/**
 * @throws {CognateError} `space-mismatch` or `shape-mismatch` unless they are pairs of the same two spaces;
 * `invalid-input` for a row with NaN or infinity.
 */
export function requireHeldOut(
  call: string,
  heldOut: {
    readonly source: Embeddings;
    readonly target: Embeddings;
    readonly groups?: ArrayLike<number> | undefined;
  },
  { source, target }: { readonly source: Space; readonly target: Space },
): void {
  requireSpace(call, heldOut.source.space, source);
  requireSpace(call, heldOut.target.space, target);
  const { source: from, target: to, groups } = heldOut;
  if (from.count !== to.count || from.count === 0) {
    throw new CognateError(
      'shape-mismatch',
      `${call} needs held-out pairs of equal counts, got ${from.count} source and ${to.count} target rows`,
    );
  }
  if (groups && groups.length !== from.count) {
    throw new CognateError(
      'shape-mismatch',
      `${call} needs one group for each of the ${from.count} held-out pairs, got ${groups.length}`,
    );
  }
  requireRows(call, from, 1, 'held-out source');
  requireRows(call, to, 1, 'held-out target');
}
