import type { Problems, Side as DataSide } from '@cognate/data';
import type { Troubles } from './reading.ts';
import type { Side } from './side.ts';

/** What the reader calls sides that have no name of their own, and what people would. */
const plainNames: Readonly<Record<string, string>> = { folder: 'pictures', 'file names': 'names' };

export function sideOf(side: DataSide, given: string): Side {
  const name = plainNames[given] ?? given;
  switch (side.kind) {
    case 'texts':
      return { kind: 'text', name, texts: side.items };
    case 'pictures':
      return { kind: 'picture', name, pictures: side.items };
    case 'vectors':
      return { kind: 'vector', name, points: side.points };
  }
}

export async function peek(side: DataSide, row: number): Promise<string | Blob> {
  if (side.kind === 'texts') return side.items[row]!;
  if (side.kind === 'pictures') return side.items[row]!.blob();
  const { space, data } = side.points;
  return vectorText(data.subarray(row * space.dim, (row + 1) * space.dim));
}

export function vectorText(numbers: ArrayLike<unknown>): string {
  const first = Array.from({ length: Math.min(3, numbers.length) }, (_, i) => Number(numbers[i]).toPrecision(2));
  return `${first.join(', ')}, … (${numbers.length} numbers)`;
}

export function troublesOf({ count, listed }: Problems): Troubles {
  return {
    count,
    listed: listed.map(({ line, file, reason }) => ({
      place: [file, line === undefined ? undefined : `line ${line}`].filter(Boolean).join(', '),
      reason,
    })),
  };
}
