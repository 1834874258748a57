import { evaluateAlign } from './align/evaluate.ts';
import { evaluateCaptioner } from './caption/evaluate.ts';
import type { RecipeHost } from './data/recipe-host.ts';
import type { Row } from './data/row.ts';
import { evaluateImage } from './image/evaluate.ts';
import { evaluatePainter } from './paint/evaluate.ts';
import { evaluateText } from './text/evaluate.ts';

/** What `npm run evaluate` may be asked. */
export interface EvaluateOptions {
  /** `text`, `image`, `align`, `captioner`, `painter`, or several of them with commas; all unless told. */
  readonly only?: string;
  /** Also write the tables and grids of the model cards into the repository. */
  readonly cards?: boolean;
}

/** Measures the shipped models and alignment on held-out concepts, from the committed files. */
export async function main(host: RecipeHost, { only, cards = false }: EvaluateOptions): Promise<readonly Row[]> {
  const parts: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
    text: () => evaluateText(host),
    image: () => evaluateImage(host),
    align: () => evaluateAlign(host),
    captioner: () => evaluateCaptioner(host, { cards }),
    painter: () => evaluatePainter(host, { cards }),
  };
  const wanted = only?.split(',') ?? Object.keys(parts);
  const unknown = wanted.filter((name) => !(name in parts));
  if (unknown.length > 0) throw new Error(`evaluate knows ${Object.keys(parts).join(', ')}, not ${unknown.join(', ')}`);
  const rows: Row[] = [];
  for (const name of wanted) rows.push(...(await parts[name]!()));
  return rows;
}
