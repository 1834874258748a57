import { csls, topK, type Calibration, type RetrievalScores } from '@cognate/core';
import type { Tools } from '../algebra/tools.ts';
import { estimateTrust, type AnswerList } from './estimate-trust.ts';
import { members } from '../groups.ts';
import { crowding } from './metrics/csls-scores.ts';
import { foscttm, medianRank, mrr, ranks, recallAt } from './metrics/ranks.ts';

/** Points of the shared space with what they mean. */
export interface Labelled {
  /** `[count, dim]`, unit rows. */
  readonly rows: Float32Array;
  /** `[count]`: a query and a candidate of one group are right for each other. */
  readonly groups: ArrayLike<number>;
}

/** Some queries' scores, with what rows and columns mean. */
export interface LookUp extends Scores {
  readonly queries: Labelled;
  readonly bank: Labelled;
}

/** CSLS scores and plain cosines, both `[queries, candidates]`. */
export interface Scores {
  readonly scores: Float32Array<ArrayBuffer>;
  readonly cosines: Float32Array<ArrayBuffer>;
}

/**
 * Scores of every candidate for every query, some queries at a time: the whole table of many would fill the memory.
 * @param anchors `[n, dim]` rows of the queries' side: crowding of candidates is measured against them, so that the
 * scores of one query do not depend on the other queries.
 */
export async function* lookUps(
  queries: Labelled,
  bank: Labelled,
  anchors: Float32Array,
  dim: number,
  tools: Tools,
): AsyncGenerator<LookUp, void, undefined> {
  const [width, crowd] = [bank.rows.length / dim, anchors.length / dim];
  const bankCrowding: number[] = [];
  for await (const { dots } of slices(bank.rows, anchors, dim, tools)) bankCrowding.push(...crowding(dots, crowd));
  for await (const { dots: cosines, from, to } of slices(queries.rows, bank.rows, dim, tools)) {
    const rows = queries.rows.subarray(from * dim, to * dim);
    const groups = Array.from({ length: to - from }, (_, i) => queries.groups[from + i]!);
    const scores = csls(cosines.slice(), crowding(cosines, width), bankCrowding);
    yield { scores, cosines, queries: { rows, groups }, bank };
  }
}

/** `lookUps()` both ways between rows that are one another's candidates and crowd: one table of cosines tells all. */
export async function scoreOneAnother(
  source: Float32Array,
  target: Float32Array,
  dim: number,
  tools: Tools,
): Promise<Record<'forward' | 'backward', Scores>> {
  const [height, width] = [source.length / dim, target.length / dim];
  const cosines = new Float32Array(height * width);
  for await (const { dots, from } of slices(source, target, dim, tools)) cosines.set(dots, from * width);
  const turned = new Float32Array(height * width);
  for (let i = 0, at = 0; i < height; i++) for (let j = 0; j < width; j++, at++) turned[j * height + i] = cosines[at]!;
  const [there, back] = [crowding(cosines, width), crowding(turned, height)];
  return {
    forward: { scores: csls(cosines.slice(), there, back), cosines },
    backward: { scores: csls(turned.slice(), back, there), cosines: turned },
  };
}

/** Multiply-adds at a time: as many as keep the training engine busy, and the scores in memory few. */
const sliceSize = 2e8;

/** Rows at a time at most: of short rows the other limit allows more than a call takes arguments. */
const sliceRows = 2 ** 15;

/** Dot products of rows `from` to `to` of `a` with all of `b`, `[to - from, rows of b]`, one slice after the other. */
async function* slices(
  a: Float32Array,
  b: Float32Array,
  dim: number,
  { times, breathe }: Tools,
): AsyncGenerator<{ dots: Float32Array<ArrayBuffer>; from: number; to: number }, void, undefined> {
  const bank = { rows: b.length / dim, cols: dim, data: b };
  const step = Math.max(1, Math.min(sliceRows, Math.floor(sliceSize / b.length)));
  for (let from = 0; from < a.length / dim; from += step) {
    const to = Math.min(from + step, a.length / dim);
    const part = { rows: to - from, cols: dim, data: a.subarray(from * dim, to * dim) };
    yield { dots: new Float32Array((await times(part, bank, 'b')).data), from, to };
    await breathe();
  }
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

/** The best answers of each query, one per group, next to which of them is right. */
export function answerLists({ scores, queries, bank }: LookUp): AnswerList[] {
  const width = bank.groups.length;
  return Array.from({ length: queries.groups.length }, (_, i) => {
    const best = new Map<number, number>();
    for (let j = 0; j < width; j++) {
      const score = scores[i * width + j]!;
      const group = bank.groups[j]!;
      if (!(best.get(group)! >= score)) best.set(group, score);
    }
    const groups = [...best.keys()];
    const values = [...best.values()];
    const top = topK(values, listed);
    return { scores: top.map((t) => values[t]!), right: top.findIndex((t) => groups[t] === queries.groups[i]) };
  });
}

/** What scores are worth. @param candidates different things that each query was asked among. */
export function calibrate(lists: readonly AnswerList[], candidates: number): Calibration {
  return { ...estimateTrust(lists), listed, candidates };
}
