import { random, type Alignment, type CallOptions } from '@cognate/core';
import { partsOf } from './alignment/alignment.ts';
import { closedForms, type ClosedMethod, type Tools } from './closed-form/closed-forms.ts';
import type { Checkpoints } from './contrastive/checkpoints.ts';
import { contrastiveDefaults, type ContrastiveOptions } from './contrastive/contrastive.ts';
import { fitContrastive, trainOn, type ContrastiveRun, type Watch } from './contrastive/fit-contrastive.ts';
import { isTrainable } from './contrastive/head-params.ts';
import type { Heads } from './alignment/path.ts';
import { beats, judge, pooled, quality, type Quality, type Ranked } from './measure/judge.ts';
import type { Pairs } from './pairs.ts';
import { prepare, subset, type Fold, type Plan, type Sample } from './sample.ts';

export type Method = ClosedMethod | 'contrastive';

/** How methods are run. */
export interface MethodOptions extends CallOptions, Loose<ContrastiveOptions> {
  /** Awaited between training steps: while its promise is pending, the run is paused. */
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
  /** Looks at the validation pairs, one every 20 steps, without a gain after which training ends; 10 unless told. */
  readonly patience?: number | undefined;
  /** Points to report at each look at the validation pairs, for a picture of the training; they change no result. */
  readonly watch?: Watch | undefined;
}

/** Settings of which any may be left to its default. */
type Loose<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** What a method has shown on validation pairs. */
export interface Candidate {
  readonly method: Method;
  /** The setting that did best. */
  readonly setting: number;
  readonly quality: Quality;
  readonly seconds: number;
  /** Heads of each fold. */
  readonly heads: readonly Heads[];
  /** The closed form that contrastive training began from. */
  readonly start?: Candidate | undefined;
}

/** Steps between two looks at the validation pairs. */
const interval = 20;

/** Fits every method asked for to the training part of each fold, simplest first. */
export async function tryMethods(
  methods: readonly Method[],
  plan: Plan,
  options: MethodOptions,
  tools: Tools,
): Promise<Candidate[]> {
  const tried: Candidate[] = [];
  const closed = closedMethods.filter((method) => methods.includes(method) || methods.includes('contrastive'));
  const prepared = plan.folds.map((fold) => ({ fold, pairs: prepare(fold.train) }));
  for (const method of closed) {
    tried.push(await tryClosedForm(method, prepared, tools));
    options.onProgress?.({ phase: 'prepare', done: tried.length, total: closed.length });
  }
  if (!methods.includes('contrastive')) return tried;
  tried.push(await tryContrastive(tried.reduce(better), plan.folds[0]!, options, tools));
  return tried.filter(({ method }) => methods.includes(method));
}

/** Simplest first. */
export const closedMethods = ['procrustes', 'ridge', 'csa'] as const satisfies readonly ClosedMethod[];

/** By reciprocal rank; of equals the first, which is the simpler. */
export function better(a: Candidate, b: Candidate): Candidate {
  return beats(b.quality, a.quality) ? b : a;
}

/** Fits a closed form to each fold with each of its settings, and keeps the best setting. */
async function tryClosedForm(
  method: ClosedMethod,
  folds: readonly { readonly fold: Fold; readonly pairs: Pairs }[],
  tools: Tools,
): Promise<Candidate> {
  const start = performance.now();
  const { settings, fit } = closedForms[method];
  const tried = settings.map((setting) => ({ setting, heads: [] as Heads[], ranked: [] as Ranked[] }));
  for (const { fold, pairs } of folds) {
    const fitted = await fit(pairs, settings, tools);
    for (const [i, heads] of fitted.entries()) {
      tried[i]!.heads.push(heads);
      tried[i]!.ranked.push(await judge({ heads, ...fold }, tools.breathe));
    }
  }
  const seconds = (performance.now() - start) / 1000;
  const outcomes = tried.map(({ setting, heads, ranked }): Candidate => {
    return { method, setting, heads, quality: quality(pooled(ranked)), seconds };
  });
  return outcomes.reduce(better);
}

async function tryContrastive(start: Candidate, fold: Fold, options: MethodOptions, tools: Tools): Promise<Candidate> {
  const began = performance.now();
  const best = await fitContrastive(fold, continued(options) ?? start.heads[0]!, runOf('fit', options), tools.breathe);
  const seconds = (performance.now() - began) / 1000;
  return { method: 'contrastive', setting: best.steps, quality: best.quality, heads: [best.heads], seconds, start };
}

/**
 * The kept method with all that may be learned from. Trained heads learn from the validation pairs too only when asked
 * to, since that takes the time of the training once more.
 */
export async function finish(
  { method, setting, heads, start }: Candidate,
  plan: Plan,
  options: MethodOptions,
  tools: Tools,
): Promise<{ heads: Heads; learned: Sample }> {
  const again = method === 'contrastive' && options.refit && setting > 0;
  if (method === 'contrastive' && !again) return { heads: heads[0]!, learned: plan.folds[0]!.train };
  const closed = start ?? { method: method as ClosedMethod, setting };
  const [fitted] = await closedForms[closed.method as ClosedMethod].fit(prepare(plan.learn), [closed.setting], tools);
  if (!again) return { heads: fitted!, learned: plan.learn };
  // As many steps as did best on the validation pairs, on the same schedule.
  const first = continued(options) ?? fitted!;
  const trained = await trainOn(plan.learn, first, setting, runOf('refit', options), tools.breathe);
  return { heads: trained, learned: plan.learn };
}

/** The closed form that was kept, or that training began from, ready to learn from other pairs. */
export function closedFormOf(
  { start, ...kept }: Candidate,
  tools: Tools,
): { readonly method: Method; readonly fit: (train: Sample) => Promise<Heads> } {
  const { method, setting } = start ?? kept;
  const { fit } = closedForms[method as ClosedMethod];
  return { method, fit: async (train) => (await fit(prepare(train), [setting], tools))[0]! };
}

/** Heads of the alignment that training was asked to go on from, if it can. */
function continued({ from }: MethodOptions): Heads | undefined {
  const heads = from && partsOf('fit()', from).heads;
  return heads && isTrainable(heads.source) && isTrainable(heads.target) ? heads : undefined;
}

function runOf(name: string, options: MethodOptions): ContrastiveRun {
  return { ...options, ...contrastiveSettings(options), name, interval, patience: options.patience ?? 10 };
}

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
    const train = shuffled(kept.start ? plan.folds[0]!.train : fold.train, seed);
    const [start] = await closedForms[closed.method as ClosedMethod].fit(prepare(train), [closed.setting], tools);
    let heads = start!;
    if (kept.start) {
      const run = { ...runOf('control', options), patience: 3, onProgress: undefined, watch: undefined };
      ({ heads } = await fitContrastive({ ...plan.folds[0]!, train }, heads, run, tools.breathe));
    }
    ranked.push(await judge({ heads, ...fold, crowd: train }, tools.breathe));
  }
  return pooled(ranked);
}

/** The same rows, but each source row next to some other target row. */
function shuffled(sample: Sample, seed: number): Sample {
  const order = [...random(seed).permutation(sample.source.count)];
  return { ...sample, target: subset(sample, order).target };
}

function contrastiveSettings(options: MethodOptions): ContrastiveOptions {
  const { steps, batch, hidden, learningRate, mixup, seed } = contrastiveDefaults;
  return {
    steps: options.steps ?? steps,
    batch: options.batch ?? batch,
    hidden: options.hidden ?? hidden,
    learningRate: options.learningRate ?? learningRate,
    mixup: options.mixup ?? mixup,
    seed: options.seed ?? seed,
  };
}
