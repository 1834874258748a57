import type { Random } from '@cognate/core';
import type { Framed } from './gallery.ts';
import { mirrorPicture, pictureSize, recolourPicture } from './frames.ts';
import { paintStyles } from './sketch.ts';

const half = pictureSize / 2;
const row = 4 * pictureSize;

/**
 * Pictures that nobody drew, of parts of those that somebody did: turned, in other colours, two halves joined, two side by
 * side. Whoever has painted those from their points too knows more of points than where training concepts lie.
 * @returns `count` pictures that show no concept; their `hexcode` is empty.
 */
export function makeUp(draw: Random, drawn: readonly Framed[], count: number): Framed[] {
  const byStyle = new Map(paintStyles.map((style) => [style as string, drawn.filter((each) => each.style === style)]));
  const one = (from: readonly Framed[]): Uint8Array<ArrayBuffer> => {
    const { picture } = from[draw.below(from.length)]!;
    return draw.next() < 0.5 ? mirrorPicture(picture) : picture;
  };
  const kinds = [
    (from: readonly Framed[]) => quarterTurn(one(from)),
    (from: readonly Framed[]) => joined(one(from), one(from)),
    (from: readonly Framed[]) => sideBySide(one(from), one(from)),
  ];
  return Array.from({ length: count }, () => {
    const { style } = drawn[draw.below(drawn.length)]!;
    const shape = kinds[draw.below(kinds.length)]!(byStyle.get(style)!);
    const upright = draw.next() < 0.5 ? shape : quarterTurn(shape);
    const picture = draw.next() < 0.5 ? upright : recolourPicture(upright, [...draw.permutation(3)]);
    return { hexcode: '', style, part: 'train' as const, picture };
  });
}

function quarterTurn(picture: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(picture.length);
  for (let y = 0; y < pictureSize; y++) {
    for (let x = 0; x < pictureSize; x++) {
      const from = x * row + 4 * (pictureSize - 1 - y);
      out.set(picture.subarray(from, from + 4), y * row + 4 * x);
    }
  }
  return out;
}

/** The left of one and the right of another. */
function joined(left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(left, (value, i) => (i % row < row / 2 ? value : right[i]!));
}

/** Both at half their size, in the middle of the height. */
function sideBySide(left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(left.length);
  for (const [side, picture] of [left, right].entries()) {
    for (let y = 0; y < half; y++) {
      for (let i = 0; i < row / 2; i++) {
        const from = 2 * y * row + 8 * (i >> 2) + (i % 4);
        const mean = (picture[from]! + picture[from + 4]! + picture[from + row]! + picture[from + row + 4]!) / 4;
        out[(y + half / 2) * row + (side * row) / 2 + i] = mean;
      }
    }
  }
  return out;
}
