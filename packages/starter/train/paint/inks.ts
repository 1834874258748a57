import { random } from '@cognate/core';
import { tensor, type Tensor } from '@cognate/nn';
import { pictureSize } from './frames.ts';
import { paintStyles } from './sketch.ts';

/** Colours of a style. */
export const inkCount = 48;

/** Greatest step of a pixel to its neighbours, over all of RGBA in 0..255, within an area of one colour. */
const even = 12;

/** Distance of colours that are taken for the same, 0..1 a channel. */
const alike = 8 / 255;

const rounds = 25;

/**
 * The colours that drawings of each style are made of: of each cluster of what their even areas are filled with, the one that
 * most is like. Hands that draw flat have few, and have these exactly; those that shade have many, of which these stand for the rest.
 * @returns `[styles, 3 * inkCount]`, 0..1.
 */
export function inksOf(drawn: readonly { readonly style: string; readonly picture: Uint8Array }[]): Tensor {
  const data = new Float32Array(paintStyles.length * inkCount * 3);
  for (const [i, style] of paintStyles.entries()) {
    const pictures = drawn.filter((each) => each.style === style).map(({ picture }) => picture);
    data.set(favourites(areaColours(pictures)), i * inkCount * 3);
  }
  return tensor([paintStyles.length, inkCount * 3], data);
}

interface Colour {
  readonly rgb: readonly [number, number, number];
  /** How much it counts: of each picture the root of its area, so that what is small is not lost. */
  readonly weight: number;
}

/** Colours of opaque pixels whose neighbours are alike, most of all first. */
function areaColours(pictures: readonly Uint8Array[]): Colour[] {
  const row = 4 * pictureSize;
  const sums = new Map<number, [number, number, number, number]>();
  for (const picture of pictures) {
    const own = new Map<number, [number, number, number, number]>();
    for (let i = row; i < picture.length - row; i += 4) {
      if (picture[i + 3]! < 250) continue;
      const steps = [4, -4, row, -row].map((to) =>
        [0, 1, 2, 3].reduce((sum, c) => sum + Math.abs(picture[i + to + c]! - picture[i + c]!), 0),
      );
      if (Math.max(...steps) > even) continue;
      // To six bits a channel: colours that nobody tells apart.
      const key = ((picture[i]! >> 2) << 12) | ((picture[i + 1]! >> 2) << 6) | (picture[i + 2]! >> 2);
      const sum = own.get(key) ?? [0, 0, 0, 0];
      for (let c = 0; c < 3; c++) sum[c]! += picture[i + c]! / 255;
      sum[3]++;
      own.set(key, sum);
    }
    for (const [key, [r, g, b, count]] of own) {
      const weight = Math.sqrt(count);
      const sum = sums.get(key) ?? [0, 0, 0, 0];
      [r, g, b].forEach((total, c) => (sum[c]! += (weight * total) / count));
      sum[3] += weight;
      sums.set(key, sum);
    }
  }
  return [...sums.values()]
    .map(([r, g, b, weight]): Colour => ({ rgb: [r / weight, g / weight, b / weight], weight }))
    .sort((a, b) => b.weight - a.weight);
}

/**
 * Of each cluster the colour that most of it is like, one after the other.
 * @see Arthur and Vassilvitskii 2007, k-means++: The Advantages of Careful Seeding.
 */
function favourites(colours: readonly Colour[]): Float32Array {
  if (colours.length < inkCount)
    throw new Error(`inksOf() needs ${inkCount} colours of a style, got ${colours.length}`);
  const draw = random(5);
  const out = new Float32Array(inkCount * 3);
  const away = (k: number, { rgb }: Colour): number =>
    (out[3 * k]! - rgb[0]) ** 2 + (out[3 * k + 1]! - rgb[1]) ** 2 + (out[3 * k + 2]! - rgb[2]) ** 2;
  const nearest = new Float64Array(colours.length).fill(Infinity);
  out.set(colours[0]!.rgb);
  for (let k = 1; k < inkCount; k++) {
    let left = 0;
    colours.forEach((colour, i) => {
      nearest[i] = Math.min(nearest[i]!, away(k - 1, colour));
      left += nearest[i] * colour.weight;
    });
    left *= draw.next();
    const next = colours.findIndex((colour, i) => (left -= nearest[i]! * colour.weight) <= 0);
    out.set(colours[Math.max(0, next)]!.rgb, 3 * k);
  }
  const clusters = (): Colour[][] => {
    const members = Array.from({ length: inkCount }, (): Colour[] => []);
    for (const colour of colours) {
      let best = 0;
      for (let k = 1; k < inkCount; k++) if (away(k, colour) < away(best, colour)) best = k;
      members[best]!.push(colour);
    }
    return members;
  };
  for (let round = 0; round < rounds; round++) {
    clusters().forEach((members, k) => {
      const weight = members.reduce((sum, each) => sum + each.weight, 0);
      if (weight > 0)
        for (let c = 0; c < 3; c++)
          out[3 * k + c] = members.reduce((sum, each) => sum + each.weight * each.rgb[c]!, 0) / weight;
    });
  }
  clusters().forEach((members, k) => {
    const crowds = members.map((each) => crowdOf(each, members));
    if (members.length > 0) out.set(members[crowds.indexOf(Math.max(...crowds))]!.rgb, 3 * k);
  });
  return out;
}

/** How much counts of what is like a colour. */
function crowdOf({ rgb }: Colour, among: readonly Colour[]): number {
  const near = among.filter((other) => Math.hypot(...rgb.map((value, c) => value - other.rgb[c]!)) <= alike);
  return near.reduce((sum, { weight }) => sum + weight, 0);
}
