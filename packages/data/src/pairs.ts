import { CognateError, type CallOptions, type Embeddings } from '@cognate/core';
import { asPicture, pairByTable, pairCaptions, picturesOf, type CaptionOptions } from './captions.ts';
import { formatOf, unreadable } from './file-format.ts';
import { openFolder, type Folder, type FolderLimits } from './folder.ts';
import { pairByStem, twoFoldersIn } from './paired-folders.ts';
import { problemList, type Problems } from './problems.ts';
import { pairColumns, readColumn, type ColumnOptions } from './table-pairs.ts';
import { arraysOf, readVectors, type VectorOptions, type VectorSet } from './vectors.ts';

/** A picture that is read when it is needed. */
export interface PictureFile {
  /** Path or address, to speak of it. */
  readonly name: string;
  /** @throws {CognateError} when it cannot be read. */
  blob(): Promise<Blob>;
}

/** One side of the pairs: to be encoded, or vectors already. */
export type Side =
  | { readonly kind: 'texts'; readonly name: string; readonly language?: string; readonly items: readonly string[] }
  | { readonly kind: 'pictures'; readonly name: string; readonly items: readonly PictureFile[] }
  | { readonly kind: 'vectors'; readonly name: string; readonly points: Embeddings };

/** Item i of `source` belongs to item i of `target`. */
export interface Pairs {
  readonly source: Side;
  readonly target: Side;
  readonly count: number;
  /** What was left out, by line or file name. */
  readonly problems: Problems;
}

/** A file, pasted text, the files of a folder, or the handle of one. */
export type PairsInput = string | Blob | readonly File[] | FileSystemDirectoryHandle;

export interface PairsOptions extends CaptionOptions, ColumnOptions, FolderLimits, CallOptions {
  /** Of two arrays in one file: which is the source, and which the target. */
  readonly arrays?: readonly [string, string];
  /** Ids of the spaces that vectors are of; see `VectorOptions.space`. */
  readonly spaces?: { readonly source?: string; readonly target?: string };
}

/**
 * Reads pairs from whatever holds them. One input: a table with two columns, a vector file with two arrays, a folder or
 * zip of pictures with captions, or one with two folders in it. Two inputs: one side each, where rows of vectors, texts
 * or lines pair by position and the files of two folders by name; or a folder of pictures and the table that names them.
 * Rows that cannot be used are left out and named in `problems`, unless `onBadRow` is `throw`; where rows pair by
 * position none may be left out.
 * @throws {CognateError} `invalid-input` when there are no two sides in it; `shape-mismatch` when they differ in count;
 * what the readers of the formats throw.
 */
export async function readPairs(
  inputs: readonly [PairsInput] | readonly [PairsInput, PairsInput],
  options: PairsOptions = {},
): Promise<Pairs> {
  const [first, second] = await Promise.all(inputs.map((input) => open(input, options)));
  if (!second) return pairsIn(first!, options);
  const folders = [first!, second].filter((each) => each.kind === 'folder');
  if (folders.length === 2) return pairByStem(folders[0]!.folder, folders[1]!.folder, options);
  const table = [first!, second].find((each) => each.kind === 'table');
  if (folders.length === 1) {
    const { folder } = folders[0]!;
    const pairs = table && (await pairByTable(folder, table.text, table.name, options));
    if (pairs) return pairs;
    const reason = table ? `${table.name} names none of its pictures` : 'vectors have no names to pair by';
    throw new CognateError('invalid-input', `Nothing says which pictures of ${folder.name} belong to what: ${reason}`);
  }
  return byPosition(await sideOf(first!, 'source', options), await sideOf(second, 'target', options));
}

/**
 * Reads one side alone, such as rows without a partner or the items of a bank: a text on each line, a column of a table,
 * one set of vectors, or the pictures of a folder or zip. The column is the one that `source` names, else one of vectors,
 * else one whose texts seldom repeat. No row is left out.
 * @throws {CognateError} `invalid-input` when there is nothing of the kind, or more than one set; what the readers of
 * the formats throw.
 */
export async function readSide(input: PairsInput, options: PairsOptions = {}): Promise<Side> {
  return sideOf(await open(input, options), 'source', options);
}

/** An input, as far as it had to be opened to know what it is. */
type Opened =
  | { readonly kind: 'table'; readonly text: string | Blob; readonly name: string }
  | { readonly kind: 'vectors'; readonly sets: readonly VectorSet[]; readonly name: string }
  | { readonly kind: 'folder'; readonly folder: Folder };

async function open(input: PairsInput, options: PairsOptions): Promise<Opened> {
  if (typeof input === 'string') return { kind: 'table', text: input, name: 'The text' };
  if (!(input instanceof Blob)) return openFolderOf(await openFolder(input, options), options);
  const name = input instanceof File ? input.name : 'The file';
  if (input.size === 0) throw new CognateError('invalid-input', `${name} is empty`);
  const format = await formatOf(input);
  if (format === 'table') return { kind: 'table', text: input, name };
  if (format === 'zip') return openFolderOf(await openFolder(input, options), options);
  if (format === 'picture') throw new CognateError('invalid-input', `${name} is one picture: choose its whole folder`);
  if (format !== 'npy' && format !== 'safetensors') {
    throw unreadable(name, format, 'table, NPY, NPZ, safetensors or zip');
  }
  return { kind: 'vectors', sets: await readVectors(input, vectorOptions(options, name)), name };
}

/** A folder of pictures or of texts stays one; a folder around a single file of another kind is that file. */
async function openFolderOf(folder: Folder, options: PairsOptions): Promise<Opened> {
  const { pictures, others } = picturesOf(folder);
  if (pictures.length > 0) return { kind: 'folder', folder };
  if (others.some(({ path }) => path.endsWith('.npy'))) {
    return { kind: 'vectors', sets: await arraysOf(folder, vectorOptions(options, folder.name)), name: folder.name };
  }
  if (others.some(({ path }) => path === 'xl/workbook.xml' || path === 'workbook.xml')) {
    throw new CognateError('file-format', `${folder.name} is a spreadsheet: save the sheet as CSV or copy its columns`);
  }
  const [only, more] = others;
  if (!only || more || /\.txt$/i.test(only.path)) return { kind: 'folder', folder };
  return open(new File([await only.blob()], only.path), options);
}

async function pairsIn(opened: Opened, options: PairsOptions): Promise<Pairs> {
  if (opened.kind === 'table') return pairColumns(opened.text, opened.name, options);
  if (opened.kind === 'folder') {
    const two = options.captions === undefined ? twoFoldersIn(opened.folder) : undefined;
    return two ? pairByStem(...two, options) : pairCaptions(opened.folder, options);
  }
  const [source, target, third] = opened.sets;
  if (!source || !target || third) {
    throw new CognateError('invalid-input', `Two sets of vectors make pairs, but ${told(opened)}`);
  }
  return byPosition(vectorSide(source, options.spaces?.source), vectorSide(target, options.spaces?.target));
}

async function sideOf(opened: Opened, which: 'source' | 'target', options: PairsOptions): Promise<Side> {
  if (opened.kind === 'table') return readColumn(opened.text, opened.name, which, options);
  if (opened.kind === 'folder') {
    const { pictures } = picturesOf(opened.folder);
    if (pictures.length > 0) return { kind: 'pictures', name: opened.folder.name, items: pictures.map(asPicture) };
    throw new CognateError('invalid-input', `${opened.folder.name} holds no pictures`);
  }
  const [set, other] = opened.sets;
  if (set && !other) return vectorSide(set, options.spaces?.[which]);
  throw new CognateError('invalid-input', `One set of vectors makes a side, but ${told(opened)}`);
}

function told({ name, sets }: Extract<Opened, { kind: 'vectors' }>): string {
  const names = sets.map((set) => set.name).join(', ');
  return sets.length === 1 ? `${name} holds one alone` : `${name} holds ${sets.length}: ${names}`;
}

function vectorSide({ name, points }: VectorSet, id: string | undefined): Side {
  return { kind: 'vectors', name, points: id === undefined ? points : { ...points, space: { ...points.space, id } } };
}

function vectorOptions({ arrays, signal, onProgress }: PairsOptions, name: string): VectorOptions {
  return { ...(arrays && { arrays }), signal, onProgress, name };
}

function byPosition(source: Side, target: Side): Pairs {
  const [count, other] = [countOf(source), countOf(target)];
  if (count !== other) {
    throw new CognateError(
      'shape-mismatch',
      `Rows pair by position, but ${source.name} has ${count} and ${target.name} has ${other}`,
    );
  }
  return { source, target, count, problems: problemList() };
}

const countOf = (side: Side): number => (side.kind === 'vectors' ? side.points.count : side.items.length);
