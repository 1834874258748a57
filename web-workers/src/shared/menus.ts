import type { Language, Style } from './items.ts';

/** Languages of the starter's names, by their own names. */
export const languages: readonly Language[] = [
  { code: 'bn', name: 'বাংলা' },
  { code: 'da', name: 'dansk' },
  { code: 'de', name: 'Deutsch' },
  { code: 'en', name: 'English' },
  { code: 'es', name: 'español' },
  { code: 'et', name: 'eesti' },
  { code: 'fi', name: 'suomi' },
  { code: 'fr', name: 'français' },
  { code: 'hi', name: 'हिन्दी' },
  { code: 'hu', name: 'magyar' },
  { code: 'it', name: 'italiano' },
  { code: 'ja', name: '日本語' },
  { code: 'ko', name: '한국어' },
  { code: 'lt', name: 'lietuvių' },
  { code: 'ms', name: 'Bahasa Melayu' },
  { code: 'nb', name: 'norsk bokmål' },
  { code: 'nl', name: 'Nederlands' },
  { code: 'pl', name: 'polski' },
  { code: 'pt', name: 'português' },
  { code: 'ru', name: 'русский' },
  { code: 'sv', name: 'svenska' },
  { code: 'th', name: 'ไทย' },
  { code: 'uk', name: 'українська' },
  { code: 'vi', name: 'Tiếng Việt' },
  { code: 'zh', name: '简体中文' },
  { code: 'zh-hant', name: '繁體中文' },
];

/** Drawing styles of the starter's pictures. */
export const styles: readonly Style[] = [
  { id: 'noto', name: 'Noto', licence: 'Apache-2.0', trained: true },
  { id: 'twemoji', name: 'Twemoji', licence: 'CC-BY-4.0', trained: true },
  { id: 'fluent-flat', name: 'Fluent flat', licence: 'MIT', trained: true },
  { id: 'openmoji', name: 'OpenMoji', licence: 'CC-BY-SA-4.0', trained: false },
];

/** Languages that the captioner writes, as its `config.json` lists them. */
export const captionLanguages: readonly Language[] = languages.filter(({ code }) =>
  ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'ru', 'ja', 'zh', 'ko'].includes(code),
);

/** Styles that the painter paints, as its `config.json` lists them. */
export const paintStyles: readonly Style[] = styles.filter(({ id }) => ['noto', 'twemoji', 'fluent-flat'].includes(id));
