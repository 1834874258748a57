import {
  CognateError,
  requireSpace,
  type Alignment,
  type AlignmentReport,
  type Embeddings,
  type Space,
} from '@cognate/core';
import { readAlignment, writeAlignment } from './alignment-file.ts';
import { requireRows } from '../measure/checks.ts';
import { applyPath, asMatrix, type Heads, type Path } from './path.ts';

/** Everything that an alignment consists of: plain data. */
export interface AlignmentParts {
  readonly source: Space;
  readonly target: Space;
  readonly shared: Space;
  /** Ways from `source` and from `target` into `shared`. */
  readonly heads: Heads;
  /** Ways from `shared` to `source` and to `target`. */
  readonly returns: Heads;
  /** `[count, shared]`, unit rows. */
  readonly anchors: { readonly source: Float32Array<ArrayBuffer>; readonly target: Float32Array<ArrayBuffer> };
  readonly report: AlignmentReport;
}

const known = new WeakMap<Alignment, AlignmentParts>();

/** Puts the functions over the parts, which are kept, not copied. */
export function createAlignment(parts: AlignmentParts): Alignment {
  const { source, target, shared, heads, returns, anchors, report } = parts;
  const walked = (path: Path, points: Embeddings, space: Space): Embeddings => ({
    space,
    count: points.count,
    data: applyPath(path, asMatrix(points)).data,
  });
  const sideOf = (data: Float32Array<ArrayBuffer>): Embeddings => ({
    space: shared,
    count: data.length / shared.dim,
    data,
  });
  const alignment: Alignment = {
    source,
    target,
    shared,
    anchors: { source: sideOf(anchors.source), target: sideOf(anchors.target) },
    report,
    project(points) {
      requireRows('project()', points, 0);
      if (points.space.id === target.id) {
        requireSpace('project()', points.space, target);
        return walked(heads.target, points, shared);
      }
      if (points.space.id !== source.id) {
        throw new CognateError(
          'space-mismatch',
          `project() needs points of ${source.id} or ${target.id}, which this alignment connects, got ${points.space.id}`,
        );
      }
      requireSpace('project()', points.space, source);
      return walked(heads.source, points, shared);
    },
    forward(points) {
      requireSpace('forward()', points.space, source);
      requireRows('forward()', points, 0);
      return walked([...heads.source, ...returns.target], points, target);
    },
    backward(points) {
      requireSpace('backward()', points.space, target);
      requireRows('backward()', points, 0);
      return walked([...heads.target, ...returns.source], points, source);
    },
    save: () => writeAlignment(parts),
  };
  known.set(alignment, parts);
  return alignment;
}

/** What an alignment of this package consists of: shared, not copied. @throws {CognateError} `invalid-input`. */
export function partsOf(call: string, alignment: Alignment): AlignmentParts {
  const parts = known.get(alignment);
  if (!parts) {
    throw new CognateError('invalid-input', `${call} needs an alignment that fit() or loadAlignment() made`);
  }
  return parts;
}

/**
 * Reads what `Alignment.save()` wrote; `bytes` stays the caller's. The loaded alignment gives the same numbers.
 * @throws {CognateError} `file-format` when the file is truncated or damaged, is no alignment, or is of another version.
 */
export function loadAlignment(bytes: Uint8Array): Alignment {
  return createAlignment(readAlignment(bytes));
}
