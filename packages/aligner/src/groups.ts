import { random, row, type Breathe, type Embeddings } from '@cognate/core';
import { nearDuplicates } from './near-duplicates.ts';

/**
 * Pairs that share a row belong to one group: an image with five captions is right for each of them. Rows that are nearly
 * the same count as the same: the same picture saved twice, a stray comma.
 * @returns `[count]`, numbered from 0 in order of appearance.
 */
export async function groupsOfAlike(
  source: Embeddings,
  target: Embeddings,
  breathe: Breathe,
): Promise<Int32Array<ArrayBuffer>> {
  const parent = Int32Array.from({ length: source.count }, (_, i) => i);
  const root = (i: number): number => {
    while (parent[i] !== i) i = parent[i] = parent[parent[i]!]!;
    return i;
  };
  for (const side of [source, target]) {
    const seen = new Map<string, number>();
    for (let i = 0; i < side.count; i++) {
      const key = keyOf(row(side, i));
      const first = seen.get(key);
      if (first === undefined) seen.set(key, i);
      else parent[root(i)] = root(first);
    }
  }
  for (const side of [source, target]) {
    for (const [i, j] of await nearDuplicates(side, breathe)) parent[root(j)] = root(i);
  }
  return numbered(Array.from(parent, (_, i) => root(i)));
}

/** A text that only an equal row has. */
function keyOf(numbers: Float32Array): string {
  const halves = new Uint16Array(numbers.slice().buffer);
  let key = '';
  // A call takes only so many arguments.
  for (let at = 0; at < halves.length; at += 8192) key += String.fromCharCode(...halves.subarray(at, at + 8192));
  return key;
}

/** The same groups, numbered from 0 in order of appearance. */
export function numbered(labels: ArrayLike<number>): Int32Array<ArrayBuffer> {
  const names = new Map<number, number>();
  return Int32Array.from(labels, (label) => {
    const known = names.get(label) ?? names.size;
    names.set(label, known);
    return known;
  });
}

/** Row indices of each group, in order of appearance. */
export function members(groups: ArrayLike<number>): Map<number, number[]> {
  const out = new Map<number, number[]>();
  for (let i = 0; i < groups.length; i++) {
    const rows = out.get(groups[i]!);
    if (rows) rows.push(i);
    else out.set(groups[i]!, [i]);
  }
  return out;
}

/**
 * Deals whole groups in random order into parts that hold the given numbers of groups, and the rest.
 * @returns for each part, and last for the rest, its row indices in random order of groups.
 */
export function deal(
  groups: ArrayLike<number>,
  sizes: readonly number[],
  seed: number,
  orderOf: (count: number, seed: number) => Uint32Array = (count) => random(seed).permutation(count),
): number[][] {
  const byGroup = [...members(groups).values()];
  const order = orderOf(byGroup.length, seed);
  const parts: number[][] = [];
  let at = 0;
  for (const size of [...sizes, byGroup.length]) {
    parts.push([...order.subarray(at, at + size)].flatMap((group) => byGroup[group]!));
    at += size;
  }
  return parts;
}

/**
 * 0..count-1 in a random order that a larger count keeps, with the additional numbers here and there between: when pairs
 * are added to those of an earlier fit, what was held out there is held out again, but for one or two at the edge.
 */
export function steadyOrder(count: number, seed: number): Uint32Array<ArrayBuffer> {
  const keys = Float64Array.from({ length: count }, (_, i) => random(seed ^ Math.imul(i + 1, 0x9e3779b1)).next());
  return Uint32Array.from({ length: count }, (_, i) => i).sort((i, j) => keys[i]! - keys[j]!);
}

/** So many of `count` indices at most, at even distances: the first ones may be of one kind, where rows come sorted. */
export function spread(count: number, most: number): Int32Array<ArrayBuffer> {
  const kept = Math.min(count, most);
  return Int32Array.from({ length: kept }, (_, i) => Math.floor((i * count) / kept));
}
