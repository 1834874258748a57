import {
  CognateError,
  concat,
  rows,
  requireSpace,
  type Alignment,
  type AlignmentReport,
  type CallOptions,
  type Embeddings,
} from '@cognate/core';
import { rounded } from '../alignment/half.ts';
import { createAlignment, type AlignmentParts } from '../alignment/alignment.ts';
import { applyPath, asMatrix, type Heads, type Path } from '../alignment/path.ts';
import { sharedSpace } from '../alignment/shared-space.ts';
import { wayOut } from '../alignment/way-out.ts';
import { spread } from '../groups.ts';
import type { Tools } from '../algebra/tools.ts';
import { requireRows } from '../measure/checks.ts';
import { anchorCount, calibrateBoth, examine, measured } from '../measure/judge.ts';
import { chanceScores } from '../measure/retrieval.ts';
import { verdictOf } from '../measure/verdict.ts';
import { requireTwoSides, requireVaried } from '../pairs.ts';
import type { Sample } from '../sample.ts';
import { alignUnpaired, leastRows, type UnpairedRows } from './align-unpaired.ts';
import { judgeMatching } from './judge-matching.ts';

export interface FitUnpairedOptions extends Pick<CallOptions, 'onProgress'> {
  readonly seed?: number | undefined;
  /** Pairs for the report alone; they take part in nothing else. */
  readonly heldOut?: Sample | undefined;
}

/**
 * Fits where too few pairs are known to hold any out: see `alignUnpaired()`. Without `heldOut` the report has no scores,
 * only what speaks for the map by itself, and its verdict is at best `caution`.
 */
export async function fitUnpaired(
  given: UnpairedRows,
  { seed = 0, heldOut, onProgress }: FitUnpairedOptions,
  tools: Tools,
): Promise<Alignment> {
  const began = performance.now();
  const { heads, evidence: matching } = await alignUnpaired(given, { seed, onProgress }, tools);
  const { known } = given;
  const sides = { source: concat([given.source, known.source]), target: concat([given.target, known.target]) };
  const { returns, anchors } = await ownWays(heads, sides, tools);

  const base = {
    method: 'unpaired',
    reason: `It was found from ${given.source.count} and ${given.target.count} rows without partner and ${known.source.count} pairs, which are too few for anything else.`,
    trainPairs: known.source.count,
    suspects: [],
    ...(matching && { matching }),
    seed,
  };
  const seconds = (performance.now() - began) / 1000;
  const report = heldOut
    ? await measuredReport(base, heads, sides, heldOut, seconds, tools)
    : {
        ...base,
        tried: [],
        heldOutPairs: 0,
        chance: chanceScores(Int32Array.from({ length: sides.target.count }, (_, i) => i)),
        verdict: judgeMatching(matching!), // always there under `leastPairs`
      };
  const spaces = { source: given.source.space, target: given.target.space };
  return createAlignment({
    ...spaces,
    shared: sharedSpace(spaces, { heads, anchors }),
    heads,
    returns,
    anchors,
    report,
  });
}

type Sides = Readonly<Record<'source' | 'target', Embeddings>>;

/** Ways out of the shared space, each learned from a side's own way in: hardly a row of the other side belongs to it. */
export async function ownWays(
  heads: Heads,
  sides: Sides,
  tools: Tools,
): Promise<Pick<AlignmentParts, 'returns' | 'anchors'>> {
  const out = (side: 'source' | 'target'): Promise<Path> => {
    const some = someRows(sides[side], learnedRows);
    return wayOut(
      heads[side],
      some,
      some,
      Int32Array.from({ length: some.count }, (_, i) => i),
      tools,
    );
  };
  const anchors = (side: 'source' | 'target'): Float32Array<ArrayBuffer> =>
    rounded(applyPath(heads[side], asMatrix(someRows(sides[side], anchorCount))).data);
  return {
    returns: { source: await out('source'), target: await out('target') },
    anchors: { source: anchors('source'), target: anchors('target') },
  };
}

/** Rows that a way out is learned from. */
const learnedRows = 5000;

async function measuredReport(
  base: Omit<AlignmentReport, 'tried' | 'heldOutPairs' | 'chance' | 'verdict'>,
  heads: Heads,
  sides: Sides,
  heldOut: Sample,
  seconds: number,
  tools: Tools,
): Promise<AlignmentReport> {
  const count = Math.min(sides.source.count, sides.target.count, anchorCount);
  const crowd: Sample = {
    source: someRows(sides.source, count),
    target: someRows(sides.target, count),
    groups: Int32Array.from({ length: count }, (_, i) => i),
  };
  const examination = { heads, test: heldOut, candidates: heldOut, crowd };
  const scores = measured([await examine(examination, tools)], heldOut.groups.length);
  const both = (key: 'mrr' | 'recallAt10'): number => (scores.forward[key] + scores.backward[key]) / 2;
  const evidence = {
    ...base,
    tried: [{ method: base.method, mrr: both('mrr'), recallAt10: both('recallAt10'), seconds }],
    heldOutPairs: heldOut.groups.length,
    chance: chanceScores(heldOut.groups),
    ...scores,
    calibration: await calibrateBoth([examination], tools),
  };
  return { ...evidence, verdict: verdictOf(evidence) };
}

function someRows(points: Embeddings, count: number): Embeddings {
  return points.count <= count ? points : rows(points, spread(points.count, count));
}

/**
 * @throws {CognateError} `space-mismatch` where rows are of other spaces than the pairs or both sides are one space;
 * `shape-mismatch`; `invalid-input` for NaN or infinity, naming the row, and for too few rows or rows that are all the same.
 */
export function requireUnpaired({ source, target, known }: UnpairedRows): void {
  requireTwoSides(known.source, known.target);
  requireSpace('fit()', source.space, known.source.space);
  requireSpace('fit()', target.space, known.target.space);
  requireRows('fit()', source, 0, 'unpaired source');
  requireRows('fit()', target, 0, 'unpaired target');
  requireVaried('source', concat([source, known.source]));
  requireVaried('target', concat([target, known.target]));
}

/** @throws {CognateError} `invalid-input` where there are too few rows for this method. */
export function requireShapes({ source, target, known }: UnpairedRows): void {
  const [from, to] = [source.count + known.source.count, target.count + known.target.count];
  if (Math.min(from, to) >= leastRows) return;
  throw new CognateError(
    'invalid-input',
    `fit() by unpaired rows needs at least ${leastRows} rows on either side, got ${from} and ${to}`,
  );
}
