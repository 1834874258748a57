import { chrf } from '@cognate/aligner';
import type { Made } from '@cognate/decoders';
import type { RecipeHost } from '../data/recipe-host.ts';
import type { Row } from '../data/row.ts';
import { pick } from '../align/points.ts';
import type { Language } from '../text/languages.ts';
import {
  asked,
  drawConcepts,
  loadWorld,
  nearestKnown,
  ways,
  write,
  type Source,
  type Way,
  type World,
} from './caption-questions.ts';
import { captionsCard } from './captions-card.ts';

/** Concepts asked about: a seeded draw of those seen in training, and all that are held out. */
const counts = { seen: 200, own: 60, heldOut: 400, choosing: 150 } as const;

/** Languages that the way of writing is chosen by, on validation concepts. */
const choosing: readonly Language[] = ['en', 'de', 'es', 'nl', 'ja'];

/**
 * The shipped captioner in every language that it writes: names that it was trained on, to the letter, and names that it
 * has never seen, by chrF beside the name of the nearest concept that it was trained on.
 */
export async function evaluateCaptioner(
  host: RecipeHost,
  { cards = false }: { readonly cards?: boolean } = {},
): Promise<readonly Row[]> {
  await using world = await loadWorld(host);
  const { points, captioner } = world;
  const languages = captioner.languages as readonly Language[];
  const names = nameTable(world);
  const rows: Row[] = [];

  const seen = drawConcepts(points, 'train', counts.seen);
  for (const language of languages) {
    const [others, own] = await Promise.all([
      write(world, asked(world, 'text', seen, language), language, 'point'),
      write(world, pick(points.names.get(language)!, seen.slice(0, counts.own)), language, 'point'),
    ]);
    const exact = (made: readonly Made<string>[]): number =>
      mean(made.map(({ sample }, i) => +(sample === names(seen[i]!, language))));
    const from = language === 'en' ? 'German' : 'English';
    const note = `greedy, from the point of the ${from} name; from its own ${exact(own).toFixed(3)} (n ${own.length})`;
    rows.push({ id: `captioner.seen.exact.${language}`, value: exact(others), unit: 'exact', n: seen.length, note });
  }
  host.log('captioner: names seen in training written');

  const heldOut = drawConcepts(points, 'heldOut', counts.heldOut);
  const chosen: Record<Source, Way> = { text: 'point', image: 'point' };
  for (const source of ['text', 'image'] as const) {
    const { way, scores } = await chooseWay(world, names, source, languages);
    chosen[source] = way;
    host.log(`captioner: from ${source}, validation chrF ${scores}`);
    for (const language of languages) {
      const texts = textsOf(await write(world, asked(world, source, heldOut, language), language, way));
      const nearest = await nearestKnown(world, source, heldOut, language);
      const truths = heldOut.map((hexcode) => [names(hexcode, language)]);
      const exact = mean(texts.map((text, i) => +(text === truths[i]![0])));
      rows.push({
        id: `captioner.heldout.chrf.${source}.${language}`,
        value: chrf(texts, truths),
        unit: 'chrF',
        baseline: chrf(nearest.map((hexcode) => names(hexcode, language)), truths), // prettier-ignore
        n: heldOut.length,
        note: `${way}, chosen on validation concepts; baseline: name of the nearest concept trained on; exact ${exact.toFixed(3)}`,
      });
    }
    host.log(`captioner: held-out names written from ${source}`);
  }
  if (cards) await captionsCard(host, world, names, chosen);
  return rows;
}

/** Name of a concept in a language, as the tables have it. */
export type NameTable = (hexcode: string, language: Language) => string;

function nameTable({ points }: World): NameTable {
  const table = new Map(
    points.concepts.map(({ hexcode, texts }) => [
      hexcode,
      new Map(texts.map(({ language, name }) => [language, name])),
    ]),
  );
  return (hexcode, language) => {
    const name = table.get(hexcode)!.get(language);
    if (name === undefined) throw new Error(`evaluateCaptioner(): ${hexcode} has no name in ${language}`);
    return name;
  };
}

/** The way with the best mean chrF on concepts that neither captioner nor alignment report has seen. */
async function chooseWay(
  world: World,
  names: NameTable,
  source: Source,
  known: readonly Language[],
): Promise<{ readonly way: Way; readonly scores: string }> {
  const concepts = drawConcepts(world.points, 'validation', counts.choosing);
  const languages = choosing.filter((language) => known.includes(language));
  const found: { way: Way; score: number }[] = [];
  for (const way of Object.keys(ways) as Way[]) {
    const scores: number[] = [];
    for (const language of languages) {
      const texts = textsOf(await write(world, asked(world, source, concepts, language), language, way));
      scores.push(chrf(texts, concepts.map((hexcode) => [names(hexcode, language)]))); // prettier-ignore
    }
    found.push({ way, score: mean(scores) });
  }
  const { way } = found.reduce((best, each) => (each.score > best.score ? each : best));
  return { way, scores: found.map((each) => `${each.way} ${each.score.toFixed(1)}`).join(', ') };
}

const textsOf = (made: readonly Made<string>[]): string[] => made.map(({ sample }) => sample);

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
