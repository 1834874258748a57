import type { Tools } from './algebra/tools.ts';
import { closedForms, type ClosedMethod } from './closed-form/closed-forms.ts';
import type { Heads } from './alignment/path.ts';
import { beats, judge, pooled, quality, type Ranked } from './measure/judge.ts';
import type { Candidate } from './methods.ts';
import type { Pairs } from './pairs.ts';
import type { Fold } from './sample.ts';

/** A fold with the pairs that it learns from, prepared once for all methods. */
export interface PreparedFold extends Fold {
  readonly pairs: Pairs;
}

/** What candidates learn from and are asked about. */
export interface Lesson {
  readonly learn: Pairs;
  readonly folds: readonly PreparedFold[];
}

/**
 * Looks how a closed form does on each fold with each of its settings, and keeps the best setting.
 * @param further folds of the same pairs in other random orders, for more evidence.
 */
export async function tryClosedForm(
  method: ClosedMethod,
  lesson: Lesson,
  further: readonly PreparedFold[],
  tools: Tools,
): Promise<Candidate> {
  const start = performance.now();
  const { settings, fit } = closedForms[method];
  const outcomes: Omit<Candidate, 'seconds'>[] = [];
  const ask = async (heads: Heads, fold: PreparedFold): Promise<Ranked> => judge({ heads, ...fold }, tools);
  for (const setting of await settings(lesson.learn, tools)) {
    const fitted = lesson.folds.map(({ pairs }) => once(() => fit(pairs, setting, tools)));
    const heads = (fold: number): Promise<Heads> => fitted[fold]!();
    const ranked: Ranked[] = [];
    for (const [i, fold] of lesson.folds.entries()) ranked.push(await ask(await heads(i), fold));
    const more: Ranked[] = [];
    for (const fold of further) more.push(await ask(await fit(fold.pairs, setting, tools), fold));
    const evidence = more.length > 0 ? quality(pooled([...ranked, ...more])).mrr : undefined;
    outcomes.push({ method, setting, heads, ranked, quality: quality(pooled(ranked)), evidence });
  }
  const best = outcomes.reduce((a, b) => (beats(b.quality, a.quality) ? b : a));
  return { ...best, seconds: (performance.now() - start) / 1000 };
}

/** Computes at the first call, and remembers. */
function once<T>(compute: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | undefined;
  return () => (found ??= compute());
}
