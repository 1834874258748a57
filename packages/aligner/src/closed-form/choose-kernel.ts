import { deal } from '../groups.ts';
import type { Pairs } from '../pairs.ts';
import type { Tools } from '../algebra/tools.ts';
import { kernelOf, type Kernel, type KernelSetting } from './kernel.ts';
import { leaveOutRanks } from './leave-out.ts';

/** Pairs to choose by: with more, the choice hardly changes, and time grows with the cube. */
const enough = 400;

/** Queries to choose by: with few pairs, parts are drawn again and again until there are so many. */
const queries = 1000;

/** The sharpness that does best is kept, with its first strength unless another does better by more than chance. */
const settings: readonly KernelSetting[] = [
  ...[1, 0.3, 3, 10].map((strength) => ({ sharpness: 0, strength })),
  ...[1, 0.5, 2, 4].flatMap((sharpness) => [1, 3].map((strength) => ({ sharpness, strength }))),
];

/** The settings that do best on pairs that are left out: among cosines alone, and among Gaussian kernels. */
export interface KernelChoice {
  readonly linear: KernelSetting;
  readonly gaussian: KernelSetting;
}

const chosen = new WeakMap<Pairs, Promise<KernelChoice>>();

/**
 * Leaves a fifth of the pairs out in turn and lets the others find them, by each setting. Pairs are looked at once,
 * however many methods ask.
 */
export function chooseKernel(pairs: Pairs, tools: Tools): Promise<KernelChoice> {
  const before = chosen.get(pairs);
  if (before) return before;
  const choice = choose(pairs, tools);
  chosen.set(pairs, choice);
  return choice;
}

async function choose(pairs: Pairs, { times, breathe }: Tools): Promise<KernelChoice> {
  const { source, target, groups } = thinnedPairs(pairs);
  const n = groups.length;
  const parts = partsOf(groups);
  const found: Outcome[] = [];
  let sharpness = NaN;
  let kernels: Record<'source' | 'target', Kernel> | undefined;
  for (const setting of settings) {
    if (!kernels || setting.sharpness !== sharpness) {
      ({ sharpness } = setting);
      kernels = {
        source: await kernelOf(source, sharpness, times, breathe),
        target: await kernelOf(target, sharpness, times, breathe),
      };
    }
    const ranked = await leaveOutRanks(kernels, setting.strength, groups, parts, { times, breathe });
    const gains = ranked.flatMap(({ forward, backward }) =>
      Array.from(forward, (rank, i) => (1 / rank + 1 / backward[i]!) / 2),
    );
    found.push({ setting, gains: Float64Array.from(gains) });
  }
  const repeats = parts.reduce((sum, part) => sum + part.length, 0) / n;
  const bent = winner(found.filter(({ setting }) => setting.sharpness > 0 && setting.strength === 1));
  const ofSharpness = (wanted: number): Outcome[] => found.filter(({ setting }) => setting.sharpness === wanted);
  return {
    linear: clearWinner(ofSharpness(0), repeats).setting,
    gaussian: clearWinner(ofSharpness(bent.setting.sharpness), repeats).setting,
  };
}

/** Of each query the mean reciprocal rank of both directions. */
interface Outcome {
  readonly setting: KernelSetting;
  readonly gains: Float64Array;
}

function winner(found: readonly Outcome[]): Outcome {
  return found.reduce((a, b) => (mean(b.gains) > mean(a.gains) ? b : a));
}

/** The best on average, unless the first is worse by less than a standard error of the difference. */
function clearWinner(found: readonly Outcome[], repeats: number): Outcome {
  const first = found[0]!;
  const best = winner(found);
  const lead = best.gains.map((gain, i) => gain - first.gains[i]!);
  const average = mean(lead);
  const variance = mean(lead.map((value) => (value - average) ** 2));
  return average > Math.sqrt((variance * repeats) / lead.length) ? best : first;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Whole groups in random order, as many as are enough. */
function thinnedPairs(pairs: Pairs): Pairs {
  if (pairs.groups.length <= enough) return pairs;
  const rows = deal(pairs.groups, [], 0)[0]!.slice(0, enough);
  const side = ({ cols, data, mean }: Pairs['source']): Pairs['source'] => {
    const kept = new Float32Array(rows.length * cols);
    rows.forEach((row, i) => kept.set(data.subarray(row * cols, (row + 1) * cols), i * cols));
    return { rows: rows.length, cols, data: kept, mean };
  };
  const groups = Int32Array.from(rows, (row) => pairs.groups[row]!);
  return { source: side(pairs.source), target: side(pairs.target), groups };
}

/** Fifths to leave out in turn, of as many random orders as it takes. */
export function partsOf(groups: Int32Array): number[][] {
  const repeats = Math.max(1, Math.min(20, Math.round(queries / groups.length)));
  const fifth = Math.ceil(new Set(groups).size / 5);
  return Array.from({ length: repeats }, (_, seed) => {
    return deal(groups, [fifth, fifth, fifth, fifth], seed).filter((part) => part.length > 0);
  }).flat();
}
