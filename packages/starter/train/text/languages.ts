/** Languages of emojibase-data 17. `zh` is written in simplified, `zh-hant` in traditional characters. */
export const languages = [
  'bn',
  'da',
  'de',
  'en',
  'en-gb',
  'es',
  'es-mx',
  'et',
  'fi',
  'fr',
  'hi',
  'hu',
  'it',
  'ja',
  'ko',
  'lt',
  'ms',
  'nb',
  'nl',
  'pl',
  'pt',
  'ru',
  'sv',
  'th',
  'uk',
  'vi',
  'zh',
  'zh-hant',
] as const;

export type Language = (typeof languages)[number];

/** Languages that are varieties of one: a pair of them says nothing about translation. */
export function sameTongue(a: Language, b: Language): boolean {
  return a.slice(0, 2) === b.slice(0, 2);
}
