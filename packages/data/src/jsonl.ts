import type { ParsedRow, RowParser } from './csv.ts';

/** A value as JSON knows it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A file without line breaks would otherwise be held as one line. */
const longestLine = 67_108_864;

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
    if (text.trim() === '') return;
    try {
      const value = JSON.parse(text) as Json;
      const deep = opened(text) > deepest && isDeep(value, deepest);
      rows.push(deep ? { line, fault: { reason: `nested more than ${deepest} deep` } } : { line, value });
    } catch (error) {
      rows.push({ line, fault: faultOf(error as SyntaxError) });
    }
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
      if (kept.length > longestLine) {
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

/** Engines tell the place in words of their own, and count lines within the one line that they saw. */
function faultOf({ message }: SyntaxError): { column?: number; reason: string } {
  const place = /position (\d+)/.exec(message)?.[1] ?? /column (\d+)/.exec(message)?.[1];
  const column = place === undefined ? undefined : Number(place) + (message.includes('position') ? 1 : 0);
  const said = message.replace(/\s*(in JSON )?at (position|line) .*$/, '').replace(/^JSON\.parse: /, '');
  return { ...(column !== undefined && { column }), reason: `no JSON: ${said}` };
}
