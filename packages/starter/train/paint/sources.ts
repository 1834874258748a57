import { normalizeRows, type Random } from '@cognate/core';
import { tensor, type Tensor } from '@cognate/nn';
import { imageSpace } from '../image/publish.ts';
import { latentDim } from './codec.ts';
import type { Framed } from './gallery.ts';
import { normals } from './noise.ts';
import type { PointPool } from './points.ts';
import { codeDim, paintStyles, styleCount } from './sketch.ts';

const { dim } = imageSpace;

/** What training batches are drawn from. */
export interface Sources {
  /** Training pictures of the painted styles, then made-up ones. */
  readonly painted: readonly Framed[];
  /** Their latents, `[painted.length, latentDim]`. */
  readonly latents: Float32Array;
  /** Their points, `[painted.length, 256]`. */
  readonly own: Float32Array;
  readonly pool: PointPool;
  /** Greatest deviation of a coordinate of the noise on points. */
  readonly noise: number;
  /** `[any, 256]`: by how much the alignment misses pictures when it comes from names; the other kind of noise. */
  readonly gaps: Float32Array;
}

/** Rows of one batch. */
export interface Draft {
  /** Index into `painted`. */
  readonly chosen: Int32Array;
  /** Noisy points to paint from, and the points that the paintings should have; unit rows. */
  readonly points: Float32Array<ArrayBuffer>;
  readonly goals: Float32Array<ArrayBuffer>;
  readonly styles: Float32Array<ArrayBuffer>;
  /** `[count, concepts]`, 1 for the concept of a row that is to be painted as if it had never been seen. */
  readonly hide: Float32Array<ArrayBuffer>;
  /** 1 for rows of which the memory holds nothing, hidden or made up. */
  readonly unseen: Float32Array<ArrayBuffer>;
}

/** Share of rows whose own concept the memory does not recall: they are what concepts never seen will be. */
const hiddenShare = 0.4;

/** Share of rows with made-up pictures. */
const madeUpShare = 0.25;

/** Share of rows that are missed as names miss pictures of other concepts, instead of by normal noise. */
const gapShare = 0.5;

/** Draws `count` pictures, each with a point of any picture of its concept. */
export function draft(draw: Random, sources: Sources, count: number): Draft {
  const { painted, own, pool, noise, gaps } = sources;
  const madeUp = painted.findIndex(({ hexcode }) => hexcode === '');
  const points = new Float32Array(count * dim);
  const goals = new Float32Array(count * dim);
  const styles = new Float32Array(count * styleCount);
  const slots = memorySlots(pool.concepts.length);
  const hide = new Float32Array(count * slots);
  const unseen = new Float32Array(count);
  const chosen = Int32Array.from({ length: count }, () =>
    draw.next() < madeUpShare ? madeUp + draw.below(painted.length - madeUp) : draw.below(madeUp),
  );
  chosen.forEach((row, i) => {
    const { hexcode, style } = painted[row]!;
    styles[i * styleCount + paintStyles.indexOf(style as never)] = 1;
    const itself = own.subarray(row * dim, (row + 1) * dim);
    const others = pool.of.get(hexcode);
    // Half of a goal is the concept's, half the picture's: the concept is what is found again, the picture what it looks like.
    for (let k = 0; k < dim; k++) goals[i * dim + k] = itself[k]! + (others ? pool.means[others.slot * dim + k]! : 0);
    unseen[i] = Number(!others || draw.next() < hiddenShare);
    if (!others) return points.set(itself, i * dim);
    const at = others.rows[draw.below(others.rows.length)]! * dim;
    points.set(pool.rows.subarray(at, at + dim), i * dim);
    hide[i * slots + others.slot] = unseen[i]!;
  });
  normalizeRows(goals, dim);
  const shaken = normals(draw, count * dim);
  for (let i = 0; i < count; i++) {
    const missed = draw.next() < gapShare;
    const strength = (missed ? 1 : noise) * draw.next();
    const gap = draw.below(gaps.length / dim) * dim;
    for (let k = 0; k < dim; k++) points[i * dim + k]! += strength * (missed ? gaps[gap + k]! : shaken[i * dim + k]!);
  }
  normalizeRows(points, dim);
  return { chosen, points, goals, styles, hide, unseen };
}

/** Rows of the memory: some stay empty, for products of matrices are three times as fast where sides are multiples of 64. */
const memorySlots = (concepts: number): number => Math.ceil(concepts / 64) * 64;

/** First keys and codes of the memory: mean points of concepts, and random projections of the latents of their pictures. */
export function firstMemory(
  draw: Random,
  { painted, latents, pool }: Pick<Sources, 'painted' | 'latents' | 'pool'>,
): { readonly keys: Tensor; readonly codes: Tensor } {
  const slots = memorySlots(pool.concepts.length);
  const keys = new Float32Array(slots * dim);
  keys.set(pool.means);
  const projections = paintStyles.map(() => normals(draw, latentDim * codeDim));
  const codes = new Float32Array(slots * codeDim);
  painted.forEach(({ hexcode, style }, n) => {
    const concept = pool.of.get(hexcode);
    if (!concept) return;
    const projection = projections[paintStyles.indexOf(style as never)]!;
    const at = concept.slot * codeDim;
    for (let k = 0; k < latentDim; k++) {
      const value = latents[n * latentDim + k]!;
      for (let j = 0; j < codeDim; j++) codes[at + j]! += value * projection[k * codeDim + j]!;
    }
  });
  const deviation = Math.sqrt(codes.reduce((sum, value) => sum + value * value, 0) / codes.length);
  for (let k = 0; k < codes.length; k++) codes[k]! /= deviation;
  return { keys: tensor([slots, dim], keys), codes: tensor([slots, codeDim], codes) };
}
