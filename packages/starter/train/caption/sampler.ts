import type { Random } from '@cognate/core';
import type { Target } from './targets.ts';

/** Lengths that texts are padded to; each one compiles once. Longer texts are not learned. */
export const lengths = [3, 4, 5, 6, 7, 8, 10, 12, 16, 24] as const;

/** Texts of one padded length for a step, the same number for each of its languages. */
export interface Draw {
  readonly length: number;
  /** Indices of targets, one list for each language. */
  readonly groups: readonly { readonly language: number; readonly targets: Int32Array }[];
}

/** Draws targets; those with a high loss come oftener. */
export interface Sampler {
  /** @param keywords share of keywords among the texts, about; none unless told. */
  next(keywords?: number): Draw;
  /** Tells how hard a target was, nats for the whole text. */
  report(target: number, loss: number): void;
  /** Last loss of each target, `[targets]`. */
  readonly losses: Float32Array<ArrayBuffer>;
}

/** A target never comes oftener than one of this loss, in nats, nor more seldom than one of the least. */
const most = 2;
const least = 0.15;

/**
 * @param tokens in a step, about. @param groups languages in a step.
 * @param losses of an earlier run.
 */
export function sampler(
  targets: readonly Target[],
  { tokens, groups }: { readonly tokens: number; readonly groups: number },
  random: Random,
  losses = new Float32Array(targets.length).fill(most),
): Sampler {
  const languages = 1 + targets.reduce((last, { language }) => Math.max(last, language), 0);
  // Targets by length, then by language.
  const pools = lengths.map((length, i) => {
    const shorter = lengths[i - 1] ?? 0;
    return Array.from({ length: languages }, (_, language) =>
      Int32Array.from(
        targets.flatMap((target, at) => {
          const fits = target.tokens.length > shorter && target.tokens.length <= length;
          return fits && target.language === language ? [at] : [];
        }),
      ),
    );
  });
  const isKeyword = targets.map(({ point }) => point !== undefined);
  const hardness = (target: number): number => Math.min(most, Math.max(least, losses[target]!));
  let keywordFactor = 0;
  const weight = (target: number): number => hardness(target) * (isKeyword[target] ? keywordFactor : 1);
  /** Keywords are many, and stay hard: their weights come to `share` of all. */
  const setShare = (share: number): void => {
    let [names, keywords] = [0, 0];
    isKeyword.forEach((is, at) => (is ? (keywords += hardness(at)) : (names += hardness(at))));
    keywordFactor = keywords > 0 ? (share / (1 - share)) * (names / keywords) : 0;
  };
  const total = (pool: Int32Array): number => pool.reduce((sum, target) => sum + weight(target), 0);
  const draw = (weights: readonly number[]): number => {
    let left = random.next() * weights.reduce((a, b) => a + b, 0);
    const at = weights.findIndex((each) => (left -= each) < 0);
    return at < 0 ? weights.length - 1 : at;
  };

  return {
    losses,
    next(keywords = 0) {
      setShare(keywords);
      const sums = pools.map((byLanguage) => byLanguage.map(total));
      // A step of long texts holds fewer of them, so it must come oftener.
      const bucket = draw(sums.map((each, i) => each.reduce((a, b) => a + b, 0) * lengths[i]!));
      const length = lengths[bucket]!;
      const perGroup = Math.max(1, Math.round(tokens / length / groups));
      const open = [...sums[bucket]!];
      const chosen = Array.from({ length: groups }, () => {
        const language = draw(open);
        if (open.filter((sum) => sum > 0).length > 1) open[language] = 0;
        return language;
      });
      return {
        length,
        groups: chosen.map((language) => ({
          language,
          targets: pick(pools[bucket]![language]!, perGroup, weight, random),
        })),
      };
    },
    report(target, loss) {
      losses[target] = loss;
    },
  };
}

/** `count` of a pool by weight, evenly spaced along the sums of a shuffled pool, so that few come twice. */
function pick(pool: Int32Array, count: number, weight: (target: number) => number, random: Random): Int32Array {
  const order = random.permutation(pool.length);
  const sum = pool.reduce((all, target) => all + weight(target), 0);
  const out = new Int32Array(count);
  const start = random.next();
  let reached = 0;
  let filled = 0;
  for (const i of order) {
    reached += weight(pool[i]!);
    while (filled < count && ((filled + start) / count) * sum < reached) out[filled++] = pool[i]!;
  }
  return out.fill(pool[order.at(-1)!]!, filled);
}
