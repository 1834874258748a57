import { CognateError } from '@cognate/core';
import { textOf, textsOf, type Cell } from './cells.ts';
import { bySaying, namesOf, vectorAt, type Column } from './columns.ts';
import type { Pairs, PictureFile, Side } from './pairs.ts';
import { problemList, type Problems } from './problems.ts';
import { readTable, type Table, type TableOptions } from './table.ts';
import { breaksIn, type TextSource } from './text-source.ts';
import { pointsOf } from './vectors.ts';

/** Which columns to pair, by name; by default what the table suggests. */
export interface ColumnOptions extends TableOptions {
  readonly source?: string;
  readonly target?: string;
  readonly spaces?: { readonly source?: string; readonly target?: string };
}

/**
 * Pairs two columns of a table. A list of texts in a cell makes as many pairs. Rows where either side is empty or cannot
 * be used are left out and named.
 * @throws {CognateError} `invalid-input` when there are no two columns or no rows; what `readTable()` throws.
 */
export async function pairColumns(text: TextSource, name: string, options: ColumnOptions): Promise<Pairs> {
  const table = await readTable(text, { onBadRow: 'skip', ...options });
  const named = [columnOf(table, 'source', options), columnOf(table, 'target', options)] as const;
  const suggested = [table.suggestion?.source, table.suggestion?.target];
  const source = named[0] ?? suggested.find((column) => column !== named[1]);
  const target = named[1] ?? suggested.toReversed().find((column) => column !== source);
  if (!source || !target || source === target) {
    // Where no row can be read, that is why the columns hold nothing.
    for await (const _ of table.batches()) break;
    const there = namesOf(table.columns, ({ name, kind }) => `“${name}” (${kind})`);
    const [first] = table.problems.listed;
    const why = first ? `; line ${first.line} is left out: ${first.reason}` : '';
    throw new CognateError('invalid-input', `Two columns of texts, pictures or vectors make pairs; got ${there}${why}`);
  }
  const sides = [collector(source, `${name}/${source.name}`), collector(target, `${name}/${target.name}`)] as const;
  const problems = problemList();
  for await (const { rows, lines } of table.batches()) {
    for (const [i, row] of rows.entries()) {
      const reason = sides[0].fault(row) ?? sides[1].fault(row);
      if (reason === undefined) takeAll(...sides);
      else if (options.onBadRow === 'throw') throw new CognateError('invalid-input', `Line ${lines[i]}: ${reason}`);
      else problems.add({ line: lines[i]!, reason });
    }
  }
  const all = joined(table, problems);
  const count = sides[0].count();
  if (count === 0) {
    const [first] = all.listed;
    const why = first ? `: ${all.count} were left out, the first in line ${first.line}: ${first.reason}` : '';
    throw new CognateError('invalid-input', `${name} has no row with both sides${why}`);
  }
  return {
    source: await sides[0].side(options, options.spaces?.source),
    target: await sides[1].side(options, options.spaces?.target),
    count,
    problems: all,
  };
}

/** Whatever one side's row holds belongs to whatever the other's holds. */
function takeAll(source: Collector, target: Collector): void {
  for (let i = 0; i < source.held(); i++) {
    for (let j = 0; j < target.held(); j++) {
      source.take(i);
      target.take(j);
    }
  }
}

/** How the table of one side is read that is called so. */
export function sideOptions(name: string): TableOptions {
  const isTable = /\.(csv|tsv|json|jsonl|ndjson)$/i.test(name);
  return { ...(!isTable && { format: 'lines' }), marks: false };
}

/** The column that is one side, where none is named: vectors, else pictures or texts that seldom repeat. */
export function sideColumn(columns: readonly Column[]): Column | undefined {
  const usable = columns.filter(({ kind }) => kind === 'text' || kind === 'picture').sort(bySaying);
  return columns.find(({ kind }) => kind === 'vector') ?? usable[0];
}

/**
 * One side out of a table of its own: a file that is called `.csv`, `.tsv`, `.json` or `.jsonl`, or else a text on each
 * line. All rows count, since they pair by position.
 * @throws {CognateError} `invalid-input` naming the line that is blank or cannot be used; what `readTable()` throws.
 */
export async function readColumn(
  text: TextSource,
  name: string,
  which: 'source' | 'target',
  options: ColumnOptions,
): Promise<Side> {
  const table = await readTable(text, { ...sideOptions(name), ...options, onBadRow: 'throw' });
  const column = columnOf(table, which, options) ?? sideColumn(table.columns) ?? table.columns[0]!;
  const side = collector(column, `${name}/${column.name}`);
  let expected: number | undefined;
  for await (const { rows, lines } of table.batches()) {
    for (const [i, row] of rows.entries()) {
      const line = lines[i]!;
      expected ??= line;
      const several = (): string | undefined =>
        side.held() > 1 ? `“${column.name}” holds ${side.held()} texts, where rows pair by position` : undefined;
      const reason = line === expected ? (side.fault(row) ?? several()) : 'a blank line, where rows pair by position';
      if (reason !== undefined) {
        throw new CognateError('invalid-input', `Line ${line === expected ? line : expected} of ${name}: ${reason}`);
      }
      side.take(0);
      // In JSON a line break inside of a text is written as two letters.
      const within = table.format.startsWith('json')
        ? 0
        : row.reduce<number>((sum, cell) => sum + breaksIn(textOf(cell)), 0);
      expected = line + 1 + within;
    }
  }
  return side.side(options, options.spaces?.[which]);
}

function columnOf({ columns }: Table, which: 'source' | 'target', options: ColumnOptions): Column | undefined {
  const wanted = options[which];
  if (wanted === undefined) return undefined;
  const found = columns.find(({ name }) => name === wanted);
  if (found) return found;
  throw new CognateError('invalid-input', `There is no column ${wanted}, only ${namesOf(columns)}`);
}

/** Gathers the cells of one column. */
interface Collector {
  /** Why the row cannot be used, if so. */
  fault(row: readonly Cell[]): string | undefined;
  /** Values in the row whose fault was asked for last. */
  held(): number;
  /** Takes one of them. */
  take(which: number): void;
  count(): number;
  side(options: ColumnOptions, space: string | undefined): Promise<Side>;
}

function collector(column: Column, label: string): Collector {
  if (column.kind === 'vector') return vectors(column, label);
  const { name, kind, language } = column;
  const at = column.at[0]!;
  const texts: string[] = [];
  let read: readonly string[] = [];
  return {
    fault(row) {
      read = textsOf(row[at]);
      return read.length === 0 ? `“${name}” is empty` : undefined;
    },
    held: () => read.length,
    take: (which) => void texts.push(detached(read[which]!)),
    count: () => texts.length,
    side: async () =>
      kind === 'picture'
        ? { kind: 'pictures', name, items: texts.map(byAddress) }
        : { kind: 'texts', name, ...(language !== undefined && { language }), items: texts },
  };
}

/** A copy: engines let a piece of a text hold on to the whole of it, here to columns that nobody asked for. */
const detached = (text: string): string => JSON.parse(JSON.stringify(text)) as string;

function vectors(column: Column, label: string): Collector {
  const { name } = column;
  const dim = column.dim!;
  let data = new Float32Array(dim * 1024);
  let length = 0;
  let read: readonly number[] | undefined;
  return {
    fault(row) {
      read = vectorAt(row, column);
      if (!read) return `“${name}” holds no ${dim} numbers`;
      const bad = read.findIndex((value) => !Number.isFinite(Math.fround(value)));
      return bad < 0 ? undefined : `“${name}” holds ${read[bad]} as number ${bad + 1}`;
    },
    held: () => 1,
    take() {
      if (length + dim > data.length) {
        const larger = new Float32Array(2 * data.length);
        larger.set(data);
        data = larger;
      }
      data.set(read!, length);
      length += dim;
    },
    count: () => length / dim,
    side: async ({ signal }, space) => ({
      kind: 'vectors',
      name,
      points: await pointsOf(data.slice(0, length), dim, label, { signal, ...(space !== undefined && { space }) }),
    }),
  };
}

/** A picture behind an address; a name without one needs the folder that it lies in. */
function byAddress(name: string): PictureFile {
  return {
    name,
    async blob() {
      if (!/^(https?:|data:|blob:)/i.test(name)) {
        throw new CognateError('invalid-input', `“${name}” is a file: choose the folder of pictures beside the table`);
      }
      try {
        const response = await fetch(name);
        if (response.ok) return await response.blob();
        throw new Error(`answer ${response.status}`);
      } catch (cause) {
        throw new CognateError('load-failed', `There is no picture at ${name.slice(0, 80)} that this page may read`, {
          cause,
        });
      }
    },
  };
}

/** Problems of rows that could not be read, then of rows that could not be used, in the order of the file. */
function joined(table: Table, own: Problems): Problems {
  const listed = [...table.problems.listed, ...own.listed].sort((a, b) => (a.line ?? 0) - (b.line ?? 0)).slice(0, 100);
  return { count: table.problems.count + own.count, listed };
}
