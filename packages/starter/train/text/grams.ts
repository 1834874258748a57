import { boundaryId, padId } from './tokenizer.ts';

/** How the graph and this file number runs of characters. */
export interface GramScheme {
  /** Longest run, in characters; boundaries count. */
  readonly longest: number;
  /** Number of hash buckets. */
  readonly buckets: number;
}

/** Horner's hash: products stay below 2^53, so that plain numbers here and int64 in the graph agree. */
export const multiplier = 100_003;
export const modulus = 2_147_483_647;

/**
 * Buckets of all runs of 1 to `longest` characters that lie inside one word, its boundaries included: `▁cat▁` is a run
 * of five, `t▁i` is none. The order is that of their length.
 * @see Bojanowski et al. 2017, Enriching Word Vectors with Subword Information, arXiv:1607.04606, section 3.2.
 */
export function gramBuckets(ids: ArrayLike<number>, { longest, buckets }: GramScheme): number[] {
  const out: number[] = [];
  const hashes = new Float64Array(ids.length);
  const open = new Uint8Array(ids.length).fill(1); // 0 once a boundary or padding lies inside
  for (let length = 1; length <= longest; length++) {
    for (let start = 0; start + length <= ids.length; start++) {
      const last = ids[start + length - 1]!;
      hashes[start] = (hashes[start]! * multiplier + last) % modulus;
      if (last === padId || (length === 1 && last === boundaryId)) {
        // A boundary alone says nothing, yet may begin a run.
        if (last === padId) open[start] = 0;
        continue;
      }
      if (length > 2 && ids[start + length - 2] === boundaryId) open[start] = 0;
      if (open[start]) out.push(hashes[start]! % buckets);
    }
  }
  return out;
}
