import { CognateError, type Embeddings } from '@cognate/core';

/**
 * @param side what to call the points, for people.
 * @throws {CognateError} `invalid-input` naming the first row with NaN or infinity, `shape-mismatch` for missing numbers.
 */
export function requireRows(call: string, points: Embeddings, least = 1, side?: string): void {
  const { space, count, data } = points;
  const name = side === undefined ? 'row' : `${side} row`;
  if (data.length !== count * space.dim) {
    throw new CognateError(
      'shape-mismatch',
      `${call} needs ${count} ${name}s of ${space.dim} numbers, got ${data.length} numbers`,
    );
  }
  if (count < least) {
    throw new CognateError('invalid-input', `${call} needs at least ${least} ${name}s, got ${count}`);
  }
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const row = Math.floor(bad / space.dim);
    throw new CognateError('invalid-input', `${call} needs finite numbers, got ${data[bad]} in ${name} ${row}`);
  }
}

/** @throws {CognateError} `invalid-input` unless `got` is a whole number from 1 on. */
export function requireCount(call: string, name: string, got: number): void {
  if (Number.isInteger(got) && got >= 1) return;
  throw new CognateError('invalid-input', `${call} needs ${name} to be a whole number from 1 on, got ${got}`);
}

/** Row i of `x` belongs to row i of `y`. @throws {CognateError} like `requireRows()`; `shape-mismatch` for other counts. */
export function requirePaired(call: string, x: Embeddings, y: Embeddings, least = 1): void {
  requireRows(call, x, least);
  requireRows(call, y, least);
  if (x.count !== y.count) {
    throw new CognateError(
      'shape-mismatch',
      `${call} needs as many rows on both sides, since row i belongs to row i, got ${x.count} and ${y.count}`,
    );
  }
}

/** @throws {CognateError} `shape-mismatch` unless both have rows of the same length. */
export function requireDim(call: string, x: Embeddings, y: Embeddings): void {
  if (x.space.dim === y.space.dim) return;
  throw new CognateError(
    'shape-mismatch',
    `${call} needs rows of one length, got ${x.space.dim} and ${y.space.dim} numbers`,
  );
}

/** @throws {CognateError} `shape-mismatch` unless `scores` are lines of `width` numbers, `invalid-input` for NaN. */
export function requireScores(call: string, scores: ArrayLike<number>, width: number): void {
  if (!(width >= 1) || !Number.isInteger(scores.length / width)) {
    throw new CognateError(
      'shape-mismatch',
      `${call} needs a line of ${width} scores for each query, got ${scores.length} scores`,
    );
  }
  for (let i = 0; i < scores.length; i++) {
    if (Number.isNaN(scores[i]!)) {
      throw new CognateError('invalid-input', `${call} needs numbers, got NaN for query ${Math.floor(i / width)}`);
    }
  }
}

/** @throws {CognateError} `shape-mismatch` unless there is something, and as much of it on both sides. */
export function requireSameLength(call: string, what: string, a: number, b: number): void {
  if (a === b && a > 0) return;
  throw new CognateError('shape-mismatch', `${call} needs as many ${what}, at least one, got ${a} and ${b}`);
}
