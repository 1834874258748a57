import { CognateError } from '@cognate/core';

/**
 * Longest text, in characters per token of the model's limit, that reaches the tokenizer: its running time may grow with
 * the square of an unbroken run of letters, and no vocabulary packs more into one token on average.
 */
const charactersPerToken = 16;

/**
 * The texts, cut to what can matter to a model of `maxTokens`. What lies beyond is ignored, as every tokenizer does.
 * @throws {CognateError} `invalid-input` naming the first text that is empty, blank or no text at all.
 */
export function checkTexts(texts: readonly string[], maxTokens: number): string[] {
  return texts.map((text: unknown, i) => {
    if (typeof text !== 'string') {
      throw new CognateError('invalid-input', `encode() needs texts, got ${describe(text)} at position ${i}`);
    }
    const cut = cutText(text.trim(), charactersPerToken * maxTokens);
    if (cut === '')
      throw new CognateError('invalid-input', `encode() needs texts with something in them, text ${i} is empty`);
    return cut;
  });
}

function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  // Not between the two halves of a character outside the basic plane.
  const split = /[\ud800-\udbff]/.test(text[length - 1]!);
  return text.slice(0, split ? length - 1 : length);
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === 'object' ? (value.constructor?.name ?? 'an object') : typeof value;
}
