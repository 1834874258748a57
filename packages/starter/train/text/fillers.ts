import type { Language } from './languages.ts';

/** Words that people type around what they mean: they must not move a point. Languages without spaces have none here. */
const lists: Readonly<Partial<Record<Language, string>>> = {
  bn: 'একটি হয় এবং সাথে আমার খুব',
  da: 'en et den det er med og af min meget som til jeg',
  de: 'ein eine der die das ist sind mit und von im mein sehr ich es zu für auf',
  en: 'a an the is are that this with of and in on at my some very i it to for',
  'en-gb': 'a an the is are that this with of and in on at my some very i it to for',
  es: 'un una el la los las es con y de del mi muy yo que para en',
  'es-mx': 'un una el la los las es con y de del mi muy yo que para en',
  et: 'on ja see minu väga mis',
  fi: 'on ja se minun hyvin joka',
  fr: 'un une le la les des est avec et de du mon très je qui pour dans',
  hi: 'एक है और के साथ का की में बहुत',
  hu: 'egy a az van és nagyon hogy',
  it: 'un una il lo la gli è con e di del mio molto che per in',
  lt: 'yra ir su mano labai kad',
  ms: 'satu itu ini dan dengan saya sangat yang',
  nb: 'en et den det er med og av min veldig som til jeg',
  nl: 'een de het is met en van mijn heel ik dat voor in',
  pl: 'to jest z i na mój bardzo ten ta co dla w',
  pt: 'um uma o a os as é com e de do meu muito que para em',
  ru: 'это и с на мой очень что я для в',
  sv: 'en ett den det är med och av min mycket som till jag',
  uk: 'це і з на мій дуже що я для в',
  vi: 'một cái là và với của rất',
};

const words = new Map(Object.entries(lists).map(([language, list]) => [language, list.split(' ')]));

/** Filler words of a language; none where words are not set apart by spaces. */
export function fillersOf(language: Language): readonly string[] {
  return words.get(language) ?? [];
}
