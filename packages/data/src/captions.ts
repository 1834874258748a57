import { CognateError, type CallOptions } from '@cognate/core';
import { readCaption } from './caption-file.ts';
import { isPicture, textsOf } from './cells.ts';
import { bySaying, namesOf, type Column } from './columns.ts';
import type { Folder, FolderFile } from './folder.ts';
import type { Pairs, PictureFile } from './pairs.ts';
import { partnerFinder, pictureFinder, stemOf } from './picture-finder.ts';
import { problemList, reasonOf, type ProblemList } from './problems.ts';
import { readTable, type Table, type TableOptions } from './table.ts';
import type { TextSource } from './text-source.ts';

/** Where the captions of pictures stand. */
export type CaptionSource = 'table' | 'text-files' | 'file-names';

export interface CaptionOptions extends CallOptions {
  /** By default text files named like pictures, else a table that names pictures, else the pictures' own names. */
  readonly captions?: CaptionSource;
  /** Column of the table that holds the captions; by default one that is called so, else the first text. */
  readonly column?: string;
}

/** The folder's pictures, and the rest of it. */
export function picturesOf({ files }: Folder): { readonly pictures: FolderFile[]; readonly others: FolderFile[] } {
  const pictures = files.filter(({ path }) => isPicture(path));
  return { pictures, others: files.filter(({ path }) => !isPicture(path)) };
}

/**
 * Pairs the pictures of a folder with captions out of the same folder. A picture without caption, a caption without
 * picture and a table that cannot be used are named among the problems; a picture with several rows in a table is in as
 * many pairs.
 * @throws {CognateError} `invalid-input` when there are no pictures, no pairs, or not the table or column that is asked for.
 */
export async function pairCaptions(folder: Folder, options: CaptionOptions & TableOptions = {}): Promise<Pairs> {
  const { pictures, others } = picturesOf(folder);
  if (pictures.length === 0) throw new CognateError('invalid-input', `${folder.name} holds no pictures`);
  const stems = new Set(pictures.map(({ path }) => stemOf(path)));
  const texts = others.filter(({ path }) => /\.(txt|caption)$/i.test(path));
  const captions = new Set(texts.filter(({ path }) => stems.has(stemOf(path))));
  // A picture's own `.json` tells how it was made or taken.
  const beside = new Set(others.filter(({ path }) => /\.json$/i.test(path) && stems.has(stemOf(path))));
  const tables = others.filter(
    (file) => /\.(csv|tsv|json|jsonl|ndjson|txt)$/i.test(file.path) && !captions.has(file) && !beside.has(file),
  );
  const problems = problemList();
  problems.addAll(folder.problems);
  const left: Folder = { ...folder, problems };
  const wanted = options.captions;
  if (wanted === 'table' || (wanted === undefined && captions.size === 0)) {
    for (const file of tables.slice(0, 20)) {
      try {
        const pairs = await pairByTable(left, await file.blob(), file.path, options);
        if (pairs) return pairs;
      } catch (error) {
        // A stray text must not cost the pictures their other captions.
        if (options.onBadRow === 'throw') throw error;
        problems.add({ file: file.path, reason: reasonOf(error, options.signal) });
      }
    }
    if (wanted ?? options.column) {
      const first = problems.listed[folder.problems.listed.length];
      const why = first ? `; ${first.file}: ${first.reason}` : '';
      throw new CognateError('invalid-input', `${folder.name} holds no table that captions its pictures${why}`);
    }
  }
  if (wanted === 'text-files' || (wanted === undefined && captions.size > 0)) {
    return pairByTextFiles(left, pictures, texts, options);
  }
  return pairByNames(left, pictures);
}

/** Column names that captions go by. */
const captionNames = /caption|text|title|description|name|label|prompt|sentence/i;

/**
 * Pairs pictures with the rows of a table that name them; undefined when no column names pictures.
 * @throws {CognateError} what `readTable()` throws; `invalid-input` when the named column is missing, or none of the
 * pictures that the table names is there.
 */
export async function pairByTable(
  folder: Folder,
  source: TextSource,
  name: string,
  options: CaptionOptions & TableOptions,
): Promise<Pairs | undefined> {
  const { pictures } = picturesOf(folder);
  const find = pictureFinder(pictures);
  const table = await readTable(source, { onBadRow: 'skip', ...options });
  const problems = problemList();
  const texts: string[] = [];
  const items: PictureFile[] = [];
  const paired = new Set<FolderFile>();
  let places: { readonly file: Column; readonly caption: Column } | undefined;
  for await (const { rows, lines } of table.batches()) {
    if (!places) {
      const [best] = table.columns
        .map((column) => ({ column, hits: rows.filter((row) => textsOf(row[column.at[0]!]).some(find)).length }))
        .sort((a, b) => b.hits - a.hits);
      // Of a long table that names more pictures than there are, none of the first rows may be of one.
      const file = best && best.hits > 0 ? best.column : table.columns.find(({ kind }) => kind === 'picture');
      if (!file) {
        await table.close();
        return undefined;
      }
      places = { file, caption: captionColumn(table, file, name, options) };
    }
    for (const [i, row] of rows.entries()) {
      const files = textsOf(row[places.file.at[0]!]);
      const captions = textsOf(row[places.caption.at[0]!]);
      const where = { file: name, line: lines[i]! };
      for (const file of files.length > 0 ? files : ['']) {
        const picture = find(file);
        if (!picture) problems.add({ ...where, reason: `there is no picture “${file}”` });
        else if (captions.length === 0) problems.add({ ...where, reason: `the caption of “${file}” is empty` });
        else {
          items.push(...captions.map(() => asPicture(picture)));
          texts.push(...captions);
        }
        if (picture) paired.add(picture);
      }
    }
  }
  if (!places) {
    const [first] = table.problems.listed;
    if (first)
      throw new CognateError('file-format', `No row of ${name} can be read, line ${first.line}: ${first.reason}`);
    return undefined;
  }
  if (paired.size === 0) {
    throw new CognateError('invalid-input', `${name} names other pictures: ${problems.listed[0]!.reason}`);
  }
  problems.addAll(table.problems, name);
  for (const picture of pictures) {
    if (!paired.has(picture)) problems.add({ file: picture.path, reason: `${name} has no caption for it` });
  }
  return captioned(folder, items, texts, places.caption.name, problems, places.caption.language);
}

function captionColumn({ columns }: Table, file: Column, table: string, { column }: CaptionOptions): Column {
  const others = columns.filter((each) => each !== file);
  if (column !== undefined) {
    const found = others.find(({ name }) => name === column);
    if (found) return found;
    throw new CognateError('invalid-input', `There is no column ${column} in ${table}, only ${namesOf(columns)}`);
  }
  const texts = others.filter(({ kind }) => kind === 'text').sort(bySaying);
  const found =
    texts.find(({ name }) => captionNames.test(name)) ?? texts[0] ?? others.find(({ kind }) => kind !== 'empty');
  if (found) return found;
  throw new CognateError('invalid-input', `${table} names pictures, but has no column of captions`);
}

async function pairByTextFiles(
  folder: Folder,
  pictures: readonly FolderFile[],
  files: readonly FolderFile[],
  options: CaptionOptions & TableOptions,
): Promise<Pairs> {
  const problems = problemList();
  const namedLike = partnerFinder(files);
  const unused = new Set(files);
  const items: PictureFile[] = [];
  const captions: string[] = [];
  for (const picture of pictures) {
    const file = namedLike(picture.path);
    if (!file) {
      problems.add({ file: picture.path, reason: 'no text file is named like it' });
      continue;
    }
    unused.delete(file);
    const { text, fault } = await readCaption(file, options);
    if (fault !== undefined) problems.add({ file: picture.path, reason: `${file.path} ${fault}` });
    else {
      items.push(asPicture(picture));
      captions.push(text);
    }
  }
  for (const file of unused) {
    const other = namedLike(file.path);
    const reason = other && other !== file ? `${other.path} is read instead` : 'no picture is named like it';
    problems.add({ file: file.path, reason });
  }
  return captioned(folder, items, captions, 'text files', problems);
}

function pairByNames(folder: Folder, pictures: readonly FolderFile[]): Pairs {
  const problems = problemList();
  const items: PictureFile[] = [];
  const captions: string[] = [];
  for (const picture of pictures) {
    const caption = captionOfName(picture.path);
    if (caption === undefined) problems.add({ file: picture.path, reason: 'its name holds no words' });
    else {
      items.push(asPicture(picture));
      captions.push(caption);
    }
  }
  return captioned(folder, items, captions, 'file names', problems);
}

function captioned(
  folder: Folder,
  items: readonly PictureFile[],
  texts: readonly string[],
  name: string,
  problems: ProblemList,
  language?: string,
): Pairs {
  if (items.length === 0) {
    const examples = [problems, folder.problems].flatMap(({ listed }) => listed.slice(0, 1));
    const told = examples.map(({ file, reason }) => `${file}: ${reason}`).join('; ');
    throw new CognateError('invalid-input', `None of the pictures in ${folder.name} has a caption, such as ${told}`);
  }
  problems.addAll(folder.problems);
  return {
    source: { kind: 'pictures', name: folder.name, items },
    target: { kind: 'texts', name, ...(language !== undefined && { language }), items: texts },
    count: items.length,
    problems,
  };
}

/** What cameras and systems call files: a word, and after it nothing but numbers, marks such as `WA0012`, and these. */
const nameless =
  /^(?:img|dsc[nf]?|dcim|pxl|mvi|pict?|image|photo|picture|screen ?shot|scan|untitled|download|file|frame|copy)\d*(?: (?:[a-z]{0,2}\d\S*|at|[ap]m|copy|edited|hdr|pano|burst|portrait|night))*$/i;

/**
 * The words of a file name: `animals/a_red-car (2).png` -> `a red car`. Running numbers are no words; undefined when
 * nothing else is left.
 */
export function captionOfName(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]+$/, '');
  let words = name;
  try {
    words = decodeURIComponent(name);
  } catch {
    // A percent sign that encodes nothing.
  }
  words = words
    .normalize('NFC')
    .replace(/\(\d+\)$/, '')
    .trimEnd()
    .replace(/^\d{3,}(?=[\s_.-])|(?<=[_.-])\d+$/g, '')
    .replace(/[\s_.+-]+/g, ' ')
    .trim();
  const isHash = /^[\da-f]{12,}$/i.test(words.replaceAll(' ', ''));
  if (!/\p{L}|\p{Extended_Pictographic}/u.test(words) || isHash) return undefined;
  return nameless.test(words) ? undefined : words;
}

export const asPicture = ({ path, blob }: FolderFile): PictureFile => ({ name: path, blob });
