import type { Random } from '@cognate/core';
import { pictureSize } from './frames.ts';

/** Levels of each colour in the histogram of all covered pixels, and in that of those near an edge. */
const levels = 8;
const edgeLevels = 5;
/** Pixels are looked at in blocks of two, since the finest grain says more of the painter than of the style. */
const side = pictureSize / 2;
/** Sides of the blocks between which steps are measured, and levels of their size. */
const scales = [2, 4];
const steepness = 10;
const shape = 8;

/** Numbers that describe a picture. */
export const styleDim = levels ** 3 + 1 + edgeLevels ** 3 + scales.length * 2 * steepness + shape ** 2;

/**
 * How often each colour is and how many there are; which colours lie along edges; how steep steps between neighbours are;
 * and the silhouette.
 * @param picture premultiplied RGBA, 0..255, `[64, 64, 4]`.
 */
export function styleFeatures(picture: Uint8Array): Float32Array<ArrayBuffer> {
  const out = new Float32Array(styleDim);
  const small = pooled(picture, 2);
  const colours = out.subarray(0, levels ** 3);
  const edges = out.subarray(levels ** 3 + 1, levels ** 3 + 1 + edgeLevels ** 3);
  let [covered, near] = [0, 0];
  const opacity = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= side || y >= side ? 1 : small[(y * side + x) * 4 + 3]!;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const at = (y * side + x) * 4;
      const alpha = small[at + 3]!;
      if (alpha <= 0.5) continue;
      const colour = [0, 1, 2].map((c) => Math.min(1, small[at + c]! / alpha)) as [number, number, number];
      if (alpha > 0.8) {
        addColour(colours, levels, colour);
        covered++;
      }
      let least = 1;
      for (let dy = -2; dy <= 2; dy++)
        for (let dx = -2; dx <= 2; dx++) least = Math.min(least, opacity(x + dx, y + dy));
      if (least < 0.5) {
        addColour(edges, edgeLevels, colour);
        near++;
      }
    }
  }
  let entropy = 0;
  for (const value of colours) if (value > 0) entropy -= (value / covered) * Math.log(value / covered);
  rootShares(colours, covered);
  rootShares(edges, near);
  out[levels ** 3] = entropy / 3;
  let to = levels ** 3 + 1 + edgeLevels ** 3;
  for (const scale of scales) {
    for (const [dx, dy] of [[1, 0], [0, 1]] as const) addSteps(out.subarray(to, (to += steepness)), picture, scale, dx, dy); // prettier-ignore
  }
  const silhouette = pooled(picture, pictureSize / shape);
  for (let i = 0; i < shape ** 2; i++) out[to + i] = 0.5 * silhouette[4 * i + 3]!;
  return out;
}

/** A picture with grain and blur, as nobody draws and many a network paints: what is left of its style is what counts. */
export function roughened(picture: Uint8Array, { normal }: Random): Uint8Array {
  const blocks = Array.from({ length: 3 * 16 * 16 }, () => 20 * normal());
  const grainy = Float32Array.from(picture, (value, i) => {
    const [x, y] = [(i >> 2) % pictureSize, Math.floor(i / 4 / pictureSize)];
    if (i % 4 === 3) return value;
    return value + (blocks[((y >> 2) * 16 + (x >> 2)) * 3 + (i % 4)]! * picture[i - (i % 4) + 3]!) / 255;
  });
  const soft = blurred(blurred(grainy));
  return Uint8Array.from(soft, (value, i) => {
    const alpha = soft[i - (i % 4) + 3]!;
    const rough = i % 4 === 3 ? value : value + (30 * normal() * alpha) / 255;
    return Math.round(Math.min(alpha, Math.max(0, rough)));
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

/** How steep the steps between covered blocks are. */
function addSteps(out: Float32Array, picture: Uint8Array, scale: number, dx: number, dy: number): void {
  const blocks = pooled(picture, scale);
  const width = pictureSize / scale;
  let count = 0;
  for (let y = 0; y + dy < width; y++) {
    for (let x = 0; x + dx < width; x++) {
      const [a, b] = [(y * width + x) * 4, ((y + dy) * width + x + dx) * 4];
      if (blocks[a + 3]! <= 0.9 || blocks[b + 3]! <= 0.9) continue;
      const step = [0, 1, 2].reduce((sum, c) => sum + Math.abs(blocks[a + c]! - blocks[b + c]!), 0);
      const place = Math.sqrt(Math.min(1.5, step) / 1.5) * (steepness - 1);
      const low = Math.min(steepness - 2, Math.floor(place));
      out[low]! += 1 - (place - low);
      out[low + 1]! += place - low;
      count++;
    }
  }
  rootShares(out, count);
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

/** Each number mixed with those of the eight pixels around it. */
function blurred(picture: Float32Array): Float32Array {
  const along = (values: Float32Array, step: number): Float32Array =>
    values.map((value, i) => 0.6 * value + 0.2 * ((values[i - step] ?? value) + (values[i + step] ?? value)));
  return along(along(picture, 4), 4 * pictureSize);
}
