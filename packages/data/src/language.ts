/** Scripts that one living language, or one far before all others, is written in. */
const scripts: readonly (readonly [RegExp, string])[] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/gu, 'ja'],
  [/\p{Script=Hangul}/gu, 'ko'],
  [/\p{Script=Han}/gu, 'zh'],
  [/\p{Script=Thai}/gu, 'th'],
  [/\p{Script=Greek}/gu, 'el'],
  [/\p{Script=Hebrew}/gu, 'he'],
  [/\p{Script=Armenian}/gu, 'hy'],
  [/\p{Script=Georgian}/gu, 'ka'],
  [/\p{Script=Tamil}/gu, 'ta'],
  [/\p{Script=Bengali}/gu, 'bn'],
  [/\p{Script=Devanagari}/gu, 'hi'],
  [/\p{Script=Arabic}/gu, 'ar'],
  [/[іїєґ]/giu, 'uk'],
  [/\p{Script=Cyrillic}/gu, 'ru'],
];

/** Short words that sentences of a language are full of, and that the others here do not share. */
const words: Readonly<Record<string, string>> = {
  en: 'the and of is with on this that are it from his her you not',
  de: 'der die und ist mit auf ein eine einen dem nicht das zu von im',
  fr: 'le les et est avec sur une dans des du pas qui au aux ce',
  es: 'el los y es con en una las por del que se su al lo',
  it: 'il gli e di con su una della nel per che non sono lo dei',
  pt: 'o os e em com uma na no do da que um não ao para',
  nl: 'de het en een van is op met niet dat zijn voor aan te in',
  pl: 'i w z na jest nie do się to że od przez po jak',
  tr: 've bir bu ile için da de çok ne olarak gibi daha var',
  sv: 'och är en ett som på med av det inte den till för i',
};
const vocabularies = Object.entries(words).map(([code, list]) => [code, new Set(list.split(' '))] as const);

/** Headers that name a language: `en`, `pt-BR`, `German`, `deutsch`, `text_fr`. */
export function languageOfName(name: string): string | undefined {
  const word = /(?:^|[\s_.-])([\p{L}\p{M}]{2,})(?:[-_][A-Z]{2,4})?$/u.exec(name.trim())?.[1]?.toLowerCase();
  return word === undefined ? undefined : named.get(word);
}

/** In English and in the language itself. `id` is left out: as a header it is a key far more often than Indonesian. */
const names: Readonly<Record<string, string>> = {
  ar: 'arabic العربية',
  bn: 'bengali বাংলা',
  cs: 'czech čeština',
  da: 'danish dansk',
  de: 'german deutsch',
  el: 'greek ελληνικά',
  en: 'english',
  es: 'spanish español',
  fi: 'finnish suomi',
  fr: 'french français',
  he: 'hebrew עברית',
  hi: 'hindi हिन्दी',
  hu: 'hungarian magyar',
  hy: 'armenian հայերեն',
  it: 'italian italiano',
  ja: 'japanese 日本語',
  ka: 'georgian ქართული',
  ko: 'korean 한국어',
  nb: 'norwegian norsk bokmål no',
  nl: 'dutch nederlands',
  pl: 'polish polski',
  pt: 'portuguese português',
  ro: 'romanian română',
  ru: 'russian русский',
  sv: 'swedish svenska',
  ta: 'tamil தமிழ்',
  th: 'thai ไทย',
  tr: 'turkish türkçe',
  uk: 'ukrainian українська',
  vi: 'vietnamese',
  zh: 'chinese 中文',
};
/** Countries, written where their language is meant. */
const countries = { cz: 'cs', dk: 'da', gr: 'el', jp: 'ja', kr: 'ko', cn: 'zh', ua: 'uk' };
const named = new Map([
  ...Object.entries(names).flatMap(([code, list]) => [code, ...list.split(' ')].map((name) => [name, code] as const)),
  ...Object.entries(countries),
]);

/**
 * The language that texts are probably in, as a BCP 47 code: by script, and for Latin letters by frequent short words.
 * Undefined when nothing speaks for one clearly, as with single words.
 */
export function languageOf(texts: readonly string[]): string | undefined {
  const text = texts.join(' ').slice(0, 20_000);
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return undefined;
  for (const [pattern, code] of scripts) {
    // Japanese and Ukrainian are told by letters that stand among others.
    const least = code === 'ja' || code === 'uk' ? 0.02 : 0.5;
    if ((text.match(pattern)?.length ?? 0) > least * letters) return code;
  }
  const said = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  const counts = vocabularies
    .map(([code, vocabulary]) => [code, said.filter((word) => vocabulary.has(word)).length] as const)
    .sort(([, a], [, b]) => b - a);
  const [[code, most], [, second]] = counts as [readonly [string, number], readonly [string, number]];
  return most >= 3 && most > 0.06 * said.length && most > 1.3 * second ? code : undefined;
}
