import type { Random } from '@cognate/core';
import { adamWDefaults, type AdamWOptions } from './adamw.ts';
import { normal, type Tensor } from './tree.ts';

/** A table of `count` rows of `dim`, with the moments of AdamW; all plain data. */
export interface EmbeddingTable {
  readonly count: number;
  readonly dim: number;
  /** `[count, dim]`. */
  readonly weights: Float32Array<ArrayBuffer>;
  /** `[count, dim]`, moments; rows never touched stay zero. */
  readonly mean: Float32Array<ArrayBuffer>;
  readonly square: Float32Array<ArrayBuffer>;
  /** `[count]`: how often each row was touched; each row corrects its bias by its own count. */
  readonly touches: Int32Array<ArrayBuffer>;
}

/** Lists of row numbers, one after the other: list i is `ids[starts[i]] .. ids[starts[i + 1] - 1]`. */
export interface Bags {
  readonly ids: Int32Array;
  /** `[bags + 1]`, from 0 to `ids.length`. */
  readonly starts: Int32Array;
}

export function initEmbeddingTable(
  random: Random,
  count: number,
  dim: number,
  deviation = 1 / Math.sqrt(dim),
): EmbeddingTable {
  const size = count * dim;
  return {
    count,
    dim,
    weights: normal(random, [count, dim], deviation).data as Float32Array<ArrayBuffer>,
    mean: new Float32Array(size),
    square: new Float32Array(size),
    touches: new Int32Array(count),
  };
}

/** Packs lists of row numbers. */
export function bags(lists: readonly ArrayLike<number>[]): Bags {
  const starts = new Int32Array(lists.length + 1);
  lists.forEach((list, i) => (starts[i + 1] = starts[i]! + list.length));
  const ids = new Int32Array(starts[lists.length]!);
  lists.forEach((list, i) => ids.set(list, starts[i]));
  return { ids, starts };
}

/**
 * Mean row of every bag, `[bags, dim]`; an empty bag gives zeros. Outside the engine, because the gradient of a gather
 * does not compile under jit, and because only the means need to cross.
 */
export function bagMeans(table: EmbeddingTable, { ids, starts }: Bags): Tensor {
  const { dim, weights } = table;
  const data = new Float32Array((starts.length - 1) * dim);
  for (let bag = 0; bag + 1 < starts.length; bag++) {
    const [from, to] = [starts[bag]!, starts[bag + 1]!];
    const share = 1 / (to - from);
    for (let i = from; i < to; i++) {
      const at = ids[i]! * dim;
      for (let d = 0, o = bag * dim; d < dim; d++, o++) data[o]! += share * weights[at + d]!;
    }
  }
  return { shape: [starts.length - 1, dim], data };
}

/** The rows of `ids`, `[ids.length, dim]`. Its gradient goes to `updateRows` with one bag for each id. */
export function rowsOf(table: EmbeddingTable, ids: ArrayLike<number>): Tensor {
  const { dim, weights } = table;
  const data = new Float32Array(ids.length * dim);
  for (let i = 0; i < ids.length; i++) data.set(weights.subarray(ids[i]! * dim, (ids[i]! + 1) * dim), i * dim);
  return { shape: [ids.length, dim], data };
}

/**
 * Lazy AdamW: moves only the rows that `bags` touches, by the gradient of their means. Moments of other rows stand
 * still, and rows do not decay unless `weightDecay` says so. Changes `table` in place.
 * @param gradient `[bags, dim]`, of `bagMeans`.
 */
export function updateBags(
  table: EmbeddingTable,
  { ids, starts }: Bags,
  gradient: Tensor,
  learningRate: number,
  options: Omit<AdamWOptions, 'clipNorm'> = {},
): void {
  const { beta1, beta2, epsilon, weightDecay } = { ...adamWDefaults, weightDecay: 0, ...options };
  const { dim, weights, mean, square, touches } = table;
  const slots = new Map<number, number>();
  for (const id of ids) if (!slots.has(id)) slots.set(id, slots.size);
  const sums = new Float32Array(slots.size * dim);
  for (let bag = 0; bag + 1 < starts.length; bag++) {
    const [from, to] = [starts[bag]!, starts[bag + 1]!];
    const share = 1 / (to - from);
    for (let i = from; i < to; i++) {
      const at = slots.get(ids[i]!)! * dim;
      for (let d = 0, g = bag * dim; d < dim; d++, g++) sums[at + d]! += share * gradient.data[g]!;
    }
  }
  for (const [id, slot] of slots) {
    const count = ++touches[id]!;
    const [c1, c2] = [1 / (1 - beta1 ** count), 1 / (1 - beta2 ** count)];
    for (let w = id * dim, s = slot * dim; s < (slot + 1) * dim; w++, s++) {
      const g = sums[s]!;
      const m = (mean[w] = beta1 * mean[w]! + (1 - beta1) * g);
      const v = (square[w] = beta2 * square[w]! + (1 - beta2) * g * g);
      weights[w] =
        weights[w]! * (1 - learningRate * weightDecay) - (learningRate * m * c1) / (Math.sqrt(v * c2) + epsilon);
    }
  }
}

/** `updateBags` for `rowsOf`: row i of `gradient` belongs to `ids[i]`; repeated ids add up. */
export function updateRows(
  table: EmbeddingTable,
  ids: ArrayLike<number>,
  gradient: Tensor,
  learningRate: number,
  options: Omit<AdamWOptions, 'clipNorm'> = {},
): void {
  const starts = Int32Array.from({ length: ids.length + 1 }, (_, i) => i);
  updateBags(table, { ids: Int32Array.from(ids), starts }, gradient, learningRate, options);
}
