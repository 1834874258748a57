import { readTable, type Batch, type Table, type TableOptions } from './table.ts';
import type { TextSource } from './text-source.ts';

/** The beginning of a table, and what it tells about the rest. Rows that cannot be read are among the problems. */
export type Preview = Omit<Table, 'batches' | 'close'> & Batch;

/**
 * The first rows of a table, without reading the others: how it is written, what its columns hold, what to pair with
 * what, and how many rows there probably are. A stream is spent by it; files and texts can be read again.
 * @throws {CognateError} as `readTable()`, except for rows that cannot be read.
 */
export async function preview(
  source: TextSource,
  { rows: wanted = 5, ...options }: Omit<TableOptions, 'onBadRow'> & { readonly rows?: number } = {},
): Promise<Preview> {
  const { batches, close: _close, ...table } = await readTable(source, { ...options, onBadRow: 'skip' });
  const rows: Batch['rows'][number][] = [];
  const lines: number[] = [];
  for await (const batch of batches()) {
    rows.push(...batch.rows.slice(0, wanted - rows.length));
    lines.push(...batch.lines.slice(0, wanted - lines.length));
    if (rows.length >= wanted) break;
  }
  return { ...table, rows, lines };
}
