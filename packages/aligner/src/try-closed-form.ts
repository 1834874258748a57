import type { Tools } from './algebra/tools.ts';
import { closedForms, type ClosedMethod, type Setting } from './closed-form/closed-forms.ts';
import { partsOf } from './closed-form/choose-kernel.ts';
import { kernelOf } from './closed-form/kernel.ts';
import { leaveOutRanks } from './closed-form/leave-out.ts';
import type { Heads } from './alignment/path.ts';
import { beats, judge, pooled, quality, type Ranked } from './measure/judge.ts';
import type { Candidate } from './methods.ts';
import type { Pairs } from './pairs.ts';
import type { PlannedFold } from './sample.ts';

/** What candidates learn from and are asked about. */
export interface Lesson {
  readonly learn: Pairs;
  readonly folds: readonly (PlannedFold & { readonly pairs: Pairs })[];
}

/** Looks how a closed form does on each fold with each of its settings, and keeps the best setting. */
export async function tryClosedForm(method: ClosedMethod, lesson: Lesson, tools: Tools): Promise<Candidate> {
  const start = performance.now();
  const { settings, fit } = closedForms[method];
  const outcomes: Omit<Candidate, 'seconds'>[] = [];
  for (const setting of await settings(lesson.learn, tools)) {
    const fitted = lesson.folds.map(({ pairs }) => once(() => fit(pairs, setting, tools)));
    const heads = (fold: number): Promise<Heads> => fitted[fold]!();
    const ranked: Ranked[] = [];
    for (const [i, fold] of lesson.folds.entries()) ranked.push(await judge({ heads: await heads(i), ...fold }, tools));
    const found = quality(pooled(ranked));
    const luck = await luckOf(method, setting, lesson, tools);
    outcomes.push({ method, setting, heads, ranked, quality: found, evidence: luck && found.mrr - luck.mrr });
  }
  const best = outcomes.reduce((a, b) => (beats(b.quality, a.quality) ? b : a));
  return { ...best, seconds: (performance.now() - start) / 1000 };
}

/**
 * By how much these folds flatter a method, next to many other random orders of the same pairs. CSA by any kernel tells
 * from one inverse a side nearly what a fit to every order would find. Nearly: means are of all pairs, and places have
 * unit length before canonical directions are weighted, so that only differences between orders are taken from it (a
 * control variate). Undefined of other methods, and of many rows.
 */
async function luckOf(
  method: ClosedMethod,
  setting: Setting,
  { learn: { source, target, groups }, folds }: Lesson,
  tools: Tools,
): Promise<{ readonly mrr: number } | undefined> {
  if ((method !== 'csa' && method !== 'kernel') || groups.length > mostRows) return undefined;
  const { sharpness = 0, strength = 1 } = setting;
  const kernels = {
    source: await kernelOf(source, sharpness, tools.times, tools.breathe),
    target: await kernelOf(target, sharpness, tools.times, tools.breathe),
  };
  const parts = [...folds.map(({ rows }) => rows), ...partsOf(groups)];
  const ranked = await leaveOutRanks(kernels, strength, groups, parts, tools);
  const [here, everywhere] = [ranked.slice(0, folds.length), ranked].map((some) => quality(pooled(some)).mrr);
  return { mrr: here! - everywhere! };
}

/** Rows whose inverse takes no longer than a fit. */
const mostRows = 1500;

/** Computes at the first call, and remembers. */
function once<T>(compute: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | undefined;
  return () => (found ??= compute());
}
