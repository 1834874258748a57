import { CognateError, type CallOptions } from '@cognate/core';
import {
  encodingsOf,
  formatOf,
  preview,
  readPairs,
  textsOf,
  type Cell,
  type Column,
  type Pairs,
  type PairsInput,
  type Problems,
  type Side as DataSide,
} from '@cognate/data';
import { legacyEncodings, likelyEncoding } from './encodings.ts';
import { mostPairs, type Brought, type Reading, type ReadPairs, type Told, type Troubles } from './reading.ts';
import { thinned, type Side, type SideKind } from './side.ts';

/** Rows that a visitor looks at before training. */
const previewRows = 5;

const kinds: Readonly<Partial<Record<Column['kind'], SideKind>>> = {
  text: 'text',
  id: 'text',
  picture: 'picture',
  vector: 'vector',
};

/** Looks at what a visitor brings. Of a table only the beginning is taken apart; everything else is listed. */
export async function readOwn(brought: Brought, told: Told, options: CallOptions): Promise<Reading> {
  if (typeof brought === 'string') return lookAtTable(brought, 'What you pasted', told, options);
  const inputs = inputsOf(brought);
  const [first, second, third] = inputs;
  if (!first || third) {
    throw new CognateError('invalid-input', `One table, or two files or folders, make pairs; got ${inputs.length}.`);
  }
  if (!second && first instanceof File && first.size > 0 && (await formatOf(first)) === 'table') {
    return lookAtTable(first, first.name, told, options);
  }
  return lookAtPairs(await readPairs(second ? [first, second] : [first], options), titleOf(brought));
}

async function lookAtTable(source: string | File, title: string, told: Told, options: CallOptions): Promise<Reading> {
  const possible = source instanceof File ? await encodingsOf(source, legacyEncodings, options) : [];
  const used = told.encoding ?? likelyEncoding(possible, navigator.language);
  const how: Told = { ...told, ...(used !== undefined && { encoding: used }) };
  const head = await preview(source, { ...options, ...how, rows: previewRows });
  const columns = head.columns.filter(({ kind }) => kinds[kind]);
  if (columns.length < 2) throw tooFew(head.columns);
  const { suggestion } = head;
  return {
    title,
    rows: head.estimate && counted(head.estimate),
    columns: columns.map((column) => ({ name: nameOf(column), kind: kinds[column.kind]! })),
    header: head.format.startsWith('json') ? undefined : head.header,
    encoding: used !== undefined && legacyEncodings.includes(used) ? { used, possible } : undefined,
    suggestion: suggestion && {
      left: columns.indexOf(suggestion.source),
      right: columns.indexOf(suggestion.target),
    },
    preview: head.rows.map((row) => columns.map((column) => shown(row, column))),
    troubles: troublesOf(head.problems),
    async pairs(left, right, call) {
      const [source_, target] = [columns[left]!, columns[right]!];
      const names = { source: source_.name, target: target.name };
      const pairs = await readPairs([source], { ...call, ...how, ...names });
      return taken(pairs, nameOf(source_), nameOf(target));
    },
  };
}

function tooFew(columns: readonly Column[]): CognateError {
  const numbers = columns.find(({ kind }) => kind === 'number');
  const blank = columns.length > 1 && columns.every(({ kind }) => kind === 'empty');
  return new CognateError(
    'invalid-input',
    blank
      ? 'There are no rows below the names of the columns.'
      : numbers
        ? `Two columns of words, pictures or vectors are needed: of numbers alone, as in ${numbers.name}, no side can be made.`
        : 'Two columns are needed, and there is one: put a tab or a comma between what belongs together.',
  );
}

async function lookAtPairs(pairs: Pairs, title: string): Promise<Reading> {
  const all = taken(pairs, pairs.source.name, pairs.target.name);
  const rows = Array.from({ length: Math.min(previewRows, pairs.count) }, (_, row) => row);
  return {
    title,
    rows: { count: pairs.count, exact: true },
    columns: [all.left, all.right].map(({ name, kind }) => ({ name, kind })),
    header: undefined,
    suggestion: { left: 0, right: 1 },
    preview: await Promise.all(
      rows.map((row) => Promise.all([pairs.source, pairs.target].map((side) => peek(side, row)))),
    ),
    troubles: all.troubles,
    pairs: async (left) => (left === 0 ? all : { ...all, left: all.right, right: all.left }),
  };
}

function taken(pairs: Pairs, left: string, right: string): ReadPairs {
  return {
    left: thinned(sideOf(pairs.source, left), mostPairs),
    right: thinned(sideOf(pairs.target, right), mostPairs),
    troubles: troublesOf(pairs.problems),
    of: pairs.count,
  };
}

/** What the reader calls sides that have no name of their own, and what people would. */
const plainNames: Readonly<Record<string, string>> = { folder: 'pictures', 'file names': 'names' };

function sideOf(side: DataSide, given: string): Side {
  const name = plainNames[given] ?? given;
  switch (side.kind) {
    case 'texts':
      return { kind: 'text', name, texts: side.items };
    case 'pictures':
      return { kind: 'picture', name, pictures: side.items };
    case 'vectors':
      return { kind: 'vector', name, points: side.points };
  }
}

async function peek(side: DataSide, row: number): Promise<string | Blob> {
  if (side.kind === 'texts') return side.items[row]!;
  if (side.kind === 'pictures') return side.items[row]!.blob();
  const { space, data } = side.points;
  return vectorText(data.subarray(row * space.dim, (row + 1) * space.dim));
}

/** Files of a folder, or loose pictures, belong together; any other file is one by itself. */
function inputsOf(files: readonly File[]): PairsInput[] {
  const folders = new Map<string, File[]>();
  const single: File[] = [];
  for (const file of files) {
    const folder = file.webkitRelativePath.split('/')[0] || (file.type.startsWith('image/') ? 'pictures' : undefined);
    if (folder === undefined) single.push(file);
    else folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  return [...folders.values(), ...single];
}

function titleOf(files: readonly File[]): string {
  const folders = new Set(files.map(({ name, webkitRelativePath }) => webkitRelativePath.split('/')[0] || name));
  return folders.size <= 2 ? [...folders].join(' and ') : `${files.length} files`;
}

/** `German` for a nameless column of German words. */
function nameOf({ name, language }: Column): string {
  if (!/^column \d+$/.test(name) || language === undefined) return name;
  return new Intl.DisplayNames(['en'], { type: 'language' }).of(language) ?? name;
}

function shown(row: readonly Cell[], { at, kind }: Column): string {
  const cells = at.map((i) => row[i]);
  const [first] = cells;
  if (kind === 'vector' && at.length > 1) return vectorText(cells);
  if (kind === 'vector' && Array.isArray(first)) return vectorText(first);
  const [text = '', ...more] = textsOf(first);
  return more.length > 0 ? `${text} (and ${more.length} more)` : text;
}

function vectorText(numbers: ArrayLike<unknown>): string {
  const first = Array.from({ length: Math.min(3, numbers.length) }, (_, i) => Number(numbers[i]).toPrecision(2));
  return `${first.join(', ')}, … (${numbers.length} numbers)`;
}

function troublesOf({ count, listed }: Problems): Troubles {
  return {
    count,
    listed: listed.map(({ line, file, reason }) => ({
      place: [file, line === undefined ? undefined : `line ${line}`].filter(Boolean).join(', '),
      reason,
    })),
  };
}

/** An estimate is right to one or two digits. */
function counted({ rows, exact }: { readonly rows: number; readonly exact: boolean }): Reading['rows'] {
  return { count: exact ? rows : Number(rows.toPrecision(2)), exact };
}
