/** One measured figure of `npm run evaluate`. Fractions are 0 to 1. */
export interface Row {
  /** Such as `en-de.heldout.r1`. */
  readonly id: string;
  readonly value: number;
  readonly unit: string;
  /** What a simpler way reaches. */
  readonly baseline?: number;
  /** What guessing reaches. */
  readonly chance?: number;
  /** Number of queries. */
  readonly n?: number;
  readonly note?: string;
}
