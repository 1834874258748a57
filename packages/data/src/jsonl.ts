import type { ParsedRow, RowParser } from './csv.ts';
import { breaksIn } from './text-source.ts';

/** A value as JSON knows it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export type JsonObject = Readonly<Record<string, Json>>;

/** A file without line breaks would otherwise be held as one line, and one without an end as one item. */
const longestRow = 67_108_864;

/** `JSON.parse()` reads what is nested without end, but nothing else can deal with it. */
const deepest = 100;
const opened = (text: string): number => text.split('[').length + text.split('{').length - 2;
const isDeep = (value: Json, left: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (left === 0 || Object.values(value as object).some((each: Json) => isDeep(each, left - 1)));

/**
 * A parser of JSON Lines: one value on each line; lines end in LF, CRLF or CR, none of which JSON lets stand inside of a
 * text; blank lines are no rows. A value that is nested more than 100 deep is a fault.
 * @see https://jsonlines.org
 */
export function jsonlParser(): RowParser<Json> {
  let line = 1;
  let kept = '';
  let tooLong = false;
  /** Whether the piece before ended in CR: LF may follow, to the same line break. */
  let cut = false;
  const parse = (text: string, rows: ParsedRow<Json>[]): void => {
    if (text.trim() !== '') rows.push(parsed(text, line));
  };
  return {
    get line() {
      return line;
    },
    push(piece) {
      const rows: ParsedRow<Json>[] = [];
      const text = cut && piece.startsWith('\n') ? piece.slice(1) : piece;
      if (piece !== '') cut = piece.endsWith('\r');
      let from = 0;
      for (const { 0: end, index: to } of text.matchAll(/\r\n?|\n/g)) {
        if (!tooLong) parse(kept + text.slice(from, to), rows);
        tooLong = false;
        kept = '';
        from = to + end.length;
        line++;
      }
      if (!tooLong) kept += text.slice(from);
      if (kept.length > longestRow) {
        rows.push({ line, fault: { reason: 'a line longer than 64 million characters' } });
        tooLong = true;
        kept = '';
      }
      return rows;
    },
    end() {
      const rows: ParsedRow<Json>[] = [];
      parse(kept, rows);
      kept = '';
      return rows;
    },
  };
}

const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const isOpening = (code: number): boolean => code === 0x5b || code === 0x7b;
const isClosing = (code: number): boolean => code === 0x5d || code === 0x7d;

/**
 * A parser of one JSON list whose items are the rows, in any layout. What cannot be taken apart any more, because a text
 * or an item is never closed, is the last row and a fault.
 * @param line in which the list begins.
 */
export function jsonListParser(line = 1): RowParser<Json> {
  /** Brackets that are open: 1 between the items. */
  let depth = 0;
  let state: 'before' | 'plain' | 'text' | 'escape' | 'after' | 'broken' = 'before';
  /** The open item, as far as it stood in earlier pieces, and the line that it begins in. */
  let kept = '';
  let began = 1;
  let cut = false;
  const broken = (rows: ParsedRow<Json>[], at: number, reason: string): void => {
    rows.push({ line: at, fault: { reason: `${reason}; what follows is not read` } });
    state = 'broken';
    kept = '';
  };
  return {
    get line() {
      return line;
    },
    push(piece) {
      const rows: ParsedRow<Json>[] = [];
      let from = 0;
      for (let i = 0; i < piece.length && state !== 'broken'; i++) {
        const code = piece.charCodeAt(i);
        const ends = code === carriageReturn || (code === lineFeed && !cut);
        cut = code === carriageReturn;
        if (ends && (state === 'text' || state === 'escape')) {
          broken(rows, line, 'a text is not closed where its line ends');
        } else if (state === 'text') {
          if (code === quote) state = 'plain';
          else if (code === backslash) state = 'escape';
        } else if (state === 'escape') {
          state = 'text';
        } else if (state === 'after') {
          if (!/\s/.test(piece[i]!)) broken(rows, line, 'there is text after the end of the list');
        } else if (isOpening(code)) {
          depth++;
          if (state === 'before') [state, from, began] = ['plain', i + 1, line];
        } else if (code === quote) {
          state = 'text';
        } else if (depth === 1 && (code === comma || isClosing(code))) {
          const item = kept + piece.slice(from, i);
          const first = /^\s*/.exec(item)![0];
          // After the last item a comma may stand.
          if (item.length > first.length || code === comma) rows.push(parsed(item, began + breaksIn(first), false));
          [kept, from, began] = ['', i + 1, line];
          if (isClosing(code)) state = 'after';
        } else if (isClosing(code)) {
          depth--;
        }
        if (ends) line++;
      }
      if (state === 'plain' || state === 'text' || state === 'escape') kept += piece.slice(from);
      if (kept.length > longestRow) broken(rows, began, 'an item longer than 64 million characters');
      return rows;
    },
    end() {
      const rows: ParsedRow<Json>[] = [];
      const first = /^\s*/.exec(kept)![0];
      if (state !== 'after' && state !== 'broken') broken(rows, began + breaksIn(first), 'the list is never closed');
      return rows;
    },
  };
}

/** @param column whether the text is a line of its own, in which a place can be told. */
function parsed(text: string, line: number, column = true): ParsedRow<Json> {
  try {
    const value = JSON.parse(text) as Json;
    const deep = opened(text) > deepest && isDeep(value, deepest);
    return deep ? { line, fault: { reason: `nested more than ${deepest} deep` } } : { line, value };
  } catch (error) {
    const fault = faultOf(error as SyntaxError);
    return { line, fault: column ? fault : { reason: fault.reason } };
  }
}

/** Engines tell the place in words of their own, and count lines within the one line that they saw. */
function faultOf({ message }: SyntaxError): { column?: number; reason: string } {
  const place = /position (\d+)/.exec(message)?.[1] ?? /column (\d+)/.exec(message)?.[1];
  const column = place === undefined ? undefined : Number(place) + (message.includes('position') ? 1 : 0);
  const said = message.replace(/\s*(in JSON )?at (position|line) .*$/, '').replace(/^JSON\.parse: /, '');
  return { ...(column !== undefined && { column }), reason: `no JSON: ${said}` };
}
