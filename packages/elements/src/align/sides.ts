/** What the two sides of an alignment are called. */
export interface Sides {
  readonly source: string;
  readonly target: string;
  /** The side that is drawn warm: pictures, or the visitor's left column. */
  readonly warm: 'source' | 'target';
}

/** Of the starter's alignments, and of whatever else joins the starter's spaces. */
export const starterSides: Sides = { source: 'words', target: 'pictures', warm: 'target' };

/** Of a run that was begun before a reload, with rows that are not known any more. */
export const unknownSides: Sides = { source: 'source', target: 'target', warm: 'source' };

/** As they are drawn: the warm side on the left. */
export function asDrawn({ source, target, warm }: Sides): { readonly left: string; readonly right: string } {
  return warm === 'source' ? { left: source, right: target } : { left: target, right: source };
}
