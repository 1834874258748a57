import { writeSafetensors } from '@cognate/core';
import type { Fitted } from './translator-box.ts';

export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Both sides in the shared space: row i of one belongs to row i of the other. */
export async function writeRows(
  { left, right, shared }: Fitted,
  format: 'npy' | 'parquet' | 'safetensors',
): Promise<NamedFile[]> {
  const tensor = ({ count, space, data }: Fitted['shared']['left']) =>
    ({ dtype: 'F32', shape: [count, space.dim], data }) as const;
  return [
    {
      name: `aligned.${format}`,
      bytes: writeSafetensors(
        [
          ['left', tensor(shared.left)],
          ['right', tensor(shared.right)],
        ],
        { left: left.name, right: right.name },
      ),
    },
  ];
}
