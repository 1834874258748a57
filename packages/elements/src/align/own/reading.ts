import type { CallOptions } from '@cognate/core';
import type { OwnPairs, SideKind } from './side.ts';

/** What a visitor brings: pasted text, or files. */
export type Brought = string | readonly File[];

/** What the visitor says of a table; what is left out is found out. */
export interface Told {
  /** Whether the first row names the columns. */
  readonly header?: boolean;
  /** Label of the encoding that its letters are written in. */
  readonly encoding?: string;
}

/** A column that can be one side of pairs. */
export interface ReadColumn {
  readonly name: string;
  readonly kind: SideKind;
}

/** What was left out: how much in all, and the first of it, each with its place. */
export interface Troubles {
  readonly count: number;
  readonly listed: readonly { readonly place: string; readonly reason: string }[];
}

/** What the beginning of the visitor's data tells: enough to choose two columns. */
export interface Reading {
  /** What it is, such as a file name. */
  readonly title: string;
  /** Rows in all; not exact where only the beginning was read. */
  readonly rows: { readonly count: number; readonly exact: boolean } | undefined;
  readonly columns: readonly ReadColumn[];
  /** Whether the first row was taken as names; absent where there are no such rows. */
  readonly header: boolean | undefined;
  /** How the letters of a file that is not Unicode were read, and how else they may be meant. */
  readonly encoding?: { readonly used: string; readonly possible: readonly string[] } | undefined;
  /** Positions of the columns to pair, where two suggest themselves. */
  readonly suggestion: { readonly left: number; readonly right: number } | undefined;
  /** The first rows: a text or a picture for each column. */
  readonly preview: readonly (readonly (string | Blob)[])[];
  readonly troubles: Troubles;
  /**
   * All pairs of two columns; rows without either side are left out and told.
   * @throws {CognateError} `invalid-input` when no pair is left; `file-format`. Aborting rejects with `signal.reason`.
   */
  pairs(left: number, right: number, options: CallOptions): Promise<ReadPairs>;
}

/** More pairs are hardly ever worth the wait in a tab. */
export const mostPairs = 20_000;

/** The pairs, and what was left out on the way. */
export interface ReadPairs extends OwnPairs {
  readonly troubles: Troubles;
  /** Rows that there were; more than were taken, where there were very many. */
  readonly of: number;
}
