import { loadConcepts, type Concept } from '../data/concepts.ts';
import { languages, type Language } from './languages.ts';

/** What one language says about a concept. */
export interface Text {
  readonly language: Language;
  /** The short name, such as `cat with tears of joy`. */
  readonly name: string;
  /** Keywords; some concepts have none in some languages. */
  readonly keywords: readonly string[];
}

/** A concept with its texts, in the order of `languages`. */
export interface ConceptTexts extends Concept {
  readonly texts: readonly Text[];
}

interface LabelledRecord {
  readonly hexcode: string;
  readonly label: string;
  readonly tags?: readonly string[];
}

/** All concepts with their names and keywords in every language of emojibase-data. */
export async function loadTexts(): Promise<readonly ConceptTexts[]> {
  const [concepts, ...tables] = await Promise.all([loadConcepts(), ...languages.map(fetchTable)]);
  return concepts.map((concept) => ({
    ...concept,
    texts: tables.flatMap((table) => table.get(concept.hexcode) ?? []),
  }));
}

/** Texts that a training step may see. `andValidation` adds the concepts that served choices, for the last run. */
export function trainingTexts(
  concepts: readonly ConceptTexts[],
  { andValidation = false }: { readonly andValidation?: boolean } = {},
): readonly ConceptTexts[] {
  return concepts.filter(({ part }) => part === 'train' || (andValidation && part === 'validation'));
}

/** The name of `concept` in `language`, in English where that language has none. */
export function nameOf(concept: ConceptTexts, language: Language): string {
  const text =
    concept.texts.find((each) => each.language === language) ?? concept.texts.find((each) => each.language === 'en');
  if (!text) throw new Error(`nameOf(): ${concept.hexcode} has no name`);
  return text.name;
}

async function fetchTable(language: Language): Promise<ReadonlyMap<string, Text>> {
  const response = await fetch(`/node_modules/emojibase-data/${language}/data.json`);
  if (!response.ok) throw new Error(`loadTexts(): emojibase-data/${language} answered ${response.status}; run npm ci`);
  const records = (await response.json()) as readonly LabelledRecord[];
  return new Map(
    records.map(({ hexcode, label, tags = [] }) => [
      hexcode,
      { language, name: label, keywords: tags.filter((tag) => tag !== label) },
    ]),
  );
}
