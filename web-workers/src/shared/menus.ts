/** Languages of the starter's names, as BCP 47 tags. */
export const languages: readonly string[] = [
  ...['bn', 'da', 'de', 'en', 'es', 'et', 'fi', 'fr', 'hi', 'hu', 'it', 'ja', 'ko'],
  ...['lt', 'ms', 'nb', 'nl', 'pl', 'pt', 'ru', 'sv', 'th', 'uk', 'vi', 'zh', 'zh-hant'],
];

/** Drawing styles of the starter's pictures. No model was trained on the last one. */
export const styles: readonly string[] = ['noto', 'twemoji', 'fluent-flat', 'openmoji'];
