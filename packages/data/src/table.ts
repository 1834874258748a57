import { CognateError, type CallOptions } from '@cognate/core';
import { breather } from './breathe.ts';
import type { Cell } from './cells.ts';
import { detectColumns, suggestPair, type Column } from './columns.ts';
import type { ParsedRow } from './csv.ts';
import { formatOfText, type TableFormat } from './dialect.ts';
import { beginsObject, innerList } from './json-object.ts';
import type { Json } from './jsonl.ts';
import { problemList, type Problems } from './problems.ts';
import { shapeOfDelimited, shapeOfJson, shapeOfLines } from './shape.ts';
import { breaksIn, openText, type OpenText, type TextSource } from './text-source.ts';

/** What is left out is found by looking at the beginning of the text. */
export interface TableOptions extends CallOptions {
  readonly format?: TableFormat;
  /** One character. */
  readonly delimiter?: string;
  /** Whether the first row names the columns. */
  readonly header?: boolean;
  /** False when cells never stand in quotes, and a quote is only a quote. */
  readonly quotes?: boolean;
  /**
   * Whether lines without a delimiter may be cut in two where almost all have the same mark, as in `dog - Hund` or
   * `a.jpg: a cat`, and tables inside of their frame, `| dog | Hund |`; true unless told.
   */
  readonly marks?: boolean;
  /** Label as `TextDecoder` takes it: `windows-1252`, `shift_jis`. */
  readonly encoding?: string;
  /** `throw` (default) at the first row that cannot be read, or `skip` it and list it among the problems. */
  readonly onBadRow?: 'throw' | 'skip';
}

/** Rows as they come; `rows[i]` begins in `lines[i]` of the file, counted from 1. */
export interface Batch {
  readonly rows: readonly (readonly Cell[])[];
  readonly lines: readonly number[];
}

/** A table that is being read. */
export interface Table {
  readonly format: TableFormat;
  readonly encoding: string;
  /** Of a delimited table. */
  readonly delimiter?: string;
  /** Whether the first row was taken as names. JSON objects always have names. */
  readonly header: boolean;
  readonly columns: readonly Column[];
  /** What to pair with what, if two columns suggest themselves. */
  readonly suggestion?: { readonly source: Column; readonly target: Column };
  /** Rows of the whole table, reckoned from its beginning; absent for a stream of unknown length. */
  readonly estimate?: { readonly rows: number; readonly exact: boolean };
  /** Rows left out so far, with `onBadRow: 'skip'`. */
  readonly problems: Problems;
  /**
   * All rows, once, each with as many cells as there are positions. Between batches the event loop runs, so that no
   * task is longer than some ten milliseconds; at most one batch is held.
   * @throws {CognateError} `file-format` naming line and column of a row that cannot be read, or of bytes that are not
   * of the encoding; `signal.reason` when aborted.
   */
  batches(): AsyncGenerator<Batch, void>;
  /** Lets the source go without reading on. */
  close(): Promise<void>;
}

/** Long enough for the first rows of vectors, short enough to be looked at at once. */
const headLength = 65_536;
const longestHead = 4_194_304;

/**
 * Opens a table of delimiter-separated values, JSON Lines, a JSON list, or pasted columns: reads its beginning, tells how
 * it is written and what its columns hold. The rows follow from `batches()`, in memory that does not grow with the table.
 * @throws {CognateError} `invalid-input` when there is nothing in it; `file-format` when two columns have one name or
 * the bytes are not of the encoding.
 */
export async function readTable(source: TextSource, options: TableOptions = {}): Promise<Table> {
  const { signal, onProgress, onBadRow = 'throw' } = options;
  let place = (): number => 1;
  const text = await openText(source, { encoding: options.encoding, signal, place: () => place() });
  try {
    const pieces: string[] = [];
    place = () => 1 + breaksIn(pieces.join(''));
    let { head, whole } = await readHead(text, pieces);
    if (head.trim() === '') throw new CognateError('invalid-input', 'There are no rows: the text is empty');
    let [headDone, total] = [text.done, text.total];
    const format = options.format ?? formatOfText(head);
    const isJson = format === 'jsonl' || format === 'json';
    const inner = isJson && beginsObject(head, whole) ? innerList(await readOn(text, pieces)) : undefined;
    if (inner) {
      pieces.splice(0, pieces.length, ...cut(inner.text));
      head = pieces.slice(0, 16).join('');
      whole = head === inner.text;
      [headDone, total] = [head.length, inner.text.length];
    }
    const shape = isJson
      ? shapeOfJson(head, whole, inner)
      : (format === 'lines' ? shapeOfLines : shapeOfDelimited)(head, whole, options);
    const { sample, parser } = shape;
    const columns = detectColumns(shape.names, sample.slice(0, 200), shape.delimiter);
    const suggestion = suggestPair(columns);
    const problems = problemList();
    place = () => parser.line;

    const rowsPerUnit = sample.length / Math.max(1, headDone);
    const estimate = whole
      ? { rows: sample.length, exact: true }
      : total === undefined
        ? undefined
        : { rows: Math.round(total * rowsPerUnit), exact: false };

    const take = (parsed: readonly ParsedRow<Json>[]): Batch => {
      const rows: (readonly Cell[])[] = [];
      const lines: number[] = [];
      for (const each of parsed) {
        if (shape.passedOver.includes(each.line)) continue;
        const row = each.fault
          ? undefined
          : shape.cellsOf(each.value, (reason) => problems.add({ line: each.line, reason }));
        const fault = each.fault ?? (typeof row === 'string' ? { reason: row } : undefined);
        if (fault === undefined) {
          rows.push(row as readonly Cell[]);
          lines.push(each.line);
          continue;
        }
        const column = fault.column === undefined ? '' : `column ${fault.column}: `;
        if (onBadRow === 'throw') {
          throw new CognateError('file-format', `Line ${each.line}${column ? ', ' : ': '}${column}${fault.reason}`);
        }
        problems.add({ line: each.line, reason: column + fault.reason });
      }
      return { rows, lines };
    };

    async function* batches(): AsyncGenerator<Batch, void> {
      const breathe = breather(signal);
      let count = 0;
      try {
        for (;;) {
          const piece = pieces.shift() ?? (await text.next());
          const batch = take(piece === undefined ? parser.end() : parser.push(piece));
          if (batch.rows.length > 0) yield batch;
          count += batch.rows.length;
          onProgress?.({ phase: 'prepare', done: count, total: Math.max(count, estimate?.rows ?? count) });
          if (piece === undefined) break;
          await breathe();
        }
      } finally {
        await text.close();
      }
    }

    return {
      format: shape.format,
      encoding: text.encoding,
      ...(shape.delimiter !== undefined && { delimiter: shape.delimiter }),
      header: shape.header,
      columns,
      ...(suggestion && { suggestion }),
      ...(estimate && { estimate }),
      problems,
      batches,
      close: () => text.close(),
    };
  } catch (error) {
    await text.close();
    throw error;
  }
}

/** Reads on until the beginning holds some whole lines. The pieces are kept, to be parsed again in their turn. */
async function readHead(text: OpenText, pieces: string[]): Promise<{ head: string; whole: boolean }> {
  let head = '';
  for (;;) {
    const piece = await text.next();
    if (piece === undefined) return { head, whole: true };
    pieces.push(piece);
    head += piece;
    const rows = head.length < headLength ? 0 : breaksIn(head);
    if (rows > 20 || head.length > longestHead) return { head, whole: false };
  }
}

/** An object is looked through as a whole, since any of its lists may be the one that is meant. */
const longestObject = 268_435_456;

/** All of the text, unless it is longer than an object may be. The pieces are kept. */
async function readOn(text: OpenText, pieces: string[]): Promise<string> {
  let length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  while (length <= longestObject) {
    const piece = await text.next();
    if (piece === undefined) return pieces.join('');
    pieces.push(piece);
    length += piece.length;
  }
  return '';
}

function cut(text: string): string[] {
  const count = Math.ceil(text.length / headLength);
  return Array.from({ length: count }, (_, i) => text.slice(i * headLength, (i + 1) * headLength));
}
