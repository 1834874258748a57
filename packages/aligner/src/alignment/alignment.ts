import {
  CognateError,
  normalizeRows,
  requireSpace,
  type Alignment,
  type AlignmentReport,
  type Embeddings,
  type Space,
} from '@cognate/core';
import { readAlignment, writeAlignment } from './alignment-file.ts';
import { applyHead, type FloatMatrix, type Head, type Heads } from './head.ts';
import { multiply } from '../algebra/matrix.ts';

/** Everything that an alignment consists of: plain data. */
export interface AlignmentParts {
  readonly source: Space;
  readonly target: Space;
  readonly shared: Space;
  readonly heads: Heads;
  /** Linear ways from `shared` to differences from the mean of a side: `[shared, source]` and `[shared, target]`. */
  readonly returns: { readonly source: FloatMatrix; readonly target: FloatMatrix };
  /** `[count, shared]`, unit rows. */
  readonly anchors: { readonly source: Float32Array<ArrayBuffer>; readonly target: Float32Array<ArrayBuffer> };
  readonly report: AlignmentReport;
}

/** Puts the functions over the parts, which are kept, not copied. */
export function createAlignment(parts: AlignmentParts): Alignment {
  const { source, target, shared, heads, returns, anchors, report } = parts;
  const projected = (head: Head, points: Embeddings): Embeddings => ({
    space: shared,
    count: points.count,
    data: applyHead(head, points),
  });
  const sideOf = (data: Float32Array<ArrayBuffer>): Embeddings => ({
    space: shared,
    count: data.length / shared.dim,
    data,
  });
  return {
    source,
    target,
    shared,
    anchors: { source: sideOf(anchors.source), target: sideOf(anchors.target) },
    report,
    project(points) {
      if (points.space.id === target.id) {
        requireSpace('project()', points.space, target);
        return projected(heads.target, points);
      }
      if (points.space.id !== source.id) {
        throw new CognateError(
          'space-mismatch',
          `project() needs points of ${source.id} or ${target.id}, which this alignment connects, got ${points.space.id}`,
        );
      }
      requireSpace('project()', points.space, source);
      return projected(heads.source, points);
    },
    forward(points) {
      requireSpace('forward()', points.space, source);
      return leave(projected(heads.source, points), returns.target, heads.target.mean, target);
    },
    backward(points) {
      requireSpace('backward()', points.space, target);
      return leave(projected(heads.target, points), returns.source, heads.source.mean, source);
    },
    save: () => writeAlignment(parts),
  };
}

/**
 * Reads what `Alignment.save()` wrote; `bytes` stays the caller's. The loaded alignment gives the same numbers.
 * @throws {CognateError} `file-format` when the file is truncated, is no alignment, or is of another version.
 */
export function loadAlignment(bytes: Uint8Array): Alignment {
  return createAlignment(readAlignment(bytes));
}

/** From the shared space into a side's own. */
function leave(points: Embeddings, back: FloatMatrix, mean: Float32Array, space: Space): Embeddings {
  const rows = Float32Array.from(
    multiply({ rows: points.count, cols: points.space.dim, data: points.data }, back).data,
  );
  if (space.normalized) {
    normalizeRows(rows, space.dim);
    for (let at = 0; at < rows.length; at += space.dim) toSphere(rows.subarray(at, at + space.dim), mean);
  } else {
    for (let i = 0; i < rows.length; i++) rows[i]! += mean[i % space.dim]!;
  }
  return { space, count: points.count, data: rows };
}

/** The point where the ray from `mean` along the unit vector `u` leaves the unit sphere; in place of `u`. */
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
