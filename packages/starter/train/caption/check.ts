import type { RecipeHost } from '../data/recipe-host.ts';
import { loadPoints, pick } from '../align/points.ts';
import type { Language } from '../text/languages.ts';
import { nameOf, trainingTexts } from '../text/texts.ts';
import { loadShippedCaptioner } from './shipped.ts';

/** Share of names that come out to the letter, greedily. */
export interface ExactShares {
  readonly language: string;
  /** From the point of the English name; of the German one where English is written. */
  readonly translated: number;
  /** From the point of the name itself. */
  readonly own: number;
}

/** Has the shipped captioner write every name that it was trained on. */
export async function checkSeenNames(host: RecipeHost): Promise<readonly ExactShares[]> {
  await using captioner = await loadShippedCaptioner();
  const languages = captioner.languages as readonly Language[];
  const points = await loadPoints(host, [...new Set<Language>(['en', 'de', ...languages])], []);
  const concepts = trainingTexts(points.concepts, { andValidation: true });
  const hexcodes = concepts.map(({ hexcode }) => hexcode);
  const found: ExactShares[] = [];
  for (const language of languages) {
    const share = async (from: Language): Promise<number> => {
      const written = await captioner.decode(pick(points.names.get(from)!, hexcodes), { language });
      return written.filter(({ text }, i) => text === nameOf(concepts[i]!, language)).length / concepts.length;
    };
    const translated = await share(language === 'en' ? 'de' : 'en');
    found.push({ language, translated, own: await share(language) });
    host.log(
      `${language}: exact ${translated.toFixed(3)} translated, ${found.at(-1)!.own.toFixed(3)} from its own point`,
    );
  }
  return found;
}
