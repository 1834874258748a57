import type { RecipeHost } from '../data/recipe-host.ts';
import type { Captioner } from '@cognate/decoders';
import { loadPoints, pick, type Points } from '../align/points.ts';
import type { Language } from '../text/languages.ts';
import { nameOf, trainingTexts } from '../text/texts.ts';
import { usualSource } from './caption-questions.ts';
import { loadShippedCaptioner } from './shipped.ts';

/** Share of names that come out to the letter, greedily. */
export interface ExactShares {
  readonly language: Language;
  /** From the point of the English name; of the German one where English is written. */
  readonly translated: number;
  /** From the point of the name itself. */
  readonly own: number;
  /** Names. */
  readonly count: number;
}

/** Has the shipped captioner write every name that it was trained on. */
export async function checkSeenNames(host: RecipeHost): Promise<readonly ExactShares[]> {
  await using captioner = await loadShippedCaptioner();
  const languages = [...new Set<Language>(['en', 'de', ...(captioner.languages as Language[])])];
  return exactShares(captioner, await loadPoints(host, languages, []), host);
}

/** @param points names in every language that is written, English and German among them. */
export async function exactShares(
  captioner: Captioner,
  points: Points,
  host: Pick<RecipeHost, 'log'>,
): Promise<readonly ExactShares[]> {
  const concepts = trainingTexts(points.concepts, { andValidation: true });
  const hexcodes = concepts.map(({ hexcode }) => hexcode);
  const found: ExactShares[] = [];
  for (const language of captioner.languages as readonly Language[]) {
    const share = async (from: Language): Promise<number> => {
      const written = await captioner.decode(pick(points.names.get(from)!, hexcodes), { language });
      return written.filter(({ text }, i) => text === nameOf(concepts[i]!, language)).length / concepts.length;
    };
    const translated = await share(usualSource(language));
    found.push({ language, translated, own: await share(language), count: concepts.length });
    host.log(
      `${language}: exact ${translated.toFixed(3)} translated, ${found.at(-1)!.own.toFixed(3)} from its own point`,
    );
  }
  return found;
}
