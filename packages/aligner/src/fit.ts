import {
  breather,
  CognateError,
  concat,
  requireSpace,
  rows,
  type Alignment,
  type AlignmentReport,
  type Breathe,
  type Embeddings,
  type Space,
} from '@cognate/core';
import { startEngine } from '@cognate/nn';
import { autoMethods, keepBest } from './choose-method.ts';
import { kernelPairs } from './closed-form/nystrom.ts';
import { engineTools } from './algebra/accelerate.ts';
import { createAlignment, type AlignmentParts } from './alignment/alignment.ts';
import { cycleScores } from './alignment/cycle.ts';
import { halvedKernels, rounded } from './alignment/half.ts';
import type { Tools } from './algebra/tools.ts';
import { requireOptions, type FitOptions, type HeldOutPairs } from './fit-options.ts';
import { groupsOfAlike, numbered } from './groups.ts';
import { applyInSlices, type Heads, type Path } from './alignment/path.ts';
import { forecastOf } from './measure/forecast.ts';
import { gatherEvidence, type Learned, type LearnedTwice } from './gather-evidence.ts';
import { anchorCount } from './measure/judge.ts';
import { amongTheLeftOut, finish, tryMethods, type Candidate, type Method } from './methods.ts';
import { requireRows } from './measure/checks.ts';
import { verdictOf } from './measure/verdict.ts';
import { leastPairs, requireDifferent, requireHeldOut, requirePairs, type LooseRows } from './pairs.ts';
import { sharedSpace } from './alignment/shared-space.ts';
import { wayOut } from './alignment/way-out.ts';
import { planFor, thinned, type Plan, type Sample } from './sample.ts';
import { leastRows } from './unpaired/align-unpaired.ts';
import { fitUnpaired, ownWays, requireShapes, requireUnpaired } from './unpaired/fit-unpaired.ts';

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
  const { signal, seed = 0 } = options;
  requireOptions(options);
  signal?.throwIfAborted();
  const loose = looseRows(source, target, options);
  const alone = loose !== undefined && source.count < leastPairs;
  if (loose) requireUnpaired({ ...loose, known: { source, target } });
  if (loose && (alone || options.method === 'unpaired')) requireShapes({ ...loose, known: { source, target } });
  if (!alone) requirePairs(source, target, options.groups);
  requireOthers(source.space, target.space, options);
  const breathe = breather(signal, { gate: options.gate });
  const sample: Sample = { ...(await sampleOf({ source, target, groups: options.groups }, breathe)), loose };
  const heldOut = options.heldOut && apart(await sampleOf(options.heldOut, breathe), sample);

  await startEngine();
  const tools = engineTools(breathe);
  if (alone) return fitUnpaired({ ...loose, known: { source, target } }, { ...options, seed, heldOut }, tools);
  return fitPairs(sample, heldOut, { ...options, seed }, tools);
}

async function fitPairs(
  sample: Sample,
  heldOut: Sample | undefined,
  options: FitOptions & { readonly seed: number },
  tools: Tools,
): Promise<Alignment> {
  const { source, target, loose } = sample;
  const groupCount = new Set(sample.groups).size;
  requireDifferent('fit()', groupCount);
  const few = groupCount < fewGroups && options.method !== 'contrastive';
  const plan = planFor(sample, few, heldOut, options.seed);
  const outlook = options.report === 'brief' ? undefined : await forecastOf(sample, tools, options.seed);
  const planned = methodsFor(groupCount, sample, options);
  const tried = await tryMethods(planned, plan, options, tools);
  const kept = keepBest(tried, amongTheLeftOut(plan.folds[0]!).candidates.source.count);
  const learned = await learn(kept, sample, plan, options, tools);

  const choice = { planned, tried, kept };
  const evidence = await gatherEvidence(choice, learned, sample, plan, outlook, options, tools);
  const { heads } = learned.final;
  const ways =
    kept.method === 'unpaired' && loose
      ? { heads, ...(await ownWays(heads, everyRow(learned.final.learned, loose), tools)) }
      : await waysBack(heads, learned.final.learned, tools);
  const asked = thinned(plan.heldOut ?? sample, cyclePairs);
  const rounds = options.report === 'brief' ? undefined : await cycleScores(ways, asked, tools);
  const report: AlignmentReport = { ...evidence, ...(rounds && { cycle: rounds }), verdict: verdictOf(evidence) };
  const spaces = { source: source.space, target: target.space };
  return createAlignment({ ...spaces, shared: sharedSpace(spaces, ways), ...ways, report });
}

async function learn(
  kept: Candidate,
  sample: Sample,
  plan: Plan,
  options: FitOptions,
  tools: Tools,
): Promise<LearnedTwice> {
  const closed = kept.method !== 'contrastive';
  const before: Learned =
    closed && plan.folds.length === 1
      ? { heads: await kept.heads(0), learned: plan.folds[0]!.train } // of many pairs, a tenth more or less is not worth a fit
      : await finish(kept, plan, options, tools);
  // A closed form, which costs little, learns from the pairs that it was measured on too.
  const whole = closed && before.learned.groups.length < sample.groups.length;
  const last = whole ? await finish(kept, { ...plan, learn: sample }, options, tools) : before;
  return { ...before, final: { ...last, heads: halvedKernels(last.heads) } };
}

/** What is given beside the pairs must be of their spaces. */
function requireOthers(source: Space, target: Space, { heldOut, from, watch }: FitOptions): void {
  if (heldOut) requireHeldOut('fit()', heldOut, { source, target });
  for (const [side, space] of [['source', source] as const, ['target', target] as const]) {
    if (from) requireSpace('fit()', from[side], space);
    if (!watch) continue;
    requireSpace('fit()', watch[side].space, space);
    requireRows('fit()', watch[side], 0, `watched ${side}`);
  }
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
  const others = loose ? Math.min(loose.source.count, loose.target.count) : 0;
  const many = others >= 2 * groupCount && others + source.count >= leastRows;
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

/** Held-out pairs are different things from those learned from: their groups are numbered on. */
function apart(heldOut: Sample, { groups }: Sample): Sample {
  const next = groups.reduce((largest, group) => Math.max(largest, group + 1), 0);
  return { ...heldOut, groups: heldOut.groups.map((group) => next + group) };
}
