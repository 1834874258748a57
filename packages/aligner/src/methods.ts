import { random, type Alignment, type CallOptions } from '@cognate/core';
import { partsOf } from './alignment/alignment.ts';
import { keepBest, leavesRoom, usual } from './choose-method.ts';
import type { Tools } from './algebra/tools.ts';
import { closedForms, type ClosedMethod, type Setting } from './closed-form/closed-forms.ts';
import type { Checkpoints } from './contrastive/checkpoints.ts';
import {
  contrastiveDefaults,
  contrastiveSettings,
  usualRate,
  type ContrastiveOptions,
} from './contrastive/contrastive.ts';
import { fitContrastive, trainOn, type ContrastiveRun, type Watch } from './contrastive/fit-contrastive.ts';
import { isTrainable } from './contrastive/head-params.ts';
import { leadingColumns } from './algebra/matrix.ts';
import { toFloats, type Heads, type Path } from './alignment/path.ts';
import { judge, pooled, type Quality, type Ranked } from './measure/judge.ts';
import type { SecondLook } from './measure/second-look.ts';
import { furtherFolds, prepare, subset, thinned, type Fold, type Plan, type Sample } from './sample.ts';
import { tryClosedForm, type Lesson, type PreparedFold } from './try-closed-form.ts';

/** How a map may be learned: `closedForms` names what each closed form is; `contrastive` trains heads by steps. */
export type Method = ClosedMethod | 'contrastive';

/** How methods are run. */
export interface MethodOptions extends CallOptions, Loose<ContrastiveOptions> {
  /** Asked several times a second: while its promise is pending, the run is paused. */
  readonly gate?: (() => Promise<void>) | undefined;
  /**
   * Where training keeps what it needs to go on after it was cut off: the same call with the same inputs then ends as it
   * would have. Names are `fit`, `refit` and `control`; nothing is deleted.
   */
  readonly checkpoints?: Checkpoints | undefined;
  /**
   * An alignment of the same spaces that training goes on from, when pairs were added to those that it learned from.
   * Where its map cannot be trained further, training starts from a closed form as usual.
   */
  readonly from?: Alignment | undefined;
  /** Once the number of steps is found on validation pairs, train again with these pairs as well. */
  readonly refit?: boolean | undefined;
  /** Looks at the validation pairs, one every 20 steps, without a gain after which training ends; 4 unless told. */
  readonly patience?: number | undefined;
  /** Points to report at each look at the validation pairs, for a picture of the training; they change no result. */
  readonly watch?: Watch | undefined;
}

/** Settings of which any may be left to its default. */
type Loose<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** What a method has shown on validation pairs. */
export interface Candidate {
  readonly method: Method;
  /** The setting that did best; trained heads have none. */
  readonly setting: Setting;
  /** Steps of training after which heads did best, 0 where none made them better; closed forms have none. */
  readonly steps?: number | undefined;
  /** Ranks of the right answers in each fold. */
  readonly ranked: readonly Ranked[];
  readonly quality: Quality;
  /** Mean reciprocal rank over further random orders of few pairs; only of what is usually kept. */
  readonly evidence?: number | undefined;
  readonly seconds: number;
  /** Heads of a fold, computed when they are asked for. */
  readonly heads: (fold: number) => Promise<Heads>;
  /** The closed form that contrastive training began from. */
  readonly start?: Candidate | undefined;
}

/** Steps between two looks at the validation pairs. */
const interval = 20;

/**
 * Fits every method asked for to the training part of each fold; of several, those that take longest only where what was
 * tried before them leaves something to gain.
 */
export async function tryMethods(
  methods: readonly Method[],
  plan: Plan,
  options: MethodOptions,
  tools: Tools,
): Promise<Candidate[]> {
  const tried: Candidate[] = [];
  const trains = methods.includes('contrastive');
  const known: readonly ClosedMethod[] = ['identity', ...closedMethods, 'unpaired'];
  const closed = known.filter((method) => methods.includes(method) || (trains && starts.includes(method)));
  const prepared = (fold: Fold): PreparedFold => ({ ...amongTheLeftOut(fold), pairs: prepare(fold.train) });
  const lesson: Lesson = { learn: prepare(plan.learn), folds: plan.folds.map(prepared) };
  const rivals = usual.every((method) => closed.includes(method)) ? usual : [];
  const further = rivals.length > 0 ? furtherFolds(plan, options.seed ?? 0).map(prepared) : [];
  const idle = (): boolean => methods.length > 1 && tried.length > 0 && !leavesRoom(tried);
  for (const [i, method] of closed.entries()) {
    const orders = rivals.includes(method) ? further : [];
    if (method !== 'kernel' || !idle()) tried.push(await tryClosedForm(method, lesson, orders, tools));
    options.onProgress?.({ phase: 'prepare', done: i + 1, total: closed.length });
  }
  if (!trains || idle()) return tried.filter(({ method }) => methods.includes(method));
  const start = keepBest(
    tried.filter(({ method }) => starts.includes(method)),
    lesson.folds[0]!.candidates.source.count,
  );
  const trained = await tryContrastive(start, amongTheLeftOut(plan.folds[0]!), options, tools);
  // Heads that no step has made better are the closed form that they began from, unless these were given.
  const wanted = methods.length === 1 || continued(options) !== undefined;
  if (wanted || trained.steps! > 0) tried.push(trained);
  return tried.filter(({ method }) => methods.includes(method));
}

/** All that learn from pairs alone and suit any two spaces, simplest first. */
export const closedMethods = [
  'procrustes',
  'ridge',
  'csa',
  'kernel',
  'relative',
  'asif',
] as const satisfies readonly ClosedMethod[];

/** Closed forms that training can go on from. */
const starts: readonly Method[] = ['procrustes', 'csa'];

/** Rows that a fit has seen lie elsewhere than rows that it has not, with some methods farther than with others. */
export function amongTheLeftOut(fold: Fold): Fold {
  // One thing by itself would always be found.
  if (new Set(fold.test.groups).size < 2) return fold;
  return { ...fold, candidates: fold.test, crowd: fold.test };
}

async function tryContrastive(start: Candidate, fold: Fold, options: MethodOptions, tools: Tools): Promise<Candidate> {
  const began = performance.now();
  const first = continued(options) ?? narrowed(await start.heads(0));
  const best = await fitContrastive(fold, first, runOf('fit', options, fold.train));
  const ranked = [await judge({ heads: best.heads, ...fold }, tools)];
  const seconds = (performance.now() - began) / 1000;
  return {
    method: 'contrastive',
    setting: {},
    steps: best.steps,
    ranked,
    quality: best.quality,
    heads: async () => best.heads,
    seconds,
    start,
  };
}

/** Dimensions that heads are trained in: a step costs in proportion. */
const trainedDims = 256;

/** From this number of dimensions on, the last three are worth less than the time that they would take. */
const manyDims = 64;

/** Heads of which only the leading dimensions are left, where both sides have a matrix to cut. */
function narrowed({ source, target }: Heads): Heads {
  const cut = (path: Path): Path | undefined => {
    const [center, unit, map, end] = path;
    if (path.length !== 4 || map?.kind !== 'linear') return undefined;
    const { cols } = map.weight;
    // The engine multiplies four numbers at a time: rows of any other length take it ten times as long.
    const kept = Math.min(trainedDims, cols < manyDims ? cols : cols - (cols % 4));
    if (kept === cols) return undefined;
    return [center!, unit!, { kind: 'linear', weight: toFloats(leadingColumns(map.weight, kept)) }, end!];
  };
  const [from, to] = [cut(source), cut(target)];
  return from && to ? { source: from, target: to } : { source, target };
}

/**
 * The kept method with all of `learn`. Trained heads learn from the validation pairs too only when asked to, since that
 * takes the time of the training once more.
 */
export async function finish(
  { method, setting, steps = 0, heads, start }: Candidate,
  { learn, folds }: Pick<Plan, 'learn' | 'folds'>,
  options: MethodOptions,
  tools: Tools,
): Promise<{ heads: Heads; learned: Sample }> {
  const again = options.refit && steps > 0;
  if (method === 'contrastive' && !again) return { heads: await heads(0), learned: folds[0]!.train };
  const closed = start ?? { method, setting };
  const fitted = await closedForms[closed.method as ClosedMethod].fit(prepare(learn), closed.setting, tools);
  if (!again) return { heads: fitted, learned: learn };
  // As many steps as did best on the validation pairs, on the same schedule.
  const first = continued(options) ?? narrowed(fitted);
  return {
    heads: await trainOn(learn, first, steps, runOf('refit', options, folds[0]!.train)),
    learned: learn,
  };
}

/**
 * The closed form that was kept, or that training began from, ready to learn from other pairs, again and again: CSA
 * stands in for a kernel of many pairs, and for what looks at rows without partner.
 */
export function closedFormOf(
  { start, ...kept }: Pick<Candidate, 'method' | 'setting' | 'start'>,
  { learn }: Pick<Plan, 'learn'>,
  tools: Tools,
): { readonly method: Method; readonly fit: SecondLook['fit'] } {
  const { method, setting } = start ?? kept;
  const slow = method === 'unpaired' || (method === 'kernel' && learn.source.count > quickKernel);
  if (slow) return closedFormOf({ method: 'csa', setting: { strength: 1 } }, { learn }, tools);
  // The strength of CSA counts in shares of the variance per direction.
  const adapted = (narrowing: number): Setting =>
    method === 'csa' ? { strength: setting['strength']! * narrowing } : setting;
  return {
    method,
    fit: (train, narrowing) => closedForms[method as ClosedMethod].fit(prepare(train), adapted(narrowing), tools),
  };
}

/** Pairs up to which a kernel is fitted in a moment. */
const quickKernel = 500;

/** Heads of the alignment that training was asked to go on from, if it can. */
function continued({ from }: MethodOptions): Heads | undefined {
  const heads = from && partsOf('fit()', from).heads;
  return heads && isTrainable(heads.source) && isTrainable(heads.target) ? heads : undefined;
}

function runOf(name: string, options: MethodOptions, { source }: Sample): ContrastiveRun {
  const settings = contrastiveSettings({ ...options, learningRate: options.learningRate ?? usualRate(source.count) });
  return { ...options, ...settings, name, interval, patience: options.patience ?? 4 };
}

/** Pairs in random order that are enough to show what they teach; of a kernel, as many as are fitted in a moment. */
const controlPairs = 1000;

/** Ranks that the kept method reaches when its training pairs are in random order: what chance and leaks would give. */
export async function shuffledControl(
  kept: Candidate,
  plan: Plan,
  options: MethodOptions,
  tools: Tools,
): Promise<Ranked> {
  const seed = options.seed ?? contrastiveDefaults.seed;
  const folds = plan.heldOut
    ? [{ ...plan.folds[0]!, train: plan.learn, test: plan.heldOut, candidates: plan.heldOut }]
    : plan.folds;
  const ranked: Ranked[] = [];
  for (const fold of folds) {
    const closed = kept.start ?? kept;
    const enough = kept.method === 'kernel' ? quickKernel : controlPairs;
    const train = shuffled(thinned(kept.start ? plan.folds[0]!.train : fold.train, enough), seed);
    let heads = await closedForms[closed.method as ClosedMethod].fit(prepare(train), closed.setting, tools);
    if (kept.start) heads = narrowed(heads);
    if (kept.start && kept.steps! > 0) {
      // Pairs in random order have nothing to teach: one look without a gain shows it.
      const run = { ...runOf('control', options, train), patience: 1, onProgress: undefined, watch: undefined };
      ({ heads } = await fitContrastive({ ...plan.folds[0]!, train }, heads, run));
    }
    // What has learned nothing from pairs is asked for some other thing's partner instead.
    const test = closed.method === 'identity' ? relabelled(fold.test, seed) : fold.test;
    ranked.push(await judge({ heads, ...fold, test, crowd: train }, tools));
  }
  return pooled(ranked);
}

/** The same rows, but each source row next to some other target row. */
function shuffled(sample: Sample, seed: number): Sample {
  const order = [...random(seed).permutation(sample.source.count)];
  return { ...sample, target: subset(sample, order).target };
}

/** The same rows, but each taken for some other one. */
function relabelled(sample: Sample, seed: number): Sample {
  const order = random(seed).permutation(sample.groups.length);
  return { ...sample, groups: sample.groups.map((_, i) => sample.groups[order[i]!]!) };
}
