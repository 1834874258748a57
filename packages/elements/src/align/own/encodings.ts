/** Encodings that spreadsheets write where they do not write Unicode, and the languages whose visitors use them. */
const encodings = [
  { label: 'windows-1252', name: 'Western', languages: '' },
  { label: 'windows-1250', name: 'Central European', languages: 'bs cs hr hu pl ro sk sl sq' },
  { label: 'windows-1251', name: 'Cyrillic', languages: 'be bg kk ky mk mn ru sr tg tt uk' },
  { label: 'windows-1253', name: 'Greek', languages: 'el' },
  { label: 'windows-1254', name: 'Turkish', languages: 'az ku tr' },
  { label: 'windows-1255', name: 'Hebrew', languages: 'he yi' },
  { label: 'windows-1256', name: 'Arabic', languages: 'ar fa ps ur' },
  { label: 'windows-1257', name: 'Baltic', languages: 'et lt lv' },
  { label: 'windows-1258', name: 'Vietnamese', languages: 'vi' },
  { label: 'windows-874', name: 'Thai', languages: 'th' },
  { label: 'shift_jis', name: 'Japanese', languages: 'ja' },
  { label: 'gb18030', name: 'Chinese, simplified', languages: 'zh' },
  { label: 'big5', name: 'Chinese, traditional', languages: 'zh-Hant zh-HK zh-MO zh-TW' },
  { label: 'euc-kr', name: 'Korean', languages: 'ko' },
] as const;

/** All that are not Unicode, as `TextDecoder` takes them. */
export const legacyEncodings: readonly string[] = encodings.map(({ label }) => label);

/** What visitors may call an encoding. */
export function encodingName(label: string): string {
  const name = encodings.find((each) => each.label === label)?.name;
  return name === undefined ? label : `${name} (${label})`;
}

/**
 * The encoding that a file without Unicode is probably written in: that of the visitor's language where it is among the
 * possible ones, as browsers decide for pages that do not say.
 * @see https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding
 */
export function likelyEncoding(possible: readonly string[], language: string): string | undefined {
  const tags = language.split('-').map((_, i, parts) => parts.slice(0, parts.length - i).join('-'));
  const usual = tags.flatMap((tag) => encodings.filter(({ languages }) => languages.split(' ').includes(tag)));
  return usual.find(({ label }) => possible.includes(label))?.label ?? possible[0];
}
