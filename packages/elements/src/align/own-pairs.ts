/** A phrase, and the picture that it belongs to, as the concept's key. */
export interface OwnPair {
  readonly phrase: string;
  readonly hexcode: string;
}

/**
 * Reads two columns: a phrase, then a tab, a comma or a semicolon, then an emoji that stands for its picture.
 * @returns the pairs, and the numbers, from 1 on, of lines that are not understood. Empty lines are no lines.
 */
export function readOwnPairs(text: string): { readonly pairs: OwnPair[]; readonly wrong: number[] } {
  const pairs: OwnPair[] = [];
  const wrong: number[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (!line.trim()) continue;
    const [, phrase, emoji] = /^\s*(.+?)\s*[\t,;]\s*(\p{Emoji}[^\s,;]*)\s*$/u.exec(line) ?? [];
    if (phrase && emoji && !/^\d+$/.test(emoji)) pairs.push({ phrase, hexcode: hexcodeOf(emoji) });
    else wrong.push(i + 1);
  }
  return { pairs, wrong };
}

/** Key of a concept without the selectors that only ask for colour: two spellings of one emoji meet. */
export function plainKey(hexcode: string): string {
  return hexcode
    .split('-')
    .filter((code) => code !== 'FE0F')
    .join('-');
}

function hexcodeOf(emoji: string): string {
  return Array.from(emoji, (character) => character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')).join(
    '-',
  );
}
