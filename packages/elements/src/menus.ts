import type { Language } from '@cognate/web-workers';

/** What the language calls itself, with a capital: `Deutsch` for `de`; the code while the names are not known. */
export function languageName(languages: readonly Language[] | undefined, code: string): string {
  const name = languages?.find((each) => each.code === code)?.name ?? code;
  return name.charAt(0).toLocaleUpperCase() + name.slice(1);
}

/** The visitor's own language where the names exist in it, English otherwise. */
export function visitorLanguage(languages: readonly Language[]): string {
  for (const wanted of navigator.languages) {
    const tag = wanted.toLowerCase();
    const known = languages.find(({ code }) => code === tag || code === tag.split('-')[0]);
    if (known) return known.code;
  }
  return 'en';
}
