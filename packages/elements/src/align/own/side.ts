import { rows, type Embeddings } from '@cognate/core';

/** A picture that is read when it is needed. */
export interface PictureFile {
  readonly name: string;
  blob(): Promise<Blob>;
}

/** One side of the visitor's pairs: row i of one side belongs to row i of the other. */
export type Side =
  | { readonly kind: 'text'; readonly name: string; readonly texts: readonly string[] }
  | { readonly kind: 'picture'; readonly name: string; readonly pictures: readonly PictureFile[] }
  | { readonly kind: 'vector'; readonly name: string; readonly points: Embeddings };

export type SideKind = Side['kind'];

/** What the visitor wants to have aligned. */
export interface OwnPairs {
  readonly left: Side;
  readonly right: Side;
}

/** Left or right, as a visitor has brought them. */
export type Way = keyof OwnPairs;

export const across = { left: 'right', right: 'left' } as const;

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
  switch (side.kind) {
    case 'text':
      return side.texts[row] ?? '';
    case 'picture':
      return (side.pictures[row]?.name ?? '').replace(/^.*\//, '').replace(/\.\w+$/, '');
    case 'vector':
      return `row ${row + 1}`;
  }
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
    return { ...side, pictures: [...side.pictures, ...more.pictures] };
  }
  if (side.kind === 'vector' && more.kind === 'vector') {
    const data = new Float32Array(side.points.data.length + more.points.data.length);
    data.set(side.points.data);
    data.set(more.points.data, side.points.data.length);
    const normalized = side.points.space.normalized && more.points.space.normalized;
    const space = { ...side.points.space, normalized };
    return { ...side, points: { space, count: side.points.count + more.points.count, data } };
  }
  throw new TypeError('joined() needs two sides of one kind');
}

/** `side` without the rows in `dropped`. */
export function without(side: Side, dropped: ReadonlySet<number>): Side {
  if (dropped.size === 0) return side;
  const all = Array.from({ length: countOf(side) }, (_, row) => row);
  return picked(
    side,
    all.filter((row) => !dropped.has(row)),
  );
}

/** At most `most` rows of `side`, taken evenly. */
export function thinned(side: Side, most: number): Side {
  const count = countOf(side);
  if (count <= most) return side;
  return picked(
    side,
    Array.from({ length: most }, (_, i) => Math.floor((i * count) / most)),
  );
}

function picked(side: Side, indices: readonly number[]): Side {
  switch (side.kind) {
    case 'text':
      return { ...side, texts: indices.map((row) => side.texts[row]!) };
    case 'picture':
      return { ...side, pictures: indices.map((row) => side.pictures[row]!) };
    case 'vector':
      return { ...side, points: rows(side.points, indices) };
  }
}
