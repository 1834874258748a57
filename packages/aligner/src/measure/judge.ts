import type { Calibration, MeasuredScores, RetrievalScores } from '@cognate/core';
import type { Tools } from '../algebra/tools.ts';
import { applyInSlices, sharedDim, type Heads } from '../alignment/path.ts';
import { overQueries } from './intervals.ts';
import { mrr, recallAt } from './metrics/ranks.ts';
import {
  calibrate,
  retrievalRanks,
  retrievalScores,
  scoreAll,
  scoreOneAnother,
  type Labelled,
  type LookUp,
} from './retrieval.ts';
import { thinned, type Fold, type Sample } from '../sample.ts';

/** Heads, and queries that they have not seen. */
export interface Examination extends Omit<Fold, 'train'> {
  readonly heads: Heads;
}

/** How queries fared, in both directions. */
export interface Ranked {
  /** Rank of the right answer for each query. */
  readonly forward: Float64Array;
  readonly backward: Float64Array;
}

/** Rows of either side that stand for its crowd. */
export const anchorCount = 512;

/** The sample's points in the shared space. */
async function project(
  heads: Heads,
  { source, target, groups }: Sample,
  tools: Tools,
): Promise<Record<'source' | 'target', Labelled>> {
  return {
    source: { rows: await applyInSlices(heads.source, source, tools), groups },
    target: { rows: await applyInSlices(heads.target, target, tools), groups },
  };
}

/** CSLS scores of the test rows of both sides among the candidates of the other. */
async function lookUp(
  { heads, test, candidates, crowd }: Examination,
  tools: Tools,
): Promise<Record<'forward' | 'backward', LookUp>> {
  const queries = await project(heads, test, tools);
  const bank = test === candidates ? queries : await project(heads, candidates, tools);
  if (test === candidates && test === crowd && test.source.count <= anchorCount) {
    const { source, target } = queries;
    const both = await scoreOneAnother(source.rows, target.rows, sharedDim(heads), tools);
    return {
      forward: { ...both.forward, queries: source, bank: target },
      backward: { ...both.backward, queries: target, bank: source },
    };
  }
  const anchors = await project(heads, thinned(crowd, anchorCount), tools);
  const ask = async (from: 'source' | 'target', to: 'source' | 'target'): Promise<LookUp> => ({
    ...(await scoreAll(queries[from].rows, bank[to].rows, anchors[from].rows, sharedDim(heads), tools)),
    queries: queries[from],
    bank: bank[to],
  });
  return { forward: await ask('source', 'target'), backward: await ask('target', 'source') };
}

/** Asks for the partner of each test row among the candidates. */
export async function judge(examination: Examination, tools: Tools): Promise<Ranked> {
  const { forward, backward } = await lookUp(examination, tools);
  return { forward: retrievalRanks(forward, 'scores'), backward: retrievalRanks(backward, 'scores') };
}

/** Ranks as the report shows them: with CSLS, by cosine alone, and which queries belong together. */
export interface Examined {
  readonly csls: Ranked;
  readonly plain: Ranked;
  /** `[queries]`. */
  readonly groups: Int32Array;
}

/** `judge()`, and the same by cosine alone. */
export async function examine(examination: Examination, tools: Tools): Promise<Examined> {
  const { forward, backward } = await lookUp(examination, tools);
  const ranked = (by: 'scores' | 'cosines'): Ranked => ({
    forward: retrievalRanks(forward, by),
    backward: retrievalRanks(backward, by),
  });
  return { csls: ranked('scores'), plain: ranked('cosines'), groups: examination.test.groups };
}

/** What scores are worth in both directions. */
export async function calibrateBoth(
  examinations: readonly Examination[],
  tools: Tools,
): Promise<{ forward: Calibration; backward: Calibration }> {
  const found: Record<'forward' | 'backward', LookUp>[] = [];
  for (const each of examinations) found.push(await lookUp({ ...each, test: thinned(each.test, queryLimit) }, tools));
  return {
    forward: calibrate(found.map((each) => each.forward)),
    backward: calibrate(found.map((each) => each.backward)),
  };
}

/** Queries that are enough to estimate two numbers. */
const queryLimit = 300;

export function pooled(parts: readonly Ranked[]): Ranked {
  return {
    forward: Float64Array.from(parts.flatMap(({ forward }) => [...forward])),
    backward: Float64Array.from(parts.flatMap(({ backward }) => [...backward])),
  };
}

/** Means of both directions, 0 to 1. */
export interface Quality {
  readonly recallAt10: number;
  readonly mrr: number;
}

export function quality({ forward, backward }: Ranked): Quality {
  return {
    recallAt10: (recallAt(forward, 10) + recallAt(backward, 10)) / 2,
    mrr: (mrr(forward) + mrr(backward)) / 2,
  };
}

/**
 * True when `a` is better, by mean reciprocal rank: every query counts, and the first places most, where recall at 10
 * counts the few queries that cross one line and cannot tell the first place from the tenth.
 */
export function beats(a: Quality, b: Quality): boolean {
  return a.mrr > b.mrr;
}

/**
 * Scores of both directions, with intervals over draws from the queries.
 * @param candidates how many each query was asked among.
 */
export function measured(
  examined: readonly Examined[],
  candidates: number,
): { forward: MeasuredScores; backward: MeasuredScores } {
  const csls = pooled(examined.map((each) => each.csls));
  const plain = pooled(examined.map((each) => each.plain));
  const groups = examined.flatMap((each) => [...each.groups]);
  const scores = (way: keyof Ranked): MeasuredScores => ({
    ...retrievalScores(csls[way], candidates),
    ...overQueries(csls[way], groups),
    plain: retrievalScores(plain[way], candidates),
  });
  return { forward: scores('forward'), backward: scores('backward') };
}

/** Scores over both directions, for what has none. */
export function meanScores(ranked: Ranked, candidates: number): RetrievalScores {
  return retrievalScores([...ranked.forward, ...ranked.backward], candidates);
}
