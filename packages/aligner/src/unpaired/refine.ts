import type { Random } from '@cognate/core';
import type { Tools } from '../algebra/tools.ts';
import { add, gathered, matrix, type Matrix } from '../algebra/matrix.ts';
import { polar } from '../algebra/polar.ts';
import { assign } from './assignment.ts';
import type { Clouds } from './clouds.ts';

export interface RefineOptions {
  /** Rows of either side that are matched at a time; at most as many as the smaller side has. */
  readonly batch: number;
  /** Batches at most. */
  readonly rounds: number;
}

/** Batches between two looks at whether matching still gets better. */
const window = 10;

/** Batches that are matched under the start, together. */
const firstBlocks = 4;

/** Less gain than this share of the mean cosine of matched rows ends the refinement. */
const leastGain = 1e-3;

/**
 * Wasserstein-Procrustes: rows are matched under the present map, the map is fitted to the matched rows, and so on, with
 * another random batch each time. Known pairs weigh as much as a batch, whatever their number.
 *
 * @param start `[dim, dim]`, on the scale of a mean of (source row)ᵀ (target row); need not be orthogonal.
 * @returns the orthogonal map, `[dim, dim]`.
 * @see Grave et al. 2019, Unsupervised Alignment of Embeddings with Wasserstein Procrustes, arXiv:1805.11222; Shared
 * Geometry as a Rosetta Stone, 2026, arXiv:2610.09411, for the weight of known pairs. Differs from the latter: every ten
 * batches the map is fitted to the matched rows of all ten together, and rounds end when that gains no more.
 */
export async function refine(
  clouds: Clouds,
  start: Matrix,
  { batch, rounds }: RefineOptions,
  random: Random,
  tools: Tools,
): Promise<Matrix> {
  const anchor = await meanProduct(clouds.known, tools);
  const fitTo = (correlation: Matrix, rows: number): Promise<Matrix> =>
    polar(anchor ? add(correlation, scaled(anchor, rows)) : correlation, tools.times, tools.breathe);
  // The start is too coarse to trust few rows with it.
  const all = await matchRows(clouds, await fitTo(start, 1), firstBlocks, batch, random, tools);
  let map = await fitTo(all.correlation, all.rows);
  let before = -Infinity;
  for (let round = 0; round < rounds; round += window) {
    const sum = matrix(map.rows, map.cols);
    let rows = 0;
    let score = 0;
    for (let i = 0; i < Math.min(window, rounds - round); i++) {
      const matched = await matchRows(clouds, map, 1, batch, random, tools);
      add(sum, matched.correlation);
      rows += matched.rows;
      score += matched.score * matched.rows;
      map = await fitTo(matched.correlation, matched.rows);
    }
    map = await fitTo(sum, rows);
    if (score / rows < before * (1 + leastGain)) break;
    before = score / rows;
  }
  return map;
}

export interface Matched {
  /** `[dim, dim]`: sum over matched rows of (source row)ᵀ (target row). */
  readonly correlation: Matrix;
  readonly rows: number;
  /** Mean cosine of matched rows under the map. */
  readonly score: number;
  /** For rows of the source, taken in the order of `sources`, their partners. */
  readonly sources: Uint32Array;
  readonly targets: Uint32Array;
}

/**
 * Gives random rows of both sides to one another, one to one, so that the sum of their cosines under `map` is largest:
 * in `blocks` blocks of `batch` rows, or as many as the rows make.
 */
export async function matchRows(
  { source, target }: Clouds,
  map: Matrix,
  blocks: number,
  batch: number,
  random: Random,
  { times, breathe }: Tools,
): Promise<Matched> {
  const count = Math.min(source.rows, target.rows, blocks * batch);
  const sources = random.permutation(source.rows).subarray(0, count);
  const targets = random.permutation(target.rows).subarray(0, count);
  const correlation = matrix(map.rows, map.cols);
  const parts = Math.ceil(count / batch);
  let sum = 0;
  for (let part = 0; part < parts; part++) {
    const [from, to] = [Math.floor((part * count) / parts), Math.floor(((part + 1) * count) / parts)];
    const [x, y] = [gathered(source, sources.subarray(from, to)), gathered(target, targets.subarray(from, to))];
    const cosines = await times(await times(x, map), y, 'b');
    const partners = await assign(cosines, breathe);
    partners.forEach((j, i) => (sum += cosines.data[i * cosines.cols + j]!));
    add(correlation, await times(x, gathered(y, partners), 'a'));
    targets.set(
      Array.from(partners, (j) => targets[from + j]!),
      from,
    );
  }
  return { correlation, rows: count, score: sum / count, sources, targets };
}

/** Mean over pairs of (source row)ᵀ (target row); none without pairs. */
async function meanProduct({ source, target }: Clouds['known'], { times }: Tools): Promise<Matrix | undefined> {
  return source.rows > 0 ? scaled(await times(source, target, 'a'), 1 / source.rows) : undefined;
}

function scaled({ rows, cols, data }: Matrix, factor: number): Matrix {
  return matrix(
    rows,
    cols,
    data.map((value) => value * factor),
  );
}
