import type { CognateError } from '@cognate/core';

/** A control that the visitor moved; never sent for what a page sets by itself. */
export type Change =
  | { readonly property: 'language' | 'style' | 'phrase'; readonly value: string }
  | { readonly property: 'languages'; readonly value: readonly string[] }
  | { readonly property: 'picture'; readonly value: string };

/** Something went wrong, and the element says so in a sentence. */
export interface Failure {
  /** A `CognateError` wherever the cause is known. */
  readonly error: CognateError | Error;
}

declare global {
  interface HTMLElementEventMap {
    'cognate-change': CustomEvent<Change>;
    'cognate-error': CustomEvent<Failure>;
  }
}
