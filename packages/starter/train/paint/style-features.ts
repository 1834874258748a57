import { pictureSize } from './frames.ts';

/** Levels of each colour in the histogram of areas, finer than a style's favourite colours lie apart, and in that of the rim. */
const levels = { areas: 40, rim: 12 } as const;
/** Greatest step to a neighbour, in sums of three colours of 0..1, within an area. */
const even = 0.12;
/** Blocks of the silhouette, across and down. */
const shape = 8;

/** Numbers that describe a picture. */
export const styleDim = levels.areas ** 3 + levels.rim ** 3 + shape ** 2;

/** Numbers by their place in the row of all; the others are 0. */
export type SparseRow = ReadonlyMap<number, number>;

/**
 * How often each colour fills areas of one colour, which colours lie along the rim, and the silhouette.
 * @param picture premultiplied RGBA, 0..255, `[64, 64, 4]`.
 */
export function styleFeatures(picture: Uint8Array): SparseRow {
  const [areas, rim] = [new Map<number, number>(), new Map<number, number>()];
  const alphaAt = (pixel: number): number => picture[4 * pixel + 3]! / 255;
  for (let pixel = 0; pixel < pictureSize ** 2; pixel++) {
    const alpha = alphaAt(pixel);
    if (alpha <= 0.5) continue;
    const colour = [0, 1, 2].map((c) => Math.min(1, picture[4 * pixel + c]! / 255 / alpha));
    const around = neighbours(pixel);
    if (around.length < 4 || around.some((next) => alphaAt(next) < 0.5)) addColour(rim, levels.rim, colour);
    const alike = (next: number): boolean =>
      alphaAt(next) >= 0.9 &&
      [0, 1, 2].reduce((sum, c) => sum + Math.abs(picture[4 * next + c]! - picture[4 * pixel + c]!), 0) <= 255 * even;
    if (alpha > 0.9 && around.every(alike)) addColour(areas, levels.areas, colour);
  }
  const row = new Map<number, number>();
  const put = (histogram: ReadonlyMap<number, number>, from: number): void => {
    const total = [...histogram.values()].reduce((sum, value) => sum + value, 0);
    // Roots of shares, so that what is rare counts as well.
    for (const [place, value] of histogram) row.set(from + place, 2 * Math.sqrt(value / total));
  };
  put(areas, 0);
  put(rim, levels.areas ** 3);
  const block = pictureSize / shape;
  for (let pixel = 0; pixel < pictureSize ** 2; pixel++) {
    const [x, y] = [pixel % pictureSize, Math.floor(pixel / pictureSize)];
    const place = styleDim - shape ** 2 + Math.floor(y / block) * shape + Math.floor(x / block);
    row.set(place, (row.get(place) ?? 0) + (0.5 * alphaAt(pixel)) / block ** 2);
  }
  return row;
}

/** The pixels left, right, above and below that there are. */
function neighbours(pixel: number): number[] {
  const [x, y] = [pixel % pictureSize, Math.floor(pixel / pictureSize)];
  const out: number[] = [];
  if (x > 0) out.push(pixel - 1);
  if (x < pictureSize - 1) out.push(pixel + 1);
  if (y > 0) out.push(pixel - pictureSize);
  if (y < pictureSize - 1) out.push(pixel + pictureSize);
  return out;
}

/** Adds a colour, 0..1, to its eight nearest levels, by nearness. */
function addColour(histogram: Map<number, number>, count: number, colour: readonly number[]): void {
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
    if (weight > 0) histogram.set(index, (histogram.get(index) ?? 0) + weight);
  }
}
