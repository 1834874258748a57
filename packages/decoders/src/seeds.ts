import { CognateError } from '@cognate/core';

/** One seed for each row: the given ones, or the same for all, so that a row does not depend on its neighbours. */
export function seedsFor(call: string, seed: number | readonly number[], count: number): readonly number[] {
  const seeds = typeof seed === 'number' ? Array.from({ length: count }, () => seed) : seed;
  if (seeds.length !== count)
    throw new CognateError('shape-mismatch', `${call} needs one seed for each of ${count} points, got ${seeds.length}`);
  const bad = seeds.find((each) => !Number.isInteger(each) || each < 0);
  if (bad !== undefined)
    throw new CognateError('invalid-input', `${call} needs whole numbers of 0 or more as seeds, got ${bad}`);
  return seeds;
}
