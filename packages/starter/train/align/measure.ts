import { csls, dotProducts, neighbourhood, type Alignment, type Embeddings } from '@cognate/core';
import { recallOf, type Recall } from '../text/score.ts';

/**
 * Query i belongs to candidate i; both are projected into the shared space first. Crowding of candidates is measured
 * against `crowd`, stored rows of the queries' side, so that no query helps another.
 */
export function crossRecall(
  alignment: Alignment,
  queries: Embeddings,
  candidates: Embeddings,
  crowd?: Embeddings,
): Recall {
  const [x, y] = [alignment.project(queries), alignment.project(candidates)];
  const scores = dotProducts(x.data, y.data, alignment.shared.dim);
  if (crowd) csls(scores, neighbourhood(x, y), neighbourhood(y, alignment.project(crowd)));
  return recallOf(scores, queries.count);
}

export interface Spread {
  readonly mean: number;
  /** Standard deviation of the sample. */
  readonly sd: number;
}

export function spread(values: readonly number[]): Spread {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / Math.max(1, values.length - 1)) };
}
