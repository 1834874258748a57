import { CognateError, random, rows, type CallOptions } from '@cognate/core';
import { isHeldOut } from '@cognate/starter';
import type { PairedPoints, PairsChoice, StarterPairs } from '../shared/inference.ts';
import type { StarterParts } from './translators.ts';

/**
 * Names in one language and pictures in one style, paired by concept. The concepts that measure the starter's quality
 * come apart, so that what is learnt here is measured by what nobody has seen.
 */
export async function starterPairs(
  { names, pictures }: Pick<StarterParts, 'names' | 'pictures'>,
  { language, style, count, seed }: PairsChoice,
  options?: CallOptions,
): Promise<StarterPairs> {
  const [{ items, points }, bank] = await Promise.all([names(language, options), pictures.bank(style, options)]);
  const pictureRow = new Map(bank.items.map((hexcode, index) => [hexcode, index]));
  const paired = items.flatMap(({ hexcode, name }, index) => {
    const picture = pictureRow.get(hexcode);
    return picture === undefined ? [] : [{ hexcode, name, index, picture }];
  });
  const chosen = sample(
    paired.filter(({ hexcode }) => !isHeldOut(hexcode)),
    count,
    seed,
  );
  if (chosen.length === 0) {
    throw new CognateError('invalid-input', `starterPairs() found no pairs of ${language} names and ${style} pictures`);
  }
  const together = (pairs: typeof paired): PairedPoints => ({
    source: rows(
      points,
      pairs.map(({ index }) => index),
    ),
    target: rows(
      bank.rows,
      pairs.map(({ picture }) => picture),
    ),
    labels: pairs.map(({ name }) => name),
    hexcodes: pairs.map(({ hexcode }) => hexcode),
  });
  return { ...together(chosen), heldOut: together(paired.filter(({ hexcode }) => isHeldOut(hexcode))) };
}

function sample<Item>(items: Item[], count: number, seed: number): Item[] {
  if (count >= items.length) return items;
  const order = random(seed).permutation(items.length);
  return Array.from(order.subarray(0, count), (index) => items[index]!);
}
