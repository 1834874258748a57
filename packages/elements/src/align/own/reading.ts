import type { CallOptions } from '@cognate/core';
import type { Sample } from '../../report/suspects-view.ts';
import type { OwnPairs, SideKind } from './side.ts';

/** A column that can be one side of pairs. */
export interface ReadColumn {
  readonly name: string;
  readonly kind: SideKind;
}

/** Something that was left out, with the place where it stands. */
export interface Trouble {
  /** Such as `line 12` or `cats/7.png`. */
  readonly place: string;
  readonly reason: string;
}

/** What was left out: how much in all, and the first of it. */
export interface Troubles {
  readonly count: number;
  readonly listed: readonly Trouble[];
}

/** What the beginning of the visitor's data tells: enough to choose two columns. */
export interface Reading {
  /** What it is, such as a file name. */
  readonly title: string;
  /** Rows in all; not exact where only the beginning was read. */
  readonly rows: { readonly count: number; readonly exact: boolean } | undefined;
  readonly columns: readonly ReadColumn[];
  /** Positions of the columns to pair, where two suggest themselves. */
  readonly suggestion: { readonly left: number; readonly right: number } | undefined;
  /** The first rows: a sample for each column. */
  readonly preview: readonly (readonly (Sample | undefined)[])[];
  readonly troubles: Troubles;
  /**
   * All pairs of two columns; rows without either side are left out and told.
   * @throws {CognateError} `invalid-input` when no pair is left; `file-format`. Aborting rejects with `signal.reason`.
   */
  pairs(left: number, right: number, options: CallOptions): Promise<ReadPairs>;
}

/** The pairs, and what was left out on the way. */
export interface ReadPairs extends OwnPairs {
  readonly troubles: Troubles;
  /** True when there were more rows than are taken. */
  readonly cut: boolean;
}

/** More are hardly ever worth the wait in a tab. */
export const mostPairs = 20_000;
