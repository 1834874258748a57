import { random, type Interval, type MeasuredScores } from '@cognate/core';
import { members } from '../groups.ts';
import { recallAt } from './metrics/ranks.ts';

export type RecallName = 'recallAt1' | 'recallAt5' | 'recallAt10';

/** Recall as a report shows it. */
export type Recalls = Readonly<Record<RecallName, number>>;

/** What `MeasuredScores` says about how sure it is. */
export type Spread = Pick<MeasuredScores, 'interval' | 'repeated'>;

const depths = { recallAt1: 1, recallAt5: 5, recallAt10: 10 } as const;

export function recalls(ranks: ArrayLike<number>): Recalls {
  return each((name) => recallAt(ranks, depths[name]));
}

/** Draws of queries. */
const draws = 1000;

/**
 * Percentiles over draws of whole groups of queries, with replacement: how the scores of this one fit would vary with
 * the pairs that happened to be held out. It knows nothing of how fits vary with the pairs learned from.
 * @param ranks `[queries]`. @param groups `[queries]`.
 * @see Efron 1979, Bootstrap Methods: Another Look at the Jackknife.
 */
export function overQueries(ranks: ArrayLike<number>, groups: ArrayLike<number>): Spread {
  const byGroup = [...members(groups).values()];
  const interval = each((name) => {
    const hits = byGroup.map((rows) => rows.filter((i) => ranks[i]! <= depths[name]).length);
    const { below } = random(1);
    const drawn = Float64Array.from({ length: draws }, () => {
      let [found, asked] = [0, 0];
      for (let i = 0; i < byGroup.length; i++) {
        const group = below(byGroup.length);
        found += hits[group]!;
        asked += byGroup[group]!.length;
      }
      return found / Math.max(1, asked);
    }).sort();
    const bounds = { low: drawn[Math.floor(0.025 * draws)]!, high: drawn[Math.ceil(0.975 * draws) - 1]! };
    return atLeastWilson(bounds, recallAt(ranks, depths[name]), byGroup.length);
  });
  return { interval, repeated: { over: 'queries', times: draws } };
}

/**
 * From fits to other splits of the same sizes. Splits share most of their training pairs, so that their spread is too
 * small by itself; it is widened by the ratio of held-out to training pairs.
 * @param score what the report shows, measured on `folds` parts. @param splits the same on other splits.
 * @param queries number of groups of queries behind `score`.
 * @param ratio held-out pairs over training pairs of a split.
 * @see Nadeau and Bengio 2003, Inference for the Generalization Error, Machine Learning 52.
 */
export function overSplits(
  score: Recalls,
  splits: readonly Recalls[],
  { folds, queries, ratio }: { readonly folds: number; readonly queries: number; readonly ratio: number },
): Spread {
  const interval = each((name) => {
    const sd = deviation(splits.map((split) => split[name]));
    const half = student(splits.length - 1) * sd * Math.sqrt(1 / folds + ratio);
    const bounds = { low: Math.max(0, score[name] - half), high: Math.min(1, score[name] + half) };
    return atLeastWilson(bounds, score[name], queries);
  });
  return { interval, repeated: { over: 'splits', times: splits.length } };
}

/** Sample standard deviation; 0 of fewer than two. */
export function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / Math.max(1, values.length - 1));
}

/**
 * Never narrower than the number of queries alone allows: where all of 20 are found, that does not prove 100 %.
 * @see Wilson 1927, Probable Inference, the Law of Succession, and Statistical Inference.
 */
function atLeastWilson({ low, high }: Interval, share: number, queries: number): Interval {
  const z = 1.959964;
  const n = Math.max(1, queries);
  const middle = (share + z ** 2 / (2 * n)) / (1 + z ** 2 / n);
  const half = (z / (1 + z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  return { low: Math.max(0, Math.min(low, middle - half)), high: Math.min(1, Math.max(high, middle + half)) };
}

/** The 97.5 % quantile of Student's distribution, within 1 % from 4 degrees of freedom on. */
function student(freedom: number): number {
  const z = 1.959964;
  const nu = Math.max(1, freedom);
  const second = (z ** 3 + z) / (4 * nu);
  const third = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * nu ** 2);
  return z + second + third + (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * nu ** 3);
}

function each<T>(of: (name: RecallName) => T): Record<RecallName, T> {
  return { recallAt1: of('recallAt1'), recallAt5: of('recallAt5'), recallAt10: of('recallAt10') };
}
