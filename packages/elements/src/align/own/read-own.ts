import { CognateError, type CallOptions } from '@cognate/core';
import { formatOf, readPairs, type Column, type FileFormat, type Pairs, type PairsInput } from '@cognate/data';
import { peek, sideOf, troublesOf } from './data-side.ts';
import { counted, kinds, nameOf, openTable, previewRows, shown } from './open-table.ts';
import { lookAtTwo } from './read-two.ts';
import { mostPairs, type Brought, type Reading, type ReadPairs, type Told } from './reading.ts';
import { thinned } from './side.ts';

/** Looks at what a visitor brings. Of a table only the beginning is taken apart; everything else is listed. */
export async function readOwn(brought: Brought, told: Told, options: CallOptions): Promise<Reading> {
  if (typeof brought === 'string') return lookAtTable(brought, 'What you pasted', told, options);
  const inputs = inputsOf(brought);
  const [first, second, third] = inputs;
  if (!first || third) {
    throw new CognateError('invalid-input', `One table, or two files or folders, make pairs; got ${inputs.length}.`);
  }
  if (!second && (await isOneOf(['table'], first))) {
    return lookAtTable(first as File, (first as File).name, told, options);
  }
  if (second && (await isOneOf(lists, first)) && (await isOneOf(lists, second))) {
    return lookAtTwo([first as File, second as File], told, titleOf(brought), options);
  }
  return lookAtPairs(await readPairs(second ? [first, second] : [first], options), titleOf(brought));
}

/** Files of which each is one side, row by row. */
const lists: readonly FileFormat[] = ['table', 'npy', 'safetensors'];

const isOneOf = async (formats: readonly FileFormat[], input: PairsInput): Promise<boolean> =>
  input instanceof File && input.size > 0 && formats.includes(await formatOf(input));

async function lookAtTable(source: string | File, title: string, told: Told, options: CallOptions): Promise<Reading> {
  const { head, columns, how, header, encoding } = await openTable(source, told, {}, options);
  if (columns.length < 2) throw tooFew(head.columns);
  const { suggestion } = head;
  return {
    title,
    rows: head.estimate && counted(head.estimate),
    columns: columns.map((column) => ({ name: nameOf(column), kind: kinds[column.kind]! })),
    header,
    encoding,
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
