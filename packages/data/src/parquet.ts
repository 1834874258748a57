import { CognateError, type CallOptions, type Embeddings } from '@cognate/core';
import type { ColumnSource, SchemaElement } from 'hyparquet-writer';
import { breather } from './breathe.ts';

/** A column of a Parquet file: texts, numbers, or a vector in each row. */
export type ParquetColumn = readonly string[] | readonly number[] | Embeddings;

/** Numbers that are written in one row group: some milliseconds of work. */
const numbersAtOnce = 65_536;

/**
 * Writes columns as a Parquet file that pandas, Polars, DuckDB and Arrow read: texts as UTF-8, numbers as doubles,
 * vectors as lists of float32. Nothing is rounded and nothing compressed, since vectors hardly shrink.
 * @param columns by name, in this order; row i of each belongs to row i of the others. A list without rows is one of
 * texts, vectors without rows stay vectors.
 * @throws {CognateError} `shape-mismatch` when the columns differ in length, or vectors lack numbers; `invalid-input`
 * when there are none, or one holds texts and numbers or anything else, naming column and row; `signal.reason` when
 * aborted.
 */
export async function writeParquet(
  columns: Readonly<Record<string, ParquetColumn>>,
  { signal, onProgress }: CallOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const entries = Object.entries(columns);
  const [first] = entries;
  if (!first) throw new CognateError('invalid-input', 'writeParquet() needs at least one column');
  const count = lengthOf(first[1]);
  for (const [name, column] of entries) {
    if (lengthOf(column) === count) continue;
    const got = `${count} in ${first[0]} and ${lengthOf(column)} in ${name}`;
    throw new CognateError('shape-mismatch', `writeParquet() needs columns of one length, got ${got}`);
  }
  for (const [name, column] of entries) {
    if ('space' in column) requireWhole(name, column);
    else requireOneType(name, column);
  }
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
  const writer = new ByteWriter();
  const schema: SchemaElement[] = [
    { name: 'schema', num_children: entries.length },
    ...entries.flatMap(([name, column]) => elementsOf(name, column)),
  ];
  const file = new ParquetWriter({ writer, schema, codec: 'UNCOMPRESSED', statistics: false, createdBy: 'cognate' });
  const breathe = breather(signal);
  const width = entries.reduce((sum, [, column]) => sum + ('space' in column ? column.space.dim : 1), 0);
  const rows = Math.max(1, Math.floor(numbersAtOnce / width));
  for (let from = 0; from < count; from += rows) {
    const to = Math.min(count, from + rows);
    const columnData = entries.map(([name, column]): ColumnSource => {
      const data = 'space' in column ? lists(column, from, to) : column.slice(from, to);
      return { name, data, encoding: 'PLAIN' };
    });
    await file.write({ columnData, rowGroupSize: to - from });
    onProgress?.({ phase: 'prepare', done: to, total: count });
    await breathe();
  }
  await file.finish();
  return new Uint8Array(writer.getBuffer());
}

const lengthOf = (column: ParquetColumn): number => ('space' in column ? column.count : column.length);

function requireWhole(name: string, { space: { dim }, count, data }: Embeddings): void {
  if (data.length === count * dim) return;
  const message = `writeParquet() needs ${count} rows of ${dim} numbers in ${name}, got ${data.length} numbers`;
  throw new CognateError('shape-mismatch', message);
}

/** The first row tells what the others must be. */
function requireOneType(name: string, column: readonly unknown[]): void {
  const wanted = typeof column[0] === 'number' ? 'number' : 'string';
  const row = column.findIndex((value) => typeof value !== wanted);
  if (row < 0) return;
  const value = column[row];
  const got = value === null ? 'null' : typeof value;
  const message = `writeParquet() needs a ${wanted} in each row of ${name}, got ${got} in row ${row} (counted from 0)`;
  throw new CognateError('invalid-input', message);
}

function elementsOf(name: string, column: ParquetColumn): SchemaElement[] {
  if ('space' in column) {
    return [
      { name, num_children: 1, converted_type: 'LIST', repetition_type: 'REQUIRED' },
      { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
      { name: 'element', type: 'FLOAT', repetition_type: 'REQUIRED' },
    ];
  }
  return typeof column[0] === 'number'
    ? [{ name, type: 'DOUBLE', repetition_type: 'REQUIRED' }]
    : [{ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' }];
}

/** The writer takes nested values as plain arrays. */
function lists({ space: { dim }, data }: Embeddings, from: number, to: number): number[][] {
  return Array.from({ length: to - from }, (_, i) => Array.from(data.subarray((from + i) * dim, (from + i + 1) * dim)));
}
