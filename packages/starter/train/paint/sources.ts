import { normalizeRows, type Random } from '@cognate/core';
import { tensor, type Tensor } from '@cognate/nn';
import { imageSpace } from '../image/publish.ts';
import { latentDim } from './codec.ts';
import { codeDim, paintStyles, styleCount } from './denoiser.ts';
import type { Framed } from './gallery.ts';
import { normals } from './noise.ts';
import type { PointPool } from './points.ts';

const { dim } = imageSpace;

/** What training batches are drawn from. */
export interface Sources {
  /** Training pictures of the painted styles. */
  readonly painted: readonly Framed[];
  /** Their latents, `[painted.length, latentDim]`. */
  readonly latents: Float32Array;
  readonly pool: PointPool;
  /** Greatest deviation of a coordinate of the noise on points. */
  readonly noise: number;
  /** `[any, 256]`: by how much the alignment misses pictures when it comes from names; the other kind of noise. */
  readonly gaps: Float32Array;
  /** Share of batches' rows that start from nothing but noise, as the first step of sampling does. */
  readonly startShare: number;
  /** Share of rows whose own concept the memory does not recall: they are what concepts never seen will be. */
  readonly hiddenShare: number;
}

/** Rows of one batch, without what is only known of pictures. */
export interface Draft {
  /** Index into `painted`, or -1 for a point between two concepts, of which there is no picture. */
  readonly chosen: Int32Array;
  readonly latents: Float32Array<ArrayBuffer>;
  readonly time: Float32Array<ArrayBuffer>;
  /** Noisy points, and the same without noise; unit rows. */
  readonly points: Float32Array<ArrayBuffer>;
  readonly pure: Float32Array<ArrayBuffer>;
  readonly styles: Float32Array<ArrayBuffer>;
  /** `[count, concepts]`, 1 for the concept of a row that is to be painted as if it had never been seen. */
  readonly hidden: Float32Array<ArrayBuffer>;
}

/** Share of rows that are told neither point nor style, for guidance. */
const freeShare = 0.05;

/** Share of rows that are missed as names miss pictures of other concepts, instead of by normal noise. */
const gapShare = 0.5;

/**
 * Draws `count` pictures, each with a point of any picture of its concept. The last `between` rows have points between
 * those of two concepts, and no picture.
 */
export function draft(draw: Random, sources: Sources, count: number, between = 0): Draft {
  const { painted, latents, pool, noise, gaps, startShare, hiddenShare } = sources;
  const known = count - between;
  const chosen = Int32Array.from({ length: count }, (_, i) => (i < known ? draw.below(painted.length) : -1));
  const points = new Float32Array(count * dim);
  const styles = new Float32Array(count * styleCount);
  const slots = memorySlots(pool.concepts.length);
  const hidden = new Float32Array(count * slots);
  const any = (hexcode: string): Float32Array => {
    const rows = pool.of.get(hexcode)!;
    const at = rows[draw.below(rows.length)]! * dim;
    return pool.rows.subarray(at, at + dim);
  };
  for (let i = 0; i < count; i++) {
    const { hexcode, style } = painted[i < known ? chosen[i]! : draw.below(painted.length)]!;
    points.set(any(hexcode), i * dim);
    if (i >= known) {
      const share = 0.2 + 0.6 * draw.next();
      const other = any(painted[draw.below(painted.length)]!.hexcode);
      for (let k = 0; k < dim; k++) points[i * dim + k] = (1 - share) * points[i * dim + k]! + share * other[k]!;
    } else if (draw.next() < hiddenShare) hidden[i * slots + pool.concepts.indexOf(hexcode)] = 1;
    const free = i < known && startShare < 1 && draw.next() < freeShare;
    styles[i * styleCount + (free ? styleCount - 1 : paintStyles.indexOf(style as never))] = 1;
  }
  normalizeRows(points, dim);
  const pure = points.slice();
  const shaken = normals(draw, count * dim);
  const state = normals(draw, count * latentDim);
  const time = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const missed = draw.next() < gapShare;
    const strength = (missed ? 1 : noise) * draw.next();
    const gap = draw.below(gaps.length / dim) * dim;
    for (let k = 0; k < dim; k++) points[i * dim + k]! += strength * (missed ? gaps[gap + k]! : shaken[i * dim + k]!);
    if (chosen[i]! < 0 || draw.next() < startShare) continue;
    const t = draw.next();
    time[i] = t;
    const clean = chosen[i]! * latentDim;
    for (let k = 0; k < latentDim; k++) {
      const at = i * latentDim + k;
      state[at] = (1 - t) * state[at]! + t * latents[clean + k]!;
    }
  }
  normalizeRows(points, dim);
  return { chosen, latents: state, time, points, pure, styles, hidden };
}

/** Rows of the memory: some stay empty, for products of matrices are three times as fast where sides are multiples of 64. */
const memorySlots = (concepts: number): number => Math.ceil(concepts / 64) * 64;

/** First keys and codes of the memory: mean points of concepts, and random projections of the latents of their pictures. */
export function firstMemory(
  draw: Random,
  { painted, latents, pool }: Pick<Sources, 'painted' | 'latents' | 'pool'>,
): { readonly keys: Tensor; readonly codes: Tensor } {
  const { concepts } = pool;
  const slots = memorySlots(concepts.length);
  const keys = new Float32Array(slots * dim);
  concepts.forEach((hexcode, i) => {
    for (const row of pool.of.get(hexcode)!)
      for (let k = 0; k < dim; k++) keys[i * dim + k]! += pool.rows[row * dim + k]!;
  });
  normalizeRows(keys, dim);
  const rowOf = new Map(concepts.map((hexcode, i) => [hexcode, i]));
  const projections = paintStyles.map(() => normals(draw, latentDim * codeDim));
  const codes = new Float32Array(slots * codeDim);
  painted.forEach(({ hexcode, style }, n) => {
    const projection = projections[paintStyles.indexOf(style as never)]!;
    const at = rowOf.get(hexcode)! * codeDim;
    for (let k = 0; k < latentDim; k++) {
      const value = latents[n * latentDim + k]!;
      for (let j = 0; j < codeDim; j++) codes[at + j]! += value * projection[k * codeDim + j]!;
    }
  });
  const deviation = Math.sqrt(codes.reduce((sum, value) => sum + value * value, 0) / codes.length);
  for (let k = 0; k < codes.length; k++) codes[k]! /= deviation;
  return { keys: tensor([slots, dim], keys), codes: tensor([slots, codeDim], codes) };
}
