import { words } from './n-grams.ts';

/**
 * Words and punctuation marks as mteval-v13a tells them apart, which published BLEU scores count: marks stand alone,
 * except points and commas within numbers, and hyphens and apostrophes within words.
 * @see Papineni et al. 2002 and the NIST script mteval-v13a.pl; Post 2018, arXiv:1804.08771, for why it matters.
 */
export function tokenize13a(text: string): string[] {
  const plain = text
    .replaceAll('<skipped>', '')
    .replaceAll('-\n', '')
    .replaceAll('\n', ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
  const spaced = ` ${plain} `
    .replace(/[{-~[-` -&(-+:-@/]/g, ' $& ')
    .replace(/([^0-9])([.,])/g, '$1 $2 ')
    .replace(/([.,])([^0-9])/g, ' $1 $2')
    .replace(/([0-9])(-)/g, '$1 $2 ');
  return words(spaced);
}
