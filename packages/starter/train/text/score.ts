import { csls, dotProducts, neighbourhood, type Embeddings } from '@cognate/core';
import type { Language } from './languages.ts';
import { nameOf, type ConceptTexts } from './texts.ts';

/** Recall of the right candidate, which stands at the query's own index; fractions. */
export interface Recall {
  readonly r1: number;
  readonly r5: number;
  readonly r10: number;
}

/** Query i belongs to candidate i. */
export function recall(queries: Embeddings, candidates: Embeddings, { useCsls = false } = {}): Recall {
  const scores = dotProducts(queries.data, candidates.data, queries.space.dim);
  if (useCsls) csls(scores, neighbourhood(queries, candidates), neighbourhood(candidates, queries));
  return recallOf(scores, queries.count);
}

/** @param scores `[count, count]`; the right answer of row i is column i. Ties count against the model. */
export function recallOf(scores: Float32Array, count: number): Recall {
  const within = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const right = scores[i * count + i]!;
    let better = 0;
    for (let j = 0; j < count; j++) if (j !== i && scores[i * count + j]! >= right) better++;
    [1, 5, 10].forEach((k, at) => {
      if (better < k) within[at]!++;
    });
  }
  const [r1, r5, r10] = within.map((hits) => hits / count) as [number, number, number];
  return { r1, r5, r10 };
}

/** What a run reports about names of concepts that it was not trained on. */
export interface ValidationScores {
  /** English name -> German name, plain cosine. */
  readonly enDe: Recall;
  readonly enDeCsls: Recall;
  /** English name -> names in French, Russian, Japanese, Spanish and Chinese, CSLS, mean. */
  readonly others: Recall;
}

export async function validationScores(
  concepts: readonly ConceptTexts[],
  encode: (texts: readonly string[]) => Promise<Embeddings>,
): Promise<ValidationScores> {
  const points = (language: Language): Promise<Embeddings> => encode(concepts.map((each) => nameOf(each, language)));
  const [english, german] = [await points('en'), await points('de')];
  const others: Recall[] = [];
  for (const language of ['fr', 'ru', 'ja', 'es', 'zh'] as const) {
    others.push(recall(english, await points(language), { useCsls: true }));
  }
  return {
    enDe: recall(english, german),
    enDeCsls: recall(english, german, { useCsls: true }),
    others: meanRecall(others),
  };
}

export function meanRecall(all: readonly Recall[]): Recall {
  const mean = (key: keyof Recall): number => all.reduce((sum, each) => sum + each[key], 0) / all.length;
  return { r1: mean('r1'), r5: mean('r5'), r10: mean('r10') };
}
