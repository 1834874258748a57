import type { Random } from '@cognate/core';
import { fillersOf } from './fillers.ts';
import type { ConceptTexts, Text } from './texts.ts';

/** How a view of a concept is drawn. Shares are 0 to 1. */
export interface ViewMix {
  /** Share of names; the rest are keywords. */
  readonly names: number;
  /** Share of single keywords; what remains are two to five keywords in random order. */
  readonly keywords: number;
  /** Share of English, besides its part in the even draw of all languages. */
  readonly english: number;
  /** Share of views with one typing slip. */
  readonly slips: number;
  /** Share of views of several words with their words in another order. */
  readonly shuffles: number;
  /** Share of views of several words that lose one. */
  readonly losses: number;
  /** Share of views with one to three filler words in between. */
  readonly fillers: number;
}

export interface View {
  readonly text: string;
  /** As it stands in the data, before slips; a key for finding other concepts that share it. */
  readonly source: string;
}

/** One way of naming `concept`: in any language, by name or by keywords, as people would type it. */
export function drawView(random: Random, { texts }: ConceptTexts, mix: ViewMix): View {
  const english = random.next() < mix.english ? texts.find(({ language }) => language === 'en') : undefined;
  const chosen = english ?? texts[random.below(texts.length)]!;
  const source = drawSource(random, chosen, mix);
  let text = source;
  if (random.next() < mix.losses) text = loseWord(random, text);
  if (random.next() < mix.shuffles) text = shuffleWords(random, text);
  if (random.next() < mix.fillers) text = fill(random, text, fillersOf(chosen.language));
  if (random.next() < mix.slips) text = slip(random, text);
  return { text, source };
}

function drawSource(random: Random, { name, keywords }: Text, mix: ViewMix): string {
  const kind = random.next();
  if (kind < mix.names || keywords.length === 0) return name;
  if (kind < mix.names + mix.keywords || keywords.length === 1) return keywords[random.below(keywords.length)]!;
  const order = random.permutation(keywords.length).slice(0, 2 + random.below(4));
  return [...order].map((i) => keywords[i]!).join(' ');
}

function loseWord(random: Random, text: string): string {
  const words = text.split(' ');
  if (words.length > 1) words.splice(random.below(words.length), 1);
  return words.join(' ');
}

function shuffleWords(random: Random, text: string): string {
  const words = text.split(' ');
  return [...random.permutation(words.length)].map((i) => words[i]!).join(' ');
}

function fill(random: Random, text: string, fillers: readonly string[]): string {
  if (fillers.length === 0) return text;
  const words = text.split(' ');
  for (let count = 1 + random.below(3); count > 0; count--) {
    words.splice(random.below(words.length + 1), 0, fillers[random.below(fillers.length)]!);
  }
  return words.join(' ');
}

/** A letter forgotten, doubled, or swapped with its neighbour; texts of up to three letters stay. */
function slip(random: Random, text: string): string {
  const letters = [...text];
  if (letters.length < 4) return text;
  const at = random.below(letters.length - 1);
  const kind = random.below(3);
  if (kind === 0) letters.splice(at, 1);
  else if (kind === 1) letters.splice(at, 0, letters[at]!);
  else [letters[at], letters[at + 1]] = [letters[at + 1]!, letters[at]!];
  return letters.join('');
}
