import type { Language } from '../text/languages.ts';
import type { ConceptTexts } from '../text/texts.ts';
import { eosId, type Bpe } from './bpe.ts';

/** Languages whose words are not set apart by spaces: their texts need no space at the start. */
const unspaced = new Set<string>(['ja', 'th', 'zh', 'zh-hant']);

/** How a name is handed to the tokenizer: a word is the same token at the start as in the middle. */
export function spelling(name: string, language: string): string {
  return unspaced.has(language) ? name : ` ${name}`;
}

/** A name to be written. */
export interface Target {
  /** Index of its concept. */
  readonly concept: number;
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

/** The tokens that each language uses, smallest first. */
export function tokensByLanguage(targets: readonly Target[], languages: number): readonly Int32Array[] {
  const sets = Array.from({ length: languages }, () => new Set<number>([eosId]));
  for (const { language, tokens } of targets) for (const token of tokens) sets[language]!.add(token);
  return sets.map((set) => Int32Array.from(set).sort());
}
