import { rows, type Embeddings } from '@cognate/core';
import type { Bank } from '@cognate/decoders';

/** Things that can be found: `items[i]` lies at row i of `points`. */
export interface Collection<Item> {
  readonly items: readonly Item[];
  readonly points: Embeddings;
}

/** The concepts of a bank that `itemOf` has something for. */
export function collect<Item>(bank: Bank, itemOf: (hexcode: string) => Item | undefined): Collection<Item> {
  const items: Item[] = [];
  const indices: number[] = [];
  bank.items.forEach((hexcode, index) => {
    const item = itemOf(hexcode);
    if (item === undefined) return;
    items.push(item);
    indices.push(index);
  });
  return { items, points: rows(bank.rows, indices) };
}

/** At most `count` rows, evenly spread over all of them. */
export function spread(points: Embeddings, count: number): Embeddings {
  if (points.count <= count) return points;
  return rows(
    points,
    Array.from({ length: count }, (_, i) => Math.floor((i * points.count) / count)),
  );
}
