import type { Random } from '@cognate/core';
import { tensor, type Tensor } from '@cognate/nn';
import { loadConcepts, type Concept } from '../data/concepts.ts';
import type { RecipeHost } from '../data/recipe-host.ts';
import { loadPictures } from '../image/pictures.ts';
import { imageDataOf } from '../image/shipped.ts';
import { paintStyles } from './sketch.ts';
import { framePicture, mirrorPicture, pictureSize, recolourPicture } from './frames.ts';

/** Coloured styles that the codec sees beside those it is to paint. */
const otherStyles = ['noto-v1', 'emojitwo', 'fluent', 'fxemoji'] as const;

/** One picture as it is to be painted. */
export interface Framed {
  /** Empty where it shows no concept. */
  readonly hexcode: string;
  readonly style: string;
  readonly part: Concept['part'];
  /** `[64, 64, 4]`, premultiplied, 0..255. */
  readonly picture: Uint8Array<ArrayBuffer>;
}

/** Bytes of one framed picture. */
export const pictureLength = pictureSize * pictureSize * 4;

/** Every picture of the painted styles, of every part of the split, and training pictures of other coloured styles. */
export async function loadGallery(host: RecipeHost): Promise<{ painted: Framed[]; others: Framed[] }> {
  const parts = new Map((await loadConcepts()).map(({ hexcode, part }) => [hexcode, part]));
  const framed = async (style: string, kept: readonly Concept['part'][]): Promise<Framed[]> => {
    const set = await loadPictures(host, style);
    return set.hexcodes.flatMap((hexcode, i) => {
      const part = parts.get(hexcode);
      return part && kept.includes(part) ? [{ hexcode, style, part, picture: framePicture(imageDataOf(set, i)) }] : [];
    });
  };
  const painted: Framed[] = [];
  for (const style of paintStyles) painted.push(...(await framed(style, ['train', 'validation', 'heldOut'])));
  const others: Framed[] = [];
  for (const style of otherStyles) others.push(...(await framed(style, ['train'])));
  return { painted, others };
}

/** Pictures one after the other, 0..1. */
export function stackPictures(pictures: readonly Uint8Array[]): Tensor {
  const data = new Float32Array(pictures.length * pictureLength);
  pictures.forEach((picture, i) => {
    const at = i * pictureLength;
    for (let k = 0; k < pictureLength; k++) data[at + k] = picture[k]! / 255;
  });
  return tensor([pictures.length, pictureSize, pictureSize, 4], data);
}

/** Share of pictures whose colours trade places: the codec is to draw shapes in any colours. */
const recolouredShare = 0.25;

/** Random pictures for the codec: most of them in painted styles, half of them mirrored, some in other colours. */
export function drawPictures(
  draw: Random,
  count: number,
  { painted, others }: { readonly painted: readonly Framed[]; readonly others: readonly Framed[] },
): Tensor {
  return stackPictures(
    Array.from({ length: count }, () => {
      const from = draw.next() < 0.6 ? painted : others;
      const { picture } = from[draw.below(from.length)]!;
      const turned = draw.next() < 0.5 ? mirrorPicture(picture) : picture;
      return draw.next() < recolouredShare ? recolourPicture(turned, [...draw.permutation(3)]) : turned;
    }),
  );
}
