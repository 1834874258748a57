import type { ConceptTexts } from './texts.ts';

/** Names and keywords -> indices of the concepts that carry them, so that no concept counts against its own words. */
export type Carriers = ReadonlyMap<string, readonly number[]>;

export function indexCarriers(concepts: readonly ConceptTexts[]): Carriers {
  const carriers = new Map<string, number[]>();
  concepts.forEach(({ texts }, index) => {
    for (const text of new Set(texts.flatMap(({ name, keywords }) => [name, ...keywords]))) {
      const known = carriers.get(text);
      if (known) known.push(index);
      else carriers.set(text, [index]);
    }
  });
  return carriers;
}

/**
 * Masks for `infoNce`, `[rows, columns]` each, row-major: `positives` is 1 where both views are of one concept,
 * `candidates` is 0 where one view's text is said of the other's concept too.
 * @param concepts index of the concept, per view. @param sources text of each view as it stands in the data.
 */
export function pairMasks(
  carriers: Carriers,
  rows: { readonly concepts: ArrayLike<number>; readonly sources: readonly string[] },
  columns: { readonly concepts: ArrayLike<number>; readonly sources: readonly string[] },
): { positives: Float32Array<ArrayBuffer>; candidates: Float32Array<ArrayBuffer> } {
  const [n, m] = [rows.sources.length, columns.sources.length];
  const candidates = new Float32Array(n * m).fill(1);
  const columnsOf = places(columns.concepts);
  const rowsOf = places(rows.concepts);
  rows.sources.forEach((source, i) => {
    for (const concept of carriers.get(source) ?? [])
      for (const j of columnsOf.get(concept) ?? []) candidates[i * m + j] = 0;
  });
  columns.sources.forEach((source, j) => {
    for (const concept of carriers.get(source) ?? [])
      for (const i of rowsOf.get(concept) ?? []) candidates[i * m + j] = 0;
  });
  const positives = new Float32Array(n * m);
  for (let i = 0; i < n; i++) {
    for (const j of columnsOf.get(rows.concepts[i]!) ?? []) positives[i * m + j] = candidates[i * m + j] = 1;
  }
  return { positives, candidates };
}

function places(concepts: ArrayLike<number>): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (let i = 0; i < concepts.length; i++) {
    const list = found.get(concepts[i]!);
    if (list) list.push(i);
    else found.set(concepts[i]!, [i]);
  }
  return found;
}
