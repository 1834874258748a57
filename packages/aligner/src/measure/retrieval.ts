import { csls, topK, type Calibration, type RetrievalScores } from '@cognate/core';
import type { Tools } from '../algebra/tools.ts';
import { estimateTrust, type AnswerList } from './estimate-trust.ts';
import { members } from '../groups.ts';
import { foscttm, medianRank, mrr, ranks, recallAt } from './metrics/ranks.ts';

/** Points of the shared space with what they mean. */
export interface Labelled {
  /** `[count, dim]`, unit rows. */
  readonly rows: Float32Array;
  /** `[count]`: a query and a candidate of one group are right for each other. */
  readonly groups: ArrayLike<number>;
}

/**
 * CSLS scores of every candidate for every query.
 * @param anchors `[n, dim]` rows of the queries' side: crowding of candidates is measured against them, so that the
 * scores of one query do not depend on the other queries.
 * @returns scores and the plain cosines, both `[queries, candidates]`.
 */
export async function scoreAll(
  queries: Float32Array,
  candidates: Float32Array,
  anchors: Float32Array,
  dim: number,
  tools: Tools,
): Promise<Scores> {
  const width = candidates.length / dim;
  const cosines = new Float32Array((queries.length / dim) * width);
  const queryCrowding = await eachSlice(queries, candidates, dim, tools, (part, row) => {
    cosines.set(part, row * width);
    return crowding(part, width);
  });
  const crowd = anchors.length / dim;
  const bankCrowding = await eachSlice(candidates, anchors, dim, tools, (part) => crowding(part, crowd));
  return { scores: csls(cosines.slice(), queryCrowding, bankCrowding), cosines };
}

/** CSLS scores and cosines, `[queries, candidates]`. */
export interface Scores {
  readonly scores: Float32Array<ArrayBuffer>;
  readonly cosines: Float32Array<ArrayBuffer>;
}

/** `scoreAll()` both ways between rows that are one another's candidates and crowd: one table of cosines tells all. */
export async function scoreOneAnother(
  source: Float32Array,
  target: Float32Array,
  dim: number,
  tools: Tools,
): Promise<Record<'forward' | 'backward', Scores>> {
  const [height, width] = [source.length / dim, target.length / dim];
  const cosines = new Float32Array(height * width);
  const there = await eachSlice(source, target, dim, tools, (part, row) => {
    cosines.set(part, row * width);
    return crowding(part, width);
  });
  const turned = new Float32Array(height * width);
  for (let i = 0, at = 0; i < height; i++) for (let j = 0; j < width; j++, at++) turned[j * height + i] = cosines[at]!;
  const back = crowding(turned, height);
  return {
    forward: { scores: csls(cosines.slice(), there, back), cosines },
    backward: { scores: csls(turned.slice(), back, there), cosines: turned },
  };
}

/** Multiply-adds at a time: as many as keep the training engine busy, and the scores in memory few. */
const sliceSize = 2e8;

/** Dot products of some rows of `a` at a time with all of `b`, and what `use` makes of them, one after the other. */
async function eachSlice(
  a: Float32Array,
  b: Float32Array,
  dim: number,
  { times, breathe }: Tools,
  use: (dots: Float32Array, firstRow: number) => readonly number[],
): Promise<number[]> {
  const out: number[] = [];
  const bank = { rows: b.length / dim, cols: dim, data: b };
  const rows = Math.max(1, Math.floor(sliceSize / b.length));
  for (let at = 0; at < a.length / dim; at += rows) {
    const part = a.subarray(at * dim, (at + rows) * dim);
    const { data: dots } = await times({ rows: part.length / dim, cols: dim, data: part }, bank, 'b');
    out.push(...use(new Float32Array(dots), at));
    await breathe();
  }
  return out;
}

/** Mean of the ten largest numbers of each line. */
function crowding(cosines: Float32Array, width: number): number[] {
  return Array.from({ length: cosines.length / width }, (_, i) => {
    const line = cosines.subarray(i * width, (i + 1) * width);
    const nearest = topK(line, 10);
    return nearest.reduce((sum, j) => sum + line[j]!, 0) / nearest.length;
  });
}

/** Ranks of the right answers; every query's group is among the candidates. */
export function retrievalRanks({ queries, bank, ...table }: LookUp, by: 'scores' | 'cosines'): Float64Array {
  const right = members(bank.groups);
  return ranks(table[by], bank.groups.length, (i) => right.get(queries.groups[i]!)!);
}

/** @param candidates how many each query was asked among. */
export function retrievalScores(ranked: ArrayLike<number>, candidates: number): RetrievalScores {
  return {
    recallAt1: recallAt(ranked, 1),
    recallAt5: recallAt(ranked, 5),
    recallAt10: recallAt(ranked, 10),
    medianRank: medianRank(ranked),
    mrr: mrr(ranked),
    foscttm: foscttm(ranked, candidates),
  };
}

/** What guessing would score: candidates in random order. */
export function chanceScores(groups: ArrayLike<number>): RetrievalScores {
  const sizes = new Map<number, number>();
  for (const { length } of members(groups).values()) sizes.set(length, (sizes.get(length) ?? 0) + 1);
  const count = groups.length;
  const found = new Float64Array(count + 1); // the chance of rank r or less, from 0 to `count`
  for (const [size, times] of sizes) {
    let missed = 1;
    for (let r = 1; r <= count; r++) {
      missed *= Math.max(0, count - size - r + 1) / (count - r + 1);
      found[r]! += ((1 - missed) * size * times) / count;
    }
  }
  const at = (k: number): number => found[Math.min(k, count)]!;
  let reciprocal = 0;
  for (let r = 1; r <= count; r++) reciprocal += (at(r) - at(r - 1)) / r;
  // The best of g right answers has (n - g) / (g + 1) wrong ones before it on average.
  const nearer = [...sizes].reduce((sum, [size, times]) => sum + (size * times * (count - size)) / (size + 1), 0);
  const foscttm = nearer / count / Math.max(1, count - 1);
  return {
    recallAt1: at(1),
    recallAt5: at(5),
    recallAt10: at(10),
    medianRank: found.findIndex((share) => share >= 0.5 - 1e-12),
    mrr: reciprocal,
    foscttm,
  };
}

/** Answers looked at per query when trust is estimated. */
const listed = 10;

/** One look-up, with what its rows and columns mean. */
export interface LookUp extends Scores {
  readonly queries: Labelled;
  readonly bank: Labelled;
}

/** What scores are worth: the best answers of each query, one per group, next to which of them is right. */
export function calibrate(lookUps: readonly LookUp[]): Calibration {
  const lists: AnswerList[] = [];
  let candidates = 0;
  for (const { scores, queries, bank } of lookUps) {
    const width = bank.groups.length;
    for (let i = 0; i < queries.groups.length; i++) {
      const best = new Map<number, number>();
      for (let j = 0; j < width; j++) {
        const score = scores[i * width + j]!;
        const group = bank.groups[j]!;
        if (!(best.get(group)! >= score)) best.set(group, score);
      }
      const groups = [...best.keys()];
      const values = [...best.values()];
      const top = topK(values, listed);
      lists.push({ scores: top.map((t) => values[t]!), right: top.findIndex((t) => groups[t] === queries.groups[i]) });
      candidates = groups.length;
    }
  }
  return { ...estimateTrust(lists), listed, candidates };
}
