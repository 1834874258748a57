import { CognateError, dotProducts, normalize, normalizeRows, type Embeddings } from '@cognate/core';
import { keepLargest } from '../../alignment/keep-largest.ts';
import { requireCount, requireDim, requirePaired, requireRows } from '../checks.ts';

/**
 * ASIF: a point is described by its cosines with the anchors of its own side, of which only the largest count, and two
 * points of different sides are compared by these descriptions. Nothing is trained, and every score can be traced back
 * to the pairs that it rests on.
 * @param queries `[n, from]`. @param candidates `[m, to]`.
 * @param anchors pairs that are known: row i of `source` (`[a, from]`) belongs to row i of `target` (`[a, to]`).
 * @param keep anchors that each description keeps; negative cosines never do. @param power that these are raised to.
 * @returns `[n, m]`, 0 to 1.
 * @throws {CognateError} `shape-mismatch`, `invalid-input`.
 * @see Norelli et al. 2023, ASIF: Coupled Data Turns Unimodal Models to Multimodal Without Training, arXiv:2210.01738.
 */
export function asifScores(
  queries: Embeddings,
  candidates: Embeddings,
  anchors: { readonly source: Embeddings; readonly target: Embeddings },
  { keep, power }: { readonly keep: number; readonly power: number },
): Float32Array<ArrayBuffer> {
  requirePaired('asifScores()', anchors.source, anchors.target);
  requireCount('asifScores()', 'keep', keep);
  if (!(power > 0)) {
    throw new CognateError('invalid-input', `asifScores() needs power to be a positive number, got ${power}`);
  }
  const [from, to] = [
    describe(queries, anchors.source, keep, power),
    describe(candidates, anchors.target, keep, power),
  ];
  return dotProducts(from, to, anchors.source.count);
}

/** `[count, anchors]`, unit rows. */
function describe(points: Embeddings, anchors: Embeddings, keep: number, power: number): Float32Array {
  requireRows('asifScores()', points);
  requireDim('asifScores()', points, anchors);
  const width = anchors.count;
  const out = dotProducts(normalize(points).data, normalize(anchors).data, points.space.dim);
  for (let start = 0; start < out.length; start += width) keepLargest(out.subarray(start, start + width), keep, power);
  normalizeRows(out, width);
  return out;
}
