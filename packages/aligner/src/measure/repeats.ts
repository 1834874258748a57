import type { LearningCurve } from '@cognate/core';
import type { Tools } from '../algebra/tools.ts';
import type { Heads } from '../alignment/path.ts';
import { deal, members } from '../groups.ts';
import { subset, type Sample } from '../sample.ts';
import { deviation, recalls, type Recalls } from './intervals.ts';
import { judge } from './judge.ts';

export interface RepeatOptions {
  readonly sample: Sample;
  /** The method, ready to learn. */
  readonly fit: (train: Sample) => Promise<Heads>;
  /** Groups held out of each split. */
  readonly share: number;
  /** Whether to look for them among all pairs, as cross-validation does, or only among those held out. */
  readonly amongAll: boolean;
  readonly seed: number;
  readonly tools: Tools;
  /** Called after each fit. */
  readonly onFit: (done: number, total: number) => void;
}

/** What fits to other splits of the pairs have shown. */
export interface Repeats {
  readonly forward: readonly Recalls[];
  readonly backward: readonly Recalls[];
  readonly curve: Pick<LearningCurve, 'points' | 'repeats'>;
}

/** Splits for the intervals. */
const splitCount = 6;

/** Splits among them that the learning curve is repeated on. */
const curveRepeats = 3;

/** Shares of the training pairs that points of the curve learn from. */
const shares = [1 / 8, 1 / 4, 1 / 2, 1] as const;

/** Fewer groups than this teach nothing. */
const leastGroups = 5;

/** Fits anew to seeded splits, with all pairs that a split leaves to learn from, and on some of them with fewer. */
export async function repeatFits(options: RepeatOptions): Promise<Repeats> {
  const { sample, fit, share, amongAll, seed, tools, onFit } = options;
  const full: Split[] = [];
  const curve = shares.map((): Split[] => []);
  const groupCount = new Set(sample.groups).size;
  const sizes = shares.map((part) => Math.round(part * (groupCount - share)));
  const drawn = shares.filter((part, at) => part === 1 || sizes[at]! >= leastGroups);
  const total = splitCount + curveRepeats * (drawn.length - 1);
  let done = 0;
  for (let i = 0; i < splitCount; i++) {
    const [asked, rest] = deal(sample.groups, [share], seed + 1 + i) as [number[], number[]];
    const test = subset(sample, asked);
    const candidates = amongAll ? sample : test;
    const byGroup = [...members(rest.map((row) => sample.groups[row]!)).values()];
    for (const [at, part] of shares.entries()) {
      if (part < 1 && (i >= curveRepeats || !drawn.includes(part))) continue;
      const train = subset(
        sample,
        byGroup.slice(0, sizes[at]).flatMap((rows) => rows.map((row) => rest[row]!)),
      );
      const ranked = await judge({ heads: await fit(train), test, candidates, crowd: train }, tools);
      const split = {
        pairs: train.source.count,
        forward: recalls(ranked.forward),
        backward: recalls(ranked.backward),
      };
      if (part === 1) full.push(split);
      if (i < curveRepeats) curve[at]!.push(split);
      onFit(++done, total);
    }
  }
  return {
    forward: full.map(({ forward }) => forward),
    backward: full.map(({ backward }) => backward),
    curve: { points: curve.filter((point) => point.length > 0).map(pointOf), repeats: curveRepeats },
  };
}

/** What one fit has shown. */
interface Split {
  readonly pairs: number;
  readonly forward: Recalls;
  readonly backward: Recalls;
}

function pointOf(splits: readonly Split[]): LearningCurve['points'][number] {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value / values.length, 0);
  const both = (name: keyof Recalls): number[] =>
    splits.map(({ forward, backward }) => (forward[name] + backward[name]) / 2);
  return {
    pairs: Math.round(mean(splits.map(({ pairs }) => pairs))),
    recallAt1: mean(both('recallAt1')),
    recallAt10: mean(both('recallAt10')),
    sd: deviation(both('recallAt1')),
  };
}
