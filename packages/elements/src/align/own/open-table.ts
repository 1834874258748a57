import type { CallOptions } from '@cognate/core';
import { encodingsOf, preview, textsOf, type Cell, type Column, type Preview, type TableOptions } from '@cognate/data';
import { vectorText } from './data-side.ts';
import { legacyEncodings, likelyEncoding } from './encodings.ts';
import type { Reading, Told } from './reading.ts';
import type { SideKind } from './side.ts';

/** Rows that a visitor looks at before training. */
export const previewRows = 5;

export const kinds: Readonly<Partial<Record<Column['kind'], SideKind>>> = {
  text: 'text',
  id: 'text',
  picture: 'picture',
  vector: 'vector',
};

/** The beginning of a table, and how the rest is to be read. */
export interface Opened {
  readonly head: Preview;
  /** Those that can be a side. */
  readonly columns: readonly Column[];
  readonly how: TableOptions;
  readonly header: Reading['header'];
  readonly encoding: Reading['encoding'];
}

export async function openTable(
  source: string | File,
  told: Told,
  usual: TableOptions,
  options: CallOptions,
): Promise<Opened> {
  const possible = source instanceof File ? await encodingsOf(source, legacyEncodings, options) : [];
  const legacy = possible.some((label) => legacyEncodings.includes(label));
  const used = legacy ? (told.encoding ?? likelyEncoding(possible, navigator.language)) : possible[0];
  const how = {
    ...usual,
    ...(told.header !== undefined && { header: told.header }),
    ...(used !== undefined && { encoding: used }),
  };
  const head = await preview(source, { ...options, ...how, rows: previewRows });
  return {
    head,
    columns: head.columns.filter(({ kind }) => kinds[kind]),
    how,
    header: head.format.startsWith('json') ? undefined : head.header,
    encoding: legacy && used !== undefined ? { used, possible } : undefined,
  };
}

/** `German` for a nameless column of German words. */
export function nameOf({ name, language }: Column): string {
  if (!/^column \d+$/.test(name) || language === undefined) return name;
  return new Intl.DisplayNames(['en'], { type: 'language' }).of(language) ?? name;
}

export function shown(row: readonly Cell[], { at, kind }: Column): string {
  const cells = at.map((i) => row[i]);
  const [first] = cells;
  if (kind === 'vector' && at.length > 1) return vectorText(cells);
  if (kind === 'vector' && Array.isArray(first)) return vectorText(first);
  const [text = '', ...more] = textsOf(first);
  return more.length > 0 ? `${text} (and ${more.length} more)` : text;
}

/** An estimate is right to one or two digits. */
export function counted({ rows, exact }: { readonly rows: number; readonly exact: boolean }): Reading['rows'] {
  return { count: exact ? rows : Number(rows.toPrecision(2)), exact };
}
