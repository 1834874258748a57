import type { Random } from '@cognate/core';
import { pictureSize } from './frames.ts';

/** Levels of each colour in the histogram of areas, and in that of the rim. */
const levels = 10;
const rimLevels = 6;
/** Pixels are looked at in blocks of two, since the finest grain says more of the painter than of the style. */
const side = pictureSize / 2;
/** Greatest step to a neighbour, in sums of three colours of 0..1, within an area. */
const even = 0.12;
const shape = 8;

/** Numbers that describe a picture. */
export const styleDim = levels ** 3 + 2 + rimLevels ** 3 + shape ** 2;

/**
 * How often each colour is in areas of one colour, how many there are and how much of the picture they are; which colours
 * lie along the rim; and the silhouette.
 * @param picture premultiplied RGBA, 0..255, `[64, 64, 4]`.
 */
export function styleFeatures(picture: Uint8Array): Float32Array<ArrayBuffer> {
  const out = new Float32Array(styleDim);
  const small = pooled(picture, 2);
  const areas = out.subarray(0, levels ** 3);
  const rim = out.subarray(levels ** 3 + 2, levels ** 3 + 2 + rimLevels ** 3);
  let [covered, inside, near] = [0, 0, 0];
  const at = (x: number, y: number): number => (y * side + x) * 4;
  const outside = (x: number, y: number): boolean => x < 0 || y < 0 || x >= side || y >= side;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const here = at(x, y);
      const alpha = small[here + 3]!;
      if (alpha <= 0.5) continue;
      const colour = [0, 1, 2].map((c) => Math.min(1, small[here + c]! / alpha)) as [number, number, number];
      covered++;
      let [isEven, isRim] = [alpha > 0.9, false];
      for (const [dx, dy] of [
        [1, 0],
        [-1, 0],
        [0, 1],
        [0, -1],
      ] as const) {
        const next = outside(x + dx, y + dy) ? -1 : at(x + dx, y + dy);
        if (next < 0 || small[next + 3]! < 0.5) isRim = true;
        if (next < 0) continue;
        const step = [0, 1, 2].reduce((sum, c) => sum + Math.abs(small[next + c]! - small[here + c]!), 0);
        if (small[next + 3]! < 0.9 || step > even) isEven = false;
      }
      if (isEven) {
        addColour(areas, levels, colour);
        inside++;
      }
      if (isRim) {
        addColour(rim, rimLevels, colour);
        near++;
      }
    }
  }
  let entropy = 0;
  for (const value of areas) if (value > 0) entropy -= (value / inside) * Math.log(value / inside);
  rootShares(areas, inside);
  rootShares(rim, near);
  out[levels ** 3] = entropy / 3;
  out[levels ** 3 + 1] = inside / Math.max(1, covered);
  const silhouette = pooled(picture, pictureSize / shape);
  const last = styleDim - shape ** 2;
  for (let i = 0; i < shape ** 2; i++) out[last + i] = 0.5 * silhouette[4 * i + 3]!;
  return out;
}

/** A picture with colours a little off, often blurred and grainy: what is left of its style is what counts. */
export function roughened(picture: Uint8Array, draw: Random): Uint8Array {
  const off = [6 * draw.normal(), 6 * draw.normal(), 6 * draw.normal()];
  const grain = 10 * draw.next();
  let out: ArrayLike<number> = picture;
  for (let passes = draw.below(3); passes > 0; passes--) out = blurred(out);
  return Uint8Array.from(out, (value, i) => {
    const alpha = out[i | 3]!;
    if (i % 4 === 3) return value;
    return Math.round(Math.min(alpha, Math.max(0, value + ((off[i % 4]! + grain * draw.normal()) * alpha) / 255)));
  });
}

/** Adds a colour to its eight nearest levels, by nearness. */
function addColour(histogram: Float32Array, count: number, colour: readonly [number, number, number]): void {
  const places = colour.map((value) => {
    const place = value * (count - 1);
    const low = Math.min(count - 2, Math.floor(place));
    return { low, share: place - low };
  });
  for (let corner = 0; corner < 8; corner++) {
    let [index, weight] = [0, 1];
    places.forEach(({ low, share }, c) => {
      const up = (corner >> c) & 1;
      index = index * count + low + up;
      weight *= up ? share : 1 - share;
    });
    histogram[index]! += weight;
  }
}

/** Roots of shares, so that what is rare counts as well. */
function rootShares(values: Float32Array, count: number): void {
  for (let i = 0; i < values.length; i++) values[i] = 2 * Math.sqrt(values[i]! / Math.max(1, count));
}

/** Means over blocks, 0..1, `[64 / block, 64 / block, 4]`. */
function pooled(picture: Uint8Array, block: number): Float32Array {
  const width = pictureSize / block;
  const out = new Float32Array(width * width * 4);
  const share = 1 / (255 * block * block);
  for (let i = 0; i < picture.length; i++) {
    const [x, y] = [(i >> 2) % pictureSize, Math.floor(i / 4 / pictureSize)];
    out[(Math.floor(y / block) * width + Math.floor(x / block)) * 4 + (i % 4)]! += picture[i]! * share;
  }
  return out;
}

/** Each number mixed with those of the four pixels around it. */
function blurred(picture: ArrayLike<number>): Float32Array {
  const row = 4 * pictureSize;
  const out = Float32Array.from(picture);
  for (let i = row; i < out.length - row; i++) {
    out[i] = 0.5 * picture[i]! + 0.125 * (picture[i - 4]! + picture[i + 4]! + picture[i - row]! + picture[i + row]!);
  }
  return out;
}
