import type { LearningCurve } from '@cognate/core';

/**
 * What more pairs would bring, from the slope of the last doubling: recall grows about evenly with each doubling until
 * it nears its ceiling. A rise within its own standard error counts as none.
 * @param points fewest pairs first. @param repeats splits behind each of them. @returns undefined where the curve is too short to have a slope.
 */
export function worthOfMore(points: LearningCurve['points'], repeats: number): LearningCurve['more'] {
  const [before, last] = points.slice(-2);
  if (points.length < 3 || !before || !last || !(last.pairs > before.pairs)) return undefined;
  const rise = last.recallAt1 - before.recallAt1;
  const error = Math.sqrt((last.sd ** 2 + before.sd ** 2) / repeats);
  const slope = rise > error ? rise / Math.log(last.pairs / before.pairs) : 0;
  const pairs = roundNumber(last.pairs / 4);
  const gain = slope * Math.log(1 + pairs / last.pairs);
  return { pairs, gain: Math.min(1 - last.recallAt1, gain) };
}

/** The largest of 5, 10, 20, 50, 100, ... that is no more than `limit`; at least 5. */
function roundNumber(limit: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(5, limit)));
  return Math.max(5, [5, 2, 1].map((digit) => digit * power).find((number) => number <= limit) ?? 5);
}
