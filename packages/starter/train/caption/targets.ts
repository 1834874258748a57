import type { Language } from '../text/languages.ts';
import type { ConceptTexts } from '../text/texts.ts';
import { eosId, type Bpe } from './bpe.ts';

/** Languages whose words are not set apart by spaces: their texts need no space at the start. */
const unspaced = new Set<string>(['ja', 'th', 'zh', 'zh-hant']);

/** How a name is handed to the tokenizer: a word is the same token at the start as in the middle. */
export function spelling(name: string, language: string): string {
  return unspaced.has(language) ? name : ` ${name}`;
}

/** A name or keyword to be written. */
export interface Target {
  /** Index of its concept. */
  readonly concept: number;
  /** Of a keyword: its own point, which it is written from. Names are written from all that is said of the concept. */
  readonly point?: Float32Array;
  /** Index of its language. */
  readonly language: number;
  /** The last one ends the text. */
  readonly tokens: readonly number[];
}

/** The names of `concepts` in `languages`; a language without a name for a concept has none. */
export function captionTargets(
  concepts: readonly ConceptTexts[],
  languages: readonly Language[],
  { encode }: Pick<Bpe, 'encode'>,
): readonly Target[] {
  return languages.flatMap((code, language) =>
    concepts.flatMap(({ texts }, concept) => {
      const text = texts.find((each) => each.language === code);
      return text ? [{ concept, language, tokens: [...encode(spelling(text.name, code)), eosId] }] : [];
    }),
  );
}

/** A keyword, before its point is known. */
export interface Keyword extends Target {
  readonly text: string;
}

/**
 * The keywords of `concepts` in `languages`, each once in a language. One that is a name there, of whichever concept in `all`, is
 * none: so no name of a concept that is not among `concepts` is ever written.
 */
export function captionKeywords(
  concepts: readonly ConceptTexts[],
  all: readonly ConceptTexts[],
  languages: readonly Language[],
  { encode }: Pick<Bpe, 'encode'>,
): readonly Keyword[] {
  return languages.flatMap((code, language) => {
    const textsOf = ({ texts }: ConceptTexts): ConceptTexts['texts'] => texts.filter((each) => each.language === code);
    const met = new Set(all.flatMap(textsOf).map(({ name }) => name.toLocaleLowerCase(code)));
    return concepts.flatMap((each, concept) =>
      textsOf(each)
        .flatMap(({ keywords }) => keywords)
        .filter((text) => {
          const key = text.toLocaleLowerCase(code);
          return /\p{L}/u.test(text) && !met.has(key) && met.add(key);
        })
        .map((text) => ({ concept, language, text, tokens: [...encode(spelling(text, code)), eosId] })),
    );
  });
}

/** The tokens that each language uses, smallest first. */
export function tokensByLanguage(targets: readonly Target[], languages: number): readonly Int32Array[] {
  const sets = Array.from({ length: languages }, () => new Set<number>([eosId]));
  for (const { language, tokens } of targets) for (const token of tokens) sets[language]!.add(token);
  return sets.map((set) => Int32Array.from(set).sort());
}
