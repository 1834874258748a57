import type { Embeddings } from '@cognate/core';
import type { Sample } from '../../report/suspects-view.ts';

/** One side of the visitor's pairs: row i of one side belongs to row i of the other. */
export type Side =
  | { readonly kind: 'text'; readonly name: string; readonly texts: readonly string[] }
  | {
      readonly kind: 'picture';
      readonly name: string;
      readonly pictures: readonly Blob[];
      /** What to call each picture. */
      readonly labels: readonly string[];
    }
  | {
      readonly kind: 'vector';
      readonly name: string;
      readonly points: Embeddings;
      /** What the rows stand for, where the file tells. */
      readonly labels?: readonly string[] | undefined;
    };

export type SideKind = Side['kind'];

/** What the visitor wants to have aligned. */
export interface OwnPairs {
  readonly left: Side;
  readonly right: Side;
}

export function countOf(side: Side): number {
  switch (side.kind) {
    case 'text':
      return side.texts.length;
    case 'picture':
      return side.pictures.length;
    case 'vector':
      return side.points.count;
  }
}

/** What to call row `row`, in words. */
export function labelOf(side: Side, row: number): string {
  const label = side.kind === 'text' ? side.texts[row] : side.labels?.[row];
  return label ?? `row ${row + 1}`;
}

/** True when rows of both can stand in one list: one kind, and for vectors one length. */
export function sameKind(a: Side, b: Side): boolean {
  if (a.kind === 'vector' && b.kind === 'vector') return a.points.space.dim === b.points.space.dim;
  return a.kind === b.kind;
}

/** `side` with the rows of `more` after its own. Both are of one kind. */
export function joined(side: Side, more: Side): Side {
  if (side.kind === 'text' && more.kind === 'text') return { ...side, texts: [...side.texts, ...more.texts] };
  if (side.kind === 'picture' && more.kind === 'picture') {
    return {
      ...side,
      pictures: [...side.pictures, ...more.pictures],
      labels: [...side.labels, ...more.labels],
    };
  }
  if (side.kind === 'vector' && more.kind === 'vector') {
    const data = new Float32Array(side.points.data.length + more.points.data.length);
    data.set(side.points.data);
    data.set(more.points.data, side.points.data.length);
    const count = side.points.count + more.points.count;
    const names = (of: typeof side): readonly string[] =>
      Array.from({ length: of.points.count }, (_, i) => labelOf(of, i));
    return {
      ...side,
      points: { ...side.points, count, data },
      labels: side.labels || more.labels ? [...names(side), ...names(more)] : undefined,
    };
  }
  throw new TypeError('joined() needs two sides of one kind');
}

/** `side` without the rows in `dropped`. */
export function without(side: Side, dropped: ReadonlySet<number>): Side {
  if (dropped.size === 0) return side;
  const keep = <T>(items: readonly T[]): T[] => items.filter((_, row) => !dropped.has(row));
  switch (side.kind) {
    case 'text':
      return { ...side, texts: keep(side.texts) };
    case 'picture':
      return { ...side, pictures: keep(side.pictures), labels: keep(side.labels) };
    case 'vector': {
      const { space, count } = side.points;
      const kept = keep(Array.from({ length: count }, (_, row) => row));
      const data = new Float32Array(kept.length * space.dim);
      for (const [i, row] of kept.entries()) {
        data.set(side.points.data.subarray(row * space.dim, (row + 1) * space.dim), i * space.dim);
      }
      return { ...side, points: { space, count: kept.length, data }, labels: side.labels && keep(side.labels) };
    }
  }
}

/** Shows rows of a side; pictures by addresses that live as long as the page needs them. */
export class SideSamples {
  readonly #side: Side;
  readonly #urls = new Map<number, string>();

  constructor(side: Side) {
    this.#side = side;
  }

  at(row: number): Sample | undefined {
    const side = this.#side;
    if (row >= countOf(side)) return undefined;
    const picture = side.kind === 'picture' ? side.pictures[row] : undefined;
    if (!picture) return labelOf(side, row);
    let url = this.#urls.get(row);
    if (!url) this.#urls.set(row, (url = URL.createObjectURL(picture)));
    return { url, name: labelOf(side, row) };
  }

  /** Lets go of the pictures on show. */
  clear(): void {
    for (const url of this.#urls.values()) URL.revokeObjectURL(url);
    this.#urls.clear();
  }
}
