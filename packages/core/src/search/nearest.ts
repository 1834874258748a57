import type { Estimate } from './estimator.ts';

/** What rows are ranked by: `weight * dot - crowd - crowding[j]`, rounded to float32. */
export interface Ranking {
  readonly weight: number;
  readonly crowd: number;
  /** `[count]`. */
  readonly crowding: Float32Array;
  /** More than float32 can lose on a score. */
  readonly slack: number;
}

/** The best rows, best first; equals by index. */
export interface Nearest {
  readonly indices: readonly number[];
  readonly dots: readonly number[];
  readonly scores: readonly number[];
}

/**
 * The `k` best rows, exactly: those that look best are scored first, and the worst of these scores is what any other row
 * must be able to reach, by its estimate and error, to be scored too.
 * @param exact dot products of the query with the rows named.
 */
export function nearest(
  { dots, rowErrors, queryLength, rest }: Estimate,
  k: number,
  { weight, crowd, crowding, slack }: Ranking,
  exact: (rows: readonly number[]) => Float32Array,
): Nearest {
  const count = dots.length;
  if (k > 1000 || 8 * k > count) {
    const all = Array.from({ length: count }, (_, j) => j);
    return rank(all, exact(all));
  }
  const promising = shortlist(k);
  let floor = -Infinity;
  for (let j = 0; j < count; j++) {
    const likely = weight * dots[j]! - crowding[j]!;
    if (likely > floor) floor = promising.offer(j, likely);
  }
  const first = promising.indices();
  const found = exact(first);
  let worst = Infinity;
  for (let at = 0; at < k; at++) worst = Math.min(worst, weight * found[at]! - crowding[first[at]!]!);

  const within = worst - slack - weight * rest;
  const rowWeight = weight * queryLength;
  const others: number[] = [];
  for (let j = 0; j < count; j++) {
    const most = weight * dots[j]! - crowding[j]! + rowWeight * rowErrors[j]!;
    if (most >= within && !first.includes(j)) others.push(j);
  }
  return rank([...first, ...others], [...found, ...exact(others)]);

  function rank(rows: readonly number[], products: ArrayLike<number>): Nearest {
    const scores = Float32Array.from(rows, (j, at) => weight * products[at]! - crowd - crowding[j]!);
    const order = Array.from(scores.keys())
      .sort((a, b) => scores[b]! - scores[a]! || rows[a]! - rows[b]!)
      .slice(0, k);
    return {
      indices: order.map((at) => rows[at]!),
      dots: order.map((at) => products[at]!),
      scores: order.map((at) => scores[at]!),
    };
  }
}

/** The best `k` of what was offered. */
function shortlist(k: number): { offer(index: number, value: number): number; indices(): number[] } {
  const indices = new Uint32Array(k);
  const values = new Float64Array(k);
  let length = 0;
  return {
    /** @returns what the next offer must exceed. */
    offer(index, value) {
      let at = length < k ? length++ : k - 1;
      for (; at > 0 && values[at - 1]! < value; at--) {
        values[at] = values[at - 1]!;
        indices[at] = indices[at - 1]!;
      }
      values[at] = value;
      indices[at] = index;
      return length < k ? -Infinity : values[k - 1]!;
    },
    indices: () => Array.from(indices.subarray(0, length)),
  };
}
