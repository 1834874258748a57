import { chrf } from '@cognate/aligner';
import type { Made, WrittenText } from '@cognate/decoders';
import { learnedParts } from '../data/concepts.ts';
import type { RecipeHost } from '../data/recipe-host.ts';
import type { Row } from '../data/row.ts';
import type { Language } from '../text/languages.ts';
import {
  asked,
  drawConcepts,
  loadWorld,
  nearestDrawn,
  nearestKnown,
  usualSource,
  write,
  type Source,
  type World,
} from './caption-questions.ts';
import { captionsCard } from './captions-card.ts';
import { exactShares } from './check.ts';

/** Concepts asked about by consensus: a seeded draw of those seen in training, and all that are held out. */
const counts = { seen: 200, heldOut: 400 } as const;

/**
 * The shipped captioner in every language that it writes: names that it was trained on, to the letter, and names that it
 * has never seen, written as pages do from pictures and from names in every other language, by chrF beside the name of the
 * nearest concept that it was trained on.
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

  const drawn = drawConcepts(points, learnedParts, counts.seen);
  for (const { language, translated, own, count } of await exactShares(captioner, points, host)) {
    const agreed = textsOf(await write(world, asked(world, usualSource(language), drawn), language, 'consensus'));
    const right = mean(agreed.map((text, i) => +(text === names(drawn[i]!, language))));
    const from = language === 'en' ? 'German' : 'English';
    const note =
      `all of them, greedily, from the point of the ${from} name; from its own ${own.toFixed(3)}; ` +
      `by consensus ${right.toFixed(3)} (n ${drawn.length})`;
    rows.push({ id: `captioner.seen.exact.${language}`, value: translated, unit: 'exact', n: count, note });
  }
  host.log('captioner: names seen in training written');

  const heldOut = drawConcepts(points, ['heldOut'], counts.heldOut);
  for (const kind of ['text', 'image'] as const) {
    const all: readonly Source[] = kind === 'image' ? ['image'] : languages;
    const nearest = new Map<Source, readonly string[]>();
    for (const source of all) nearest.set(source, await nearestKnown(world, source, heldOut));
    const drawn = await nearestDrawn(world, asked(world, 'image', heldOut));
    for (const language of languages) {
      const score = scorer(names, heldOut, language);
      const namesOf = (hexcodes: readonly string[]): string[] => hexcodes.map((hexcode) => names(hexcode, language));
      const sources = all.filter((each) => each !== language);
      const found = new Map<Source, Found>();
      for (const source of sources) {
        const texts = textsOf(await write(world, asked(world, source, heldOut), language, 'consensus'));
        found.set(source, {
          score: score(texts),
          nearest: score(namesOf(nearest.get(source)!)),
          exact: mean(texts.map((text, i) => +(text === names(heldOut[i]!, language)))),
        });
      }
      const average = (key: keyof Found): number => mean([...found.values()].map((each) => each[key]));
      const usual = found.get(usualSource(language));
      rows.push({
        id: `captioner.heldout.chrf.${kind}.${language}`,
        value: average('score'),
        unit: 'chrF',
        baseline: average('nearest'),
        n: heldOut.length * sources.length,
        note:
          `by consensus; baseline: name of the nearest concept trained on; exact ${average('exact').toFixed(3)}; ` +
          (usual
            ? `from ${usualSource(language)} alone ${usual.score.toFixed(1)}, baseline ${usual.nearest.toFixed(1)}`
            : `name of the nearest drawing ${score(namesOf(drawn)).toFixed(1)}`),
      });
    }
    host.log(`captioner: held-out names written from ${kind}`);
  }
  if (cards) await captionsCard(host, world, names);
  return rows;
}

/** What came of one source: chrF of texts and of nearest names, and the share of texts that are right to the letter. */
interface Found {
  readonly score: number;
  readonly nearest: number;
  readonly exact: number;
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

/** Scores texts, one for each concept, by chrF with its name. */
const scorer =
  (names: NameTable, hexcodes: readonly string[], language: Language) =>
  (texts: readonly string[]): number =>
    chrf(texts, hexcodes.map((hexcode) => [names(hexcode, language)])); // prettier-ignore

const textsOf = (made: readonly Made<WrittenText>[]): string[] => made.map(({ sample }) => sample.text);

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
