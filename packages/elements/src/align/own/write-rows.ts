import type { CallOptions } from '@cognate/core';
import { writeNpy, writeParquet, writeVectors, type ParquetColumn } from '@cognate/data';
import { labelOf, type Side } from './side.ts';
import type { Fitted } from './translator-box.ts';

/** A file to be handed to the visitor. */
export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Both sides in the shared space: row i of one belongs to row i of the other. NPY takes a file for each. */
export async function writeRows(
  { left, right, shared }: Fitted,
  format: 'npy' | 'parquet' | 'safetensors',
  options: CallOptions,
): Promise<NamedFile[]> {
  switch (format) {
    case 'npy':
      return [
        { name: 'left.npy', bytes: writeNpy(shared.left) },
        { name: 'right.npy', bytes: writeNpy(shared.right) },
      ];
    case 'safetensors':
      return [{ name: 'aligned.safetensors', bytes: writeVectors({ left: shared.left, right: shared.right }) }];
    case 'parquet': {
      const columns: Record<string, ParquetColumn> = {
        ...labels('left', left, shared.left.count),
        ...labels('right', right, shared.right.count),
        left_vector: shared.left,
        right_vector: shared.right,
      };
      return [{ name: 'aligned.parquet', bytes: await writeParquet(columns, options) }];
    }
  }
}

function labels(column: string, side: Side, count: number): Record<string, readonly string[]> {
  if (side.kind === 'vector') return {};
  return { [column]: Array.from({ length: count }, (_, row) => labelOf(side, row)) };
}
