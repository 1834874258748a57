import type { Calibration, MeasuredScores, RetrievalScores } from '@cognate/core';
import type { Tools } from '../algebra/tools.ts';
import { applyInSlices, sharedDim, type Heads } from '../alignment/path.ts';
import { overQueries } from './intervals.ts';
import { mrr, recallAt } from './metrics/ranks.ts';
import {
  answerLists,
  calibrate,
  lookUps,
  retrievalRanks,
  retrievalScores,
  scoreOneAnother,
  type Labelled,
  type LookUp,
} from './retrieval.ts';
import type { AnswerList } from './estimate-trust.ts';
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

/** What comes of looking test rows up among the candidates of the other side, a part at a time. */
type BothWays = AsyncGenerator<{ readonly way: keyof Ranked; readonly part: LookUp }, void, undefined>;

async function* lookUpBoth({ heads, test, candidates, crowd }: Examination, tools: Tools): BothWays {
  const { source, target } = await project(heads, test, tools);
  const dim = sharedDim(heads);
  if (test === candidates && test === crowd && test.source.count <= anchorCount) {
    const { forward, backward } = await scoreOneAnother(source.rows, target.rows, dim, tools);
    yield { way: 'forward', part: { ...forward, queries: source, bank: target } };
    yield { way: 'backward', part: { ...backward, queries: target, bank: source } };
    return;
  }
  const bank = test === candidates ? { source, target } : await project(heads, candidates, tools);
  const anchors = await project(heads, thinned(crowd, anchorCount), tools);
  const forward = lookUps(source, bank.target, anchors.source.rows, dim, tools);
  const backward = lookUps(target, bank.source, anchors.target.rows, dim, tools);
  for await (const part of forward) yield { way: 'forward', part };
  for await (const part of backward) yield { way: 'backward', part };
}

/** Ranks of the right answers by each of `by`. */
async function ranksBy(
  by: readonly ('scores' | 'cosines')[],
  examination: Examination,
  tools: Tools,
): Promise<readonly Ranked[]> {
  const found = by.map(() => ({ forward: [] as number[], backward: [] as number[] }));
  for await (const { way, part } of lookUpBoth(examination, tools)) {
    by.forEach((each, i) => found[i]![way].push(...retrievalRanks(part, each)));
  }
  return found.map(({ forward, backward }) => ({
    forward: new Float64Array(forward),
    backward: new Float64Array(backward),
  }));
}

/** Asks for the partner of each test row among the candidates. */
export async function judge(examination: Examination, tools: Tools): Promise<Ranked> {
  const [csls] = await ranksBy(['scores'], examination, tools);
  return csls!;
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
  const [csls, plain] = await ranksBy(['scores', 'cosines'], examination, tools);
  return { csls: csls!, plain: plain!, groups: examination.test.groups };
}

/** What scores are worth in both directions. */
export async function calibrateBoth(
  examinations: readonly Examination[],
  tools: Tools,
): Promise<{ forward: Calibration; backward: Calibration }> {
  const lists: Record<keyof Ranked, AnswerList[]> = { forward: [], backward: [] };
  for (const each of examinations) {
    const asked = { ...each, test: thinned(each.test, queryLimit) };
    for await (const { way, part } of lookUpBoth(asked, tools)) lists[way].push(...answerLists(part));
  }
  const candidates = new Set(examinations.at(-1)!.candidates.groups).size;
  return { forward: calibrate(lists.forward, candidates), backward: calibrate(lists.backward, candidates) };
}

/** Queries that are enough to estimate two numbers. */
const queryLimit = 300;

export function pooled(parts: readonly Ranked[]): Ranked {
  return {
    forward: new Float64Array(parts.flatMap(({ forward }) => [...forward])),
    backward: new Float64Array(parts.flatMap(({ backward }) => [...backward])),
  };
}

/** Of each query the mean of both directions. */
export function reciprocals(parts: readonly Ranked[]): number[] {
  const { forward, backward } = pooled(parts);
  return Array.from(forward, (rank, i) => (1 / rank + 1 / backward[i]!) / 2);
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
