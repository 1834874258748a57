import { CognateError, normalizeRows, requireSpace, type Embeddings, type Space } from '@cognate/core';

/**
 * A copy of the points with rows of unit length, which is what decoders are trained on: of sums and means of points only
 * the direction counts.
 * @throws {CognateError} `space-mismatch`; `shape-mismatch` when rows are missing or left over; `invalid-input` naming the
 * first row with NaN or infinity, or without direction.
 */
export function unitPoints(call: string, points: Embeddings, space: Space): Embeddings {
  requireSpace(call, points.space, space);
  const { dim } = space;
  if (points.data.length !== points.count * dim) {
    throw new CognateError(
      'shape-mismatch',
      `${call} needs ${points.count} rows of ${dim} numbers, got ${points.data.length} numbers`,
    );
  }
  const data = points.data.slice();
  for (let row = 0; row < points.count; row++) {
    const numbers = data.subarray(row * dim, (row + 1) * dim);
    const bad = numbers.find((value) => !Number.isFinite(value));
    if (bad !== undefined)
      throw new CognateError('invalid-input', `${call} needs finite numbers, got ${bad} in row ${row}`);
    if (numbers.every((value) => value === 0)) {
      throw new CognateError('invalid-input', `${call} needs points with a direction, row ${row} is all zero`);
    }
  }
  normalizeRows(data, dim);
  return { space, count: points.count, data };
}
