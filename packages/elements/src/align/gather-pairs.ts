import { CognateError, concat, rows, type CallOptions } from '@cognate/core';
import type { Cognate } from '@cognate/web-workers';
import type { ReportSamples } from '../report/suspects-view.ts';
import type { Pairs } from './task.ts';
import { plainKey, type OwnPair } from './own-pairs.ts';

/** With what the rows stand for: a name or phrase, and the emoji or the name of its picture. */
export interface GatheredPairs extends Pairs {
  readonly samples: ReportSamples;
}

/** What to learn from. */
export interface PairsWanted {
  readonly language: string;
  readonly style: string;
  readonly starter: boolean;
  readonly own: readonly OwnPair[];
  /** A file name is the phrase of its picture. */
  readonly pictures: readonly { readonly phrase: string; readonly bitmap: ImageBitmap }[];
}

/**
 * Points of the starter's pairs, of the visitor's own phrases (the picture is the starter's) and of the visitor's own
 * pictures. A concept that the visitor teaches is no longer held out.
 * @throws {CognateError} `invalid-input` when there is nothing to learn from, or an emoji has no picture.
 */
export async function gatherPairs(
  cognate: Cognate,
  { language, style, starter, own, pictures }: PairsWanted,
  options: CallOptions,
): Promise<GatheredPairs> {
  const pairs = await cognate.starterPairs({ language, style }, options);
  const drawn = concat([pairs.target, pairs.heldOut.target]);
  const keys = [...pairs.hexcodes, ...pairs.heldOut.hexcodes].map(plainKey);
  const rowOf = new Map(keys.map((key, row) => [key, row]));
  const pictureRows = own.map(({ phrase, hexcode }) => {
    const row = rowOf.get(plainKey(hexcode));
    if (row !== undefined) return row;
    throw new CognateError('invalid-input', `There is no ${style} picture for the emoji beside “${phrase}”.`);
  });
  const phrases = [...own, ...pictures].map(({ phrase }) => phrase);
  const source = starter ? [pairs.source] : [];
  const target = starter ? [pairs.target] : [];
  if (phrases.length > 0) {
    await using encoder = await cognate.encoder('text', options);
    source.push(await encoder.encode(phrases, options));
    target.push(rows(drawn, pictureRows));
  }
  if (pictures.length > 0) {
    await using encoder = await cognate.encoder('image', options);
    const bitmaps = pictures.map(({ bitmap }) => bitmap);
    target.push(await encoder.encode(bitmaps, options));
  }
  const [firstSource, ...moreSource] = source;
  const [firstTarget, ...moreTarget] = target;
  if (!firstSource || !firstTarget) {
    throw new CognateError('invalid-input', 'There are no pairs to learn from: add some, or take the starter’s.');
  }
  const named = [...(starter ? pairs.labels : []), ...phrases];
  const shown = [
    ...[...(starter ? pairs.hexcodes : []), ...own.map(({ hexcode }) => hexcode)].map(emojiOf),
    ...pictures.map(({ phrase }) => `a picture of ${phrase}`),
  ];
  const taught = new Set(own.map(({ hexcode }) => plainKey(hexcode)));
  const kept = pairs.heldOut.hexcodes.flatMap((hexcode, row) => (taught.has(plainKey(hexcode)) ? [] : row));
  return {
    source: concat([firstSource, ...moreSource]),
    target: concat([firstTarget, ...moreTarget]),
    heldOut: { source: rows(pairs.heldOut.source, kept), target: rows(pairs.heldOut.target, kept) },
    samples: { source: (row) => named[row], target: (row) => shown[row] },
  };
}

function emojiOf(hexcode: string): string {
  return String.fromCodePoint(...hexcode.split('-').map((code) => parseInt(code, 16)));
}
