import { deal } from '../groups.ts';
import { reciprocals } from '../measure/judge.ts';
import { isPositive, mean } from '../measure/statistics.ts';
import { picked, type Pairs } from '../pairs.ts';
import type { Tools } from '../algebra/tools.ts';
import { kernelOf, type KernelSetting } from './kernel.ts';
import { leaveOutRanks } from './leave-out.ts';

/** Pairs to choose by: with more, the choice hardly changes, and time grows with the cube. */
const enough = 400;

/** Queries to choose by: with few pairs, parts are drawn again and again until there are so many. */
const queries = 1000;

/**
 * Cosines alone, and Gaussian kernels: the sharpness that does best is kept, with its first strength unless another does
 * better by more than chance.
 */
const families = {
  linear: { sharpnesses: [0], strengths: [1, 0.3, 3, 10] },
  gaussian: { sharpnesses: [1, 0.5, 2, 4], strengths: [1, 3] },
} as const;

/** Leaves a fifth of the pairs out in turn, lets the others find them, and keeps the setting by which they do best. */
export async function chooseKernel(
  family: keyof typeof families,
  pairs: Pairs,
  { times, breathe }: Tools,
): Promise<KernelSetting> {
  const { sharpnesses, strengths } = families[family];
  const { source, target, groups } = thinnedPairs(pairs);
  const parts = partsOf(groups);
  const outcome = async (setting: KernelSetting): Promise<Outcome> => {
    const kernels = {
      source: await kernelOf(source, setting.sharpness, times, breathe),
      target: await kernelOf(target, setting.sharpness, times, breathe),
    };
    const ranked = await leaveOutRanks(kernels, setting.strength, groups, parts, { times, breathe });
    return { setting, gains: reciprocals(ranked) };
  };
  const [first, ...others] = strengths;
  const bySharpness: Outcome[] = [];
  for (const sharpness of sharpnesses) bySharpness.push(await outcome({ sharpness, strength: first }));
  const sharpest = winner(bySharpness);
  const byStrength = [sharpest];
  for (const strength of others) byStrength.push(await outcome({ ...sharpest.setting, strength }));
  const repeats = parts.reduce((sum, part) => sum + part.length, 0) / groups.length;
  return clearWinner(byStrength, repeats).setting;
}

/** Of each query the mean reciprocal rank of both directions. */
interface Outcome {
  readonly setting: KernelSetting;
  readonly gains: readonly number[];
}

function winner(found: readonly Outcome[]): Outcome {
  return found.reduce((a, b) => (mean(b.gains) > mean(a.gains) ? b : a));
}

/** The best on average, unless the first is worse by less than a standard error of the difference. */
function clearWinner(found: readonly Outcome[], repeats: number): Outcome {
  const first = found[0]!;
  const best = winner(found);
  const lead = best.gains.map((gain, i) => gain - first.gains[i]!);
  return isPositive(lead, 1, repeats) ? best : first;
}

/** As many as are enough, in random order: one of each group before a second of any. */
function thinnedPairs(pairs: Pairs): Pairs {
  if (pairs.groups.length <= enough) return pairs;
  const turns = new Map<number, number>();
  const inTurn = deal(pairs.groups, [], 0)[0]!.map((row) => {
    const turn = turns.get(pairs.groups[row]!) ?? 0;
    turns.set(pairs.groups[row]!, turn + 1);
    return { row, turn };
  });
  const rows = inTurn
    .sort((a, b) => a.turn - b.turn)
    .slice(0, enough)
    .map(({ row }) => row);
  const groups = Int32Array.from(rows, (row) => pairs.groups[row]!);
  return { source: picked(pairs.source, rows), target: picked(pairs.target, rows), groups };
}

/** Fifths to leave out in turn, of as many random orders as it takes. */
function partsOf(groups: Int32Array): number[][] {
  const repeats = Math.max(1, Math.min(20, Math.round(queries / groups.length)));
  const fifth = Math.ceil(new Set(groups).size / 5);
  return Array.from({ length: repeats }, (_, seed) => {
    return deal(groups, [fifth, fifth, fifth, fifth], seed).filter((part) => part.length > 0);
  }).flat();
}
