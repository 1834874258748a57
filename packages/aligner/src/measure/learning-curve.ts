import type { LearningCurve } from '@cognate/core';

/**
 * What more pairs would bring, from the slope of the last doubling: recall grows about evenly with each doubling until
 * it nears its ceiling.
 * @param points fewest pairs first. @returns undefined where the curve is too short to have a slope.
 */
export function worthOfMore(points: LearningCurve['points']): LearningCurve['more'] {
  const [before, last] = points.slice(-2);
  if (points.length < 3 || !before || !last || !(last.pairs > before.pairs)) return undefined;
  const slope = (last.recallAt1 - before.recallAt1) / Math.log(last.pairs / before.pairs);
  const pairs = roundNumber(last.pairs / 4);
  const gain = slope * Math.log(1 + pairs / last.pairs);
  return { pairs, gain: Math.max(0, Math.min(1 - last.recallAt1, gain)) };
}

/** The largest of 5, 10, 20, 50, 100, ... that is no more than `limit`; at least 5. */
function roundNumber(limit: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(5, limit)));
  return Math.max(5, [5, 2, 1].map((digit) => digit * power).find((number) => number <= limit) ?? 5);
}
