import type { CallOptions } from '@cognate/core';
import type { Reading } from './reading.ts';
import { readTableData } from './read-table.ts';

/** Everything that reads a visitor's data: fetched when there is some. */
export async function readOwn(data: string | readonly File[], options: CallOptions): Promise<Reading> {
  if (typeof data === 'string') return readTableData(data, 'What you pasted', options);
  const [file] = data;
  return readTableData(file!, file!.name, options);
}
