import { CognateError } from '@cognate/core';
import type { ParsedRow, RowParser } from './csv.ts';
import { isMessage, isObject } from './flatten.ts';
import { jsonListParser, type Json, type JsonObject } from './jsonl.ts';
import { breaksIn } from './text-source.ts';

/** The list of a JSON object whose items are rows. */
export interface InnerList {
  /** As it stands in the object, brackets included. */
  readonly text: string;
  /** A parser of that text; to each row it adds what stands elsewhere in the object. */
  parser(): RowParser<Json>;
}

/** Whether a text begins a JSON object rather than JSON Lines, as far as its beginning tells. */
export function beginsObject(head: string, whole: boolean): boolean {
  const [, first, rest] = /^\s*(\{.*)([^]*)$/.exec(head) ?? [];
  if (first === undefined) return false;
  try {
    JSON.parse(first);
    return whole && rest!.trim() === '';
  } catch {
    return true;
  }
}

/**
 * The list around which a JSON object is: its only one of objects, or of several the one that refers to others, as
 * captions in COCO's format do: each of `annotations` has an `image_id`, which is the `id` of one of `images`. Without
 * objects, lists of one length are the columns, or one list of lists the rows. Undefined when there is nothing of the
 * kind, or the text is not one object.
 * @throws {CognateError} `file-format` when several lists could be meant.
 * @see Chen et al. 2015, Microsoft COCO Captions, arXiv:1504.00325.
 */
export function innerList(text: string): InnerList | undefined {
  const all = (listsIn(text) ?? []).filter((list) => !isMessage(firstOf(list)));
  const ofObjects = all.filter((list) => /^\[\s*\{/.test(list.text));
  if (ofObjects.length === 0) return columnsOf(all) ?? rowsOf(all.filter((list) => /^\[\s*\[/.test(list.text)));
  const linked = ofObjects.filter((list) => referencesOf(list, ofObjects).length > 0);
  return rowsOf(linked.length > 0 ? linked : ofObjects, all);
}

/** The one list that is there, with what its rows refer to. */
function rowsOf([rows, ...others]: readonly NamedList[], all: readonly NamedList[] = []): InnerList | undefined {
  if (!rows) return undefined;
  if (others.length > 0) {
    const names = [rows, ...others].map(({ name }) => name).join(', ');
    throw new CognateError('file-format', `The JSON object holds several lists, ${names}: save one by itself`);
  }
  const references = referencesOf(rows, all).map(({ list, ...reference }) => ({
    ...reference,
    things: thingsIn(list),
  }));
  return completed(rows, (row) => {
    if (references.length === 0 || !isObject(row)) return row;
    const found = references.map(({ field, name, things }): [string, Json] => [name, things.get(row[field]) ?? {}]);
    return { ...row, ...Object.fromEntries(found) };
  });
}

/** Lists that have as many items, two or more. */
function columnsOf(lists: readonly NamedList[]): InnerList | undefined {
  const [first, ...others] = lists.map((list) => ({ list, items: itemsOf(list) }));
  const same = others.filter(({ items }) => items.length === first!.items.length);
  if (!first || first.items.length < 2 || same.length === 0 || same.length < others.length) return undefined;
  return completed(first.list, (value, i) => ({
    [first.list.name]: value,
    ...Object.fromEntries(same.map(({ list, items }) => [list.name, items[i]!])),
  }));
}

function completed({ text, line }: NamedList, complete: (row: Json, index: number) => Json): InnerList {
  return {
    text,
    parser() {
      const parser = jsonListParser(line);
      let count = 0;
      const mapped = (rows: readonly ParsedRow<Json>[]): ParsedRow<Json>[] =>
        rows.map((row) => {
          const index = count++;
          return row.fault ? row : { ...row, value: complete(row.value, index) };
        });
      return {
        get line() {
          return parser.line;
        },
        push: (piece) => mapped(parser.push(piece)),
        end: () => mapped(parser.end()),
      };
    },
  };
}

interface NamedList {
  readonly name: string;
  readonly text: string;
  readonly line: number;
}

const quote = 0x22;
const backslash = 0x5c;
const opening = [0x5b, 0x7b];
const closing = [0x5d, 0x7d];

/** The lists right inside of an object, with their names; undefined where the text is not one object from end to end. */
function listsIn(text: string): NamedList[] | undefined {
  const lists: NamedList[] = [];
  let depth = 0;
  let name = '';
  let from = 0;
  const end = text.trimEnd().length;
  for (let i = 0; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === quote) {
      const start = i;
      for (i++; i < end && text.charCodeAt(i) !== quote; i++) if (text.charCodeAt(i) === backslash) i++;
      // Before a list this is its name.
      if (depth === 1) name = text.slice(start + 1, i);
    } else if (opening.includes(code)) {
      if (++depth === 2) from = i;
    } else if (closing.includes(code)) {
      if (--depth === 0) return i === end - 1 ? lists : undefined;
      if (depth === 1 && text[from] === '[') {
        lists.push({ name, text: text.slice(from, i + 1), line: 1 + breaksIn(text.slice(0, from)) });
      }
    }
  }
  return undefined;
}

/** Fields such as `image_id` of a list's first item, where another list is called `images` and its items have an `id`. */
function referencesOf(
  list: NamedList,
  lists: readonly NamedList[],
): { readonly field: string; readonly name: string; readonly list: NamedList }[] {
  return Object.keys(firstOf(list)).flatMap((field) => {
    const name = /^(.+)_id$/.exec(field)?.[1];
    if (name === undefined) return [];
    const plurals = [name, `${name}s`, name.replace(/y$/, 'ies')];
    const other = lists.find((each) => each !== list && plurals.includes(each.name) && 'id' in firstOf(each));
    return other ? [{ field, name, list: other }] : [];
  });
}

/** Items are seldom longer than that. */
const someText = 65_536;

function firstOf({ text }: NamedList): JsonObject {
  const [row] = jsonListParser().push(text.slice(0, someText));
  const value = row && !row.fault ? row.value : undefined;
  return isObject(value) ? value : {};
}

/** What a list holds, by `id`; what cannot be read of it is missed by the rows that refer to it. */
const thingsIn = (list: NamedList): ReadonlyMap<Json | undefined, Json> =>
  new Map(
    itemsOf(list)
      .filter(isObject)
      .map((item) => [item['id'], item]),
  );

/** The items of a list, null for what cannot be read. */
function itemsOf({ text }: NamedList): Json[] {
  const parser = jsonListParser();
  return [...parser.push(text), ...parser.end()].map((row) => (row.fault ? null : row.value));
}
