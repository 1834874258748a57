import { readPairs, type Pairs, type PairsInput, type Side } from '../../packages/data/src/pairs.ts';

/** A file as a folder picker gives it. */
export function picked(path: string, content: BlobPart = path): File {
  const file = new File([content], path.split('/').at(-1)!);
  Object.defineProperty(file, 'webkitRelativePath', { value: path });
  return file;
}

/** Texts, names of pictures, or numbers. */
export const itemsOf = (side: Side): readonly unknown[] =>
  side.kind === 'vectors'
    ? Array.from(side.points.data)
    : side.items.map((item) => (typeof item === 'string' ? item : item.name));

/** A list of two items for each pair. */
export const shown = ({ source, target }: Pairs): unknown[][] =>
  itemsOf(source).map((item, i) => [item, itemsOf(target)[i]]);

export const read = (...inputs: [PairsInput] | [PairsInput, PairsInput]): Promise<Pairs> => readPairs(inputs);
