import { CognateError } from '@cognate/core';
import { isMessage, isObject } from './flatten.ts';
import { jsonListParser, type Json, type JsonObject } from './jsonl.ts';
import { breaksIn } from './text-source.ts';

/** The list of a JSON object whose items are rows. */
export interface InnerList {
  /** As it stands in the object, brackets included. */
  readonly text: string;
  /** Where it begins, counted from 1. */
  readonly line: number;
  /** A row with what other lists of the object hold of the things that it refers to. */
  complete(row: JsonObject): JsonObject;
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
 * The list around which a JSON object is: its only one of objects or lists, or of several the one that refers to others,
 * as captions in COCO's format do: each of `annotations` has an `image_id`, which is the `id` of one of `images`.
 * Undefined when there is none, or the text is not one object.
 * @throws {CognateError} `file-format` when several lists could be meant.
 * @see Chen et al. 2015, Microsoft COCO Captions, arXiv:1504.00325.
 */
export function innerList(text: string): InnerList | undefined {
  const all = listsIn(text) ?? [];
  const lists = all.filter((list) => /^\[\s*[[{]/.test(list.text) && !isMessage(firstOf(list)));
  const linked = lists.filter((list) => referencesOf(list, lists).length > 0);
  const [rows, other] = linked.length > 0 ? linked : lists;
  if (!rows) return undefined;
  if (other) {
    const names = lists.map(({ name }) => name).join(', ');
    throw new CognateError('file-format', `The JSON object holds several lists, ${names}: save one by itself`);
  }
  const references = referencesOf(rows, lists).map(({ field, name, list }) => ({
    field,
    name,
    things: thingsIn(list),
  }));
  return {
    text: rows.text,
    line: rows.line,
    complete(row) {
      const found = references.map(({ field, name, things }): [string, Json] => [name, things.get(row[field]) ?? {}]);
      return { ...row, ...Object.fromEntries(found) };
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
function thingsIn({ text }: NamedList): ReadonlyMap<Json | undefined, Json> {
  const parser = jsonListParser();
  const items = [...parser.push(text), ...parser.end()].flatMap((row) => (row.fault ? [] : [row.value]));
  return new Map(items.filter(isObject).map((item) => [item['id'], item]));
}
