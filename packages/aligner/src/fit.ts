import {
  breather,
  CognateError,
  concat,
  methodName,
  requireSpace,
  rows,
  type Alignment,
  type AlignmentReport,
  type Breathe,
  type Embeddings,
} from '@cognate/core';
import { startEngine } from '@cognate/nn';
import { autoMethods, keepBest } from './choose-method.ts';
import { kernelPairs } from './closed-form/nystrom.ts';
import { engineMultiply } from './algebra/accelerate.ts';
import { createAlignment, type AlignmentParts } from './alignment/alignment.ts';
import { cycleScores } from './alignment/cycle.ts';
import { halvedKernels, rounded } from './alignment/half.ts';
import type { Tools } from './algebra/tools.ts';
import { requireOptions, type FitOptions, type HeldOutPairs } from './fit-options.ts';
import { groupsOfAlike, numbered } from './groups.ts';
import { applyInSlices, type Heads, type Path } from './alignment/path.ts';
import { forecastOf } from './measure/forecast.ts';
import { anchorCount, calibrateBoth, examine, meanScores, measured, type Examined } from './measure/judge.ts';
import { closedFormOf, finish, shuffledControl, tryMethods, type Candidate, type Method } from './methods.ts';
import { requireRows } from './measure/checks.ts';
import { lookAgain } from './measure/second-look.ts';
import { verdictOf, type Evidence } from './measure/verdict.ts';
import { leastPairs, requireDifferent, requireHeldOut, requirePairs, type LooseRows } from './pairs.ts';
import { chanceScores } from './measure/retrieval.ts';
import { sharedSpace } from './alignment/shared-space.ts';
import { wayOut } from './alignment/way-out.ts';
import { joined, planFor, thinned, type Plan, type Sample } from './sample.ts';
import { fitUnpaired, ownWays, requireUnpaired } from './unpaired/fit-unpaired.ts';

/** Under this number of groups the report comes from cross-validation: a tenth of them would tell too little. */
const fewGroups = 200;

/** From this number of groups on `auto` goes on from the heads that it is given. */
const continuedGroups = 1000;

/** Up to this number of groups `auto` looks at twice as many rows without partner, or more: more pairs tell more. */
const unpairedGroups = 100;

/**
 * Learns the map between two spaces from paired rows: row i of `source` belongs to row i of `target`. One seed, one
 * result. Tells its progress as `prepare` while methods are tried, `fit` for each step of training, and `report`.
 * @param source `[count, from]`, kept as it is. @param target `[count, to]`, likewise; at least 4 different things.
 * @returns the map, which shares no buffer with the inputs, and its report.
 * @throws {CognateError} `shape-mismatch` when counts differ, of the pairs, their groups or those held out, or dimensions
 * for `identity`; `space-mismatch` when both sides are one space, or what `heldOut`, `unpaired`, `watch` or `from` gives is
 * of others; `invalid-input` for NaN or infinity, too few pairs, rows that are all the same, options without sense, and
 * where the loss of training runs away. Aborting rejects with `signal.reason`, and a rejection of `checkpoints` with its
 * own.
 * @see `closedForms` and `contrastive/` for the methods and their papers; Conneau et al. 2018, arXiv:1710.04087, for CSLS,
 * by which all scores are measured.
 */
export async function fit(source: Embeddings, target: Embeddings, options: FitOptions = {}): Promise<Alignment> {
  const { method = 'auto', signal, seed = 0 } = options;
  const brief = options.report === 'brief';
  requireOptions(options);
  signal?.throwIfAborted();
  const loose = looseRows(source, target, options);
  if (loose) requireUnpaired({ ...loose, known: { source, target } });
  const alone = loose !== undefined && source.count < leastPairs;
  if (!alone) requirePairs(source, target, options.groups);
  const breathe = breather(signal, { gate: options.gate });
  const sample: Sample = { ...(await sampleOf({ source, target, groups: options.groups }, breathe)), loose };
  if (options.heldOut) requireHeldOut('fit()', options.heldOut, { source: source.space, target: target.space });
  if (options.from) {
    requireSpace('fit()', options.from.source, source.space);
    requireSpace('fit()', options.from.target, target.space);
  }
  for (const side of options.watch ? (['source', 'target'] as const) : []) {
    requireSpace('fit()', options.watch![side].space, { source, target }[side].space);
    requireRows('fit()', options.watch![side], 0, `watched ${side}`);
  }
  const heldOut = options.heldOut && apart(await sampleOf(options.heldOut, breathe), sample);

  await startEngine();
  const tools: Tools = { times: engineMultiply(breathe), breathe };
  if (alone) return fitUnpaired({ ...loose, known: { source, target } }, { ...options, seed, heldOut }, tools);
  const groupCount = new Set(sample.groups).size;
  requireDifferent('fit()', groupCount);
  const few = groupCount < fewGroups && method !== 'contrastive';
  const plan = planFor(sample, few, heldOut, seed);

  const outlook = brief ? undefined : await forecastOf(sample, tools, seed);
  const planned = methodsFor(groupCount, sample, options);
  const tried = await tryMethods(planned, plan, options, tools);
  const kept = keepBest(tried, plan.folds[0]!.test.source.count);
  const single = kept.method !== 'contrastive' && plan.folds.length === 1;
  const { heads, learned } = single
    ? { heads: await kept.heads(0), learned: plan.folds[0]!.train } // of many pairs, a tenth more or less is not worth a fit
    : await finish(kept, plan, options, tools);
  // Measured on pairs that it has not seen; then a closed form, which costs little, learns from those too.
  const whole = kept.method !== 'contrastive' && learned.groups.length < sample.groups.length;
  const last = whole ? await finish(kept, { ...plan, learn: sample }, options, tools) : { heads, learned };
  const final = { ...last, heads: halvedKernels(last.heads) };
  const asked = plan.heldOut
    ? [{ heads, test: plan.heldOut, candidates: plan.heldOut, crowd: learned }]
    : await Promise.all(plan.folds.map(async (fold, i) => ({ ...fold, heads: await kept.heads(i) })));
  const examined: Examined[] = [];
  for (const each of asked) examined.push(await examine(each, tools));
  // What scores are worth depends on how many candidates there are: one of each thing that is known.
  const bank = plan.heldOut ? joined(oneOfEach(learned), oneOfEach(plan.heldOut)) : oneOfEach(sample);
  const candidates = asked[0]!.candidates.groups;
  const scores = measured(examined, candidates.length);
  const atLength = async (): Promise<Pick<Evidence, 'forward' | 'backward' | 'suspects'> & Partial<Evidence>> => ({
    shuffled: meanScores(await shuffledControl(kept, plan, options, tools), candidates.length),
    ...(outlook && { forecast: outlook }),
    ...(await lookAgain(
      {
        ...closedFormOf(kept, plan, tools),
        sample,
        scores,
        folds: asked.length,
        queries: new Set(asked.flatMap(({ test }) => [...test.groups])).size,
        comparable: !kept.start && !options.heldOut && kept.method !== 'unpaired',
        seed,
        onProgress: options.onProgress,
      },
      tools,
    )),
    calibration: await calibrateBoth(
      asked.map((each) => ({ ...each, candidates: bank })),
      tools,
    ),
  });
  const evidence: Evidence = {
    method: kept.method,
    reason: reasonFor(kept, tried, planned, plan, options),
    tried: tried.map(({ method: name, quality, seconds }) => ({
      method: name,
      ...quality,
      seconds,
    })),
    trainPairs: final.learned.source.count,
    heldOutPairs: asked.reduce((sum, { test }) => sum + test.source.count, 0),
    chance: chanceScores(candidates),
    ...(brief ? { ...scores, suspects: [] } : await atLength()),
    seed,
  };
  const ways =
    kept.method === 'unpaired' && loose
      ? { heads: final.heads, ...(await ownWays(final.heads, everyRow(final.learned, loose), tools)) }
      : await waysBack(final.heads, final.learned, tools);
  const rounds = brief ? undefined : await cycleScores(ways, thinned(plan.heldOut ?? sample, cyclePairs), tools);
  const report: AlignmentReport = { ...evidence, ...(rounds && { cycle: rounds }), verdict: verdictOf(evidence) };
  const spaces = { source: source.space, target: target.space };
  return createAlignment({ ...spaces, shared: sharedSpace(spaces, ways), ...ways, report });
}

function methodsFor(
  groupCount: number,
  { source, target, loose }: Sample,
  { method = 'auto', trainHeads, from }: FitOptions,
): readonly Method[] {
  const sameDims = source.space.dim === target.space.dim;
  if (method === 'identity' && !sameDims) {
    const message = `fit() needs spaces of one dimension for identity, got ${source.space.dim} and ${target.space.dim}`;
    throw new CognateError('shape-mismatch', message);
  }
  if (method !== 'auto') return [method];
  const closed = autoMethods(groupCount, { sameDims });
  const many = loose !== undefined && Math.min(loose.source.count, loose.target.count) >= 2 * groupCount;
  if (many && groupCount <= unpairedGroups) return [...closed, 'unpaired'];
  const enough = groupCount > (from ? continuedGroups : kernelPairs);
  return [...closed, ...(groupCount >= fewGroups && (trainHeads ?? enough) ? (['contrastive'] as const) : [])];
}

/** Rows without partner where the method looks at them; with none given, `unpaired` matches the rows of the pairs. */
function looseRows(
  source: Embeddings,
  target: Embeddings,
  { method = 'auto', unpaired, seed = 0 }: FitOptions,
): LooseRows | undefined {
  if (method === 'auto' && unpaired) return { ...unpaired, seed };
  return method === 'unpaired'
    ? { ...(unpaired ?? { source: rows(source, []), target: rows(target, []) }), seed }
    : undefined;
}

function everyRow({ source, target }: Sample, loose: LooseRows): Record<'source' | 'target', Embeddings> {
  return { source: concat([loose.source, source]), target: concat([loose.target, target]) };
}

/** Pairs whose points are sent there and back. */
const cyclePairs = 500;

/** Why the kept method was kept, for people. */
function reasonFor(
  kept: Candidate,
  tried: readonly Candidate[],
  planned: readonly Method[],
  { folds }: Plan,
  { trainHeads }: FitOptions,
): string {
  if (planned.length === 1) return `${methodName(kept.method)} was asked for.`;
  const others = tried.filter((each) => each !== kept);
  const score = ({ quality }: Candidate): string => quality.mrr.toFixed(3);
  const pairs = folds.reduce((sum, { test }) => sum + test.source.count, 0);
  const how = folds.length > 1 ? `${pairs} pairs, each left out once` : `${pairs} validation pairs`;
  const rest = others.map((each) => `${methodName(each.method)} ${score(each)}`).join(', ');
  const spared = planned.filter((each) => !tried.some(({ method }) => method === each)).map(methodName);
  const first = others.every(({ quality }) => quality.mrr <= kept.quality.mrr);
  const why = first
    ? `${methodName(kept.method)} placed right answers highest`
    : `${methodName(kept.method)} was kept, since no other method was better by more than chance`;
  const few =
    planned.includes('contrastive') || trainHeads === false
      ? ''
      : ' There are too few pairs to train contrastive heads.';
  const idle = spared.length > 0 ? ` There was nothing to gain from ${spared.join(' or ')}.` : '';
  return `${why}: mean reciprocal rank ${score(kept)} over ${how}${rest && ` (${rest})`}.${few}${idle}`;
}

async function sampleOf({ source, target, groups }: HeldOutPairs, breathe: Breathe): Promise<Sample> {
  return { source, target, groups: groups ? numbered(groups) : await groupsOfAlike(source, target, breathe) };
}

/** Everything that follows from heads: linear ways out of the shared space, and who lives there. */
async function waysBack(
  heads: Heads,
  learned: Sample,
  tools: Tools,
): Promise<Pick<AlignmentParts, 'heads' | 'returns' | 'anchors'>> {
  const back = (from: 'source' | 'target', to: 'source' | 'target'): Promise<Path> =>
    wayOut(heads[from], learned[from], learned[to], learned.groups, tools);
  const returns = { source: await back('target', 'source'), target: await back('source', 'target') };
  const crowd = thinned(learned, anchorCount);
  const anchors = {
    source: rounded(await applyInSlices(heads.source, crowd.source, tools)),
    target: rounded(await applyInSlices(heads.target, crowd.target, tools)),
  };
  return { heads, returns, anchors };
}

/** A pair of each group, of 5,000 groups at most. */
function oneOfEach(sample: Sample): Sample {
  return thinned(sample, Math.min(5000, new Set(sample.groups).size));
}

/** Held-out pairs are different things from those learned from: their groups are numbered on. */
function apart(heldOut: Sample, { groups }: Sample): Sample {
  const next = groups.reduce((largest, group) => Math.max(largest, group + 1), 0);
  return { ...heldOut, groups: heldOut.groups.map((group) => next + group) };
}
