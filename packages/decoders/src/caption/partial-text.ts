/** A text in the making without the character at its end of which only some bytes are there yet. */
export function partialText(text: string): string {
  return text.replace(/\ufffd+$/, '');
}
