/** One number that a benchmark has measured. */
export interface Row {
  /** What and in which unit, such as `search-100k.ms`. */
  readonly id: string;
  readonly value: number;
  readonly unit: string;
  /** What the value is to be compared with: a peer's of the same run, or what it must not exceed. */
  readonly baseline?: number;
  /** Samples behind the value, or rows that were worked on. */
  readonly n: number;
  readonly note?: string;
}
