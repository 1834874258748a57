import { evaluateAlign } from './align/evaluate.ts';
import type { RecipeHost } from './data/recipe-host.ts';
import type { Row } from './data/row.ts';
import { evaluateImage } from './image/evaluate.ts';
import { evaluateText } from './text/evaluate.ts';

/** What `npm run evaluate` may be asked: `--only text`, `--only image` or `--only align`. */
export interface EvaluateOptions {
  readonly only?: string;
}

/** Measures the shipped models and alignment on held-out concepts, from the committed files. */
export async function main(host: RecipeHost, { only }: EvaluateOptions): Promise<readonly Row[]> {
  const parts = { text: evaluateText, image: evaluateImage, align: evaluateAlign };
  const rows: Row[] = [];
  for (const [name, evaluate] of Object.entries(parts)) {
    if (only === undefined || only === name) rows.push(...(await evaluate(host)));
  }
  return rows;
}
