import { CognateError } from '@cognate/core';
import type { Cell } from './cells.ts';
import { csvParser, type ParsedRow, type RowParser } from './csv.ts';
import { completeRows, declaredDelimiter, delimiterOf, type TableFormat } from './dialect.ts';
import { flat, isList, isObject } from './flatten.ts';
import { isHeader } from './header.ts';
import type { InnerList } from './json-object.ts';
import { jsonListParser, jsonlParser, type Json, type JsonObject } from './jsonl.ts';
import { cutOf, isRule } from './marks.ts';
import { breaksIn } from './text-source.ts';

/** What the beginning of a table tells about its rows. */
export interface Shape {
  readonly format: TableFormat;
  /** One for each position; empty where the table names none. */
  readonly names: readonly string[];
  readonly header: boolean;
  readonly delimiter?: string;
  /** The rows at the beginning that can be read. */
  readonly sample: readonly (readonly Cell[])[];
  readonly parser: RowParser<Json>;
  /** Lines that hold no row but the names. */
  readonly passedOver: readonly number[];
  /** Cells in the order of `names`, or what is wrong with the row. `note` is told of what is not read of a good row. */
  cellsOf(value: Json, note: (reason: string) => void): readonly Cell[] | string;
}

/** @throws {CognateError} `invalid-input` for a delimiter of other than one character, `file-format` for equal names. */
export function shapeOfDelimited(
  head: string,
  whole: boolean,
  options: {
    readonly delimiter?: string;
    readonly header?: boolean;
    readonly quotes?: boolean;
    readonly marks?: boolean;
  },
): Shape {
  const { quotes = true, header, marks = true } = options;
  const declared = options.delimiter === undefined ? declaredDelimiter(head) : undefined;
  const delimiter = options.delimiter ?? declared?.delimiter ?? delimiterOf(head, whole, quotes);
  if (delimiter === undefined) return shapeOfLines(head, whole, { header, marks });
  if (delimiter.length !== 1 || /["\r]/.test(delimiter)) {
    throw new CognateError('invalid-input', `readTable() needs a delimiter of one character, got “${delimiter}”`);
  }
  const cuts = marks && options.delimiter === undefined;
  return { ...shapeBy(delimiter, head, whole, { quotes, header, cuts, declares: declared !== undefined }), delimiter };
}

/** Rows of one cell that holds the whole line, or of two where `marks` are looked for and almost all lines have one. */
export function shapeOfLines(
  head: string,
  whole: boolean,
  { header, marks = false }: { readonly header?: boolean | undefined; readonly marks?: boolean },
): Shape {
  // No line can hold a line break.
  return shapeBy('\n', head, whole, { quotes: false, header, cuts: marks, declares: false });
}

function shapeBy(
  delimiter: string,
  head: string,
  whole: boolean,
  options: {
    readonly quotes: boolean;
    readonly header: boolean | undefined;
    /** Whether rows may be cut on: see `cutOf()`. */
    readonly cuts: boolean;
    /** Whether the first line tells the delimiter. */
    readonly declares: boolean;
  },
): Shape {
  const { quotes, declares } = options;
  const parsed = completeRows(head, csvParser(delimiter, quotes), whole)
    .slice(declares ? 1 : 0)
    .flatMap((row) => (row.fault ? [] : [{ line: row.line, cells: row.value }]));
  const start = parsed.slice(0, 200).map(({ cells }) => cells);
  const cut = options.cuts ? cutOf(start, delimiter) : undefined;
  const every = cut ? parsed.map(({ line, cells }) => ({ line, cells: cut(cells) })) : parsed;
  const rules = cut ? every.filter(({ cells }) => isRule(cells)) : [];
  const read = every.filter((row) => !rules.includes(row));
  const [first] = read;
  const others = read.slice(1, 50).map(({ cells }) => cells);
  const isLines = delimiter === '\n' && !cut;
  const header = first !== undefined && (options.header ?? (!isLines && isHeader(first.cells, others)));
  const width = header ? first.cells.length : usual(read.map(({ cells }) => cells.length));
  const names = header ? first.cells.map((name) => name.trim()) : new Array<string>(width).fill('');
  requireDifferent(names, first?.line ?? 1);
  return {
    format: isLines ? 'lines' : 'delimited',
    names,
    header,
    sample: read.slice(header ? 1 : 0).flatMap(({ cells }) => (cells.length === width ? [cells] : [])),
    parser: csvParser(delimiter, quotes),
    passedOver: [...(declares ? [1] : []), ...(header ? [first.line] : []), ...rules.map(({ line }) => line)],
    cellsOf(value) {
      const cells = cut ? cut(value as string[]) : (value as string[]);
      if (cells.length === width) return cells;
      const wanted = header ? 'the header has' : 'most rows have';
      return `a row of ${counted(cells.length, 'cell')} where ${wanted} ${width}`;
    },
  };
}

/**
 * Of JSON Lines, or of one JSON list, whose items are the rows then.
 * @param inner the list of which this is the text, where an object was around it.
 * @throws {CognateError} `file-format` when the text is JSON, but neither.
 */
export function shapeOfJson(head: string, whole: boolean, inner?: InnerList): Shape {
  const rowsBy = (parser: RowParser<Json>): ParsedRow<Json>[] => [...parser.push(head), ...(whole ? parser.end() : [])];
  const lines = rowsBy(jsonlParser());
  const [line] = lines;
  const only = whole && lines.length === 1 && !line!.fault ? line!.value : undefined;
  const isOne = isList(only) && only.length > 0 && (only.every(isObject) || only.every(isList));
  // A list over several lines opens and goes on; a row of JSON Lines closes.
  const list =
    inner || isOne || /^\s*\[(.*[[{,])?[^\S\n\r]*[\n\r]/.test(head) || (lines.length === 0 && /^\s*\[/.test(head));
  const listParser = (): RowParser<Json> => inner?.parser() ?? jsonListParser();
  const rows = list ? rowsBy(listParser()) : lines;
  const values = rows.flatMap((row) => (row.fault ? [] : [row.value]));
  const each = list ? 'items' : 'lines';
  const lists = values.filter(isList);
  const shared = list
    ? { format: 'json' as const, parser: listParser(), passedOver: [] }
    : { format: 'jsonl' as const, parser: jsonlParser(), passedOver: [] };
  if (lists.length > values.length / 2) {
    const width = usual(lists.map((list) => list.length));
    return {
      ...shared,
      names: new Array<string>(Math.max(1, width)).fill(''),
      header: false,
      sample: lists.filter((list) => list.length === width),
      cellsOf(value) {
        if (!isList(value)) return `${kindOf(value)} where most ${each} are lists`;
        return value.length === width
          ? value
          : `a list of ${counted(value.length, 'value')} where most ${each} have ${width}`;
      },
    };
  }
  const objects = values.filter(isObject);
  if (objects.length === 0) {
    if (/^\s*\{/.test(head) && !list) {
      throw new CognateError(
        'file-format',
        `Line ${lineOf(head)} begins a JSON object: rows are the items of one list, or an object on each line`,
      );
    }
    const [row] = rows;
    const got = row ? (row.fault ? row.fault.reason : kindOf(row.value)) : `${list ? 'an item' : 'a line'} without end`;
    const wanted = list
      ? 'A JSON list needs objects or lists in it'
      : 'JSON Lines need a whole object or list on each line';
    throw new CognateError('file-format', `${wanted}, got in line ${row?.line ?? lineOf(head)}: ${got}`);
  }
  const fields = objects.map(flat);
  const names = [...new Set(fields.flatMap((object) => Object.keys(object)))];
  const known = new Set(names);
  // A field that is called like what every object has, such as `constructor`, is there only where it was written.
  const cells = (object: JsonObject): Cell[] =>
    names.map((name) => (Object.hasOwn(object, name) ? object[name]! : null));
  return {
    ...shared,
    names: names.length > 0 ? names : [''],
    header: true,
    sample: fields.map(cells),
    cellsOf(value, note) {
      if (!isObject(value)) return `${kindOf(value)} where most ${each} are objects`;
      const object = flat(value);
      for (const name of Object.keys(object)) {
        if (known.has(name)) continue;
        known.add(name);
        note(`the field “${name}” comes here for the first time, too late to become a column`);
      }
      return cells(object);
    },
  };
}

/** Where the text begins, after blank lines. */
const lineOf = (head: string): number => breaksIn(/^\s*/.exec(head)![0]) + 1;
const kindOf = (value: Json): string =>
  value === null ? 'null' : isList(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** The most frequent of the counts. */
function usual(counts: readonly number[]): number {
  const seen = new Map<number, number>();
  for (const count of counts) seen.set(count, (seen.get(count) ?? 0) + 1);
  return [...seen].reduce((best, each) => (each[1] > best[1] ? each : best), [1, 0] as [number, number])[0];
}

function requireDifferent(names: readonly string[], line: number): void {
  const twice = names.findIndex((name, i) => name !== '' && names.indexOf(name) < i);
  if (twice < 0) return;
  const first = names.indexOf(names[twice]!);
  throw new CognateError(
    'file-format',
    `Line ${line} names two columns “${names[twice]}” (${first + 1} and ${twice + 1}): rename one`,
  );
}
