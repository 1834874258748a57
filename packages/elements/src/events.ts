import type { CognateError } from '@cognate/core';
import type { Caption, Painting } from '@cognate/web-workers';

/** A control that the visitor moved; never sent for what a page sets by itself. */
export type Change =
  | { readonly property: 'language' | 'style' | 'phrase' | 'seed'; readonly value: string }
  | { readonly property: 'languages'; readonly value: readonly string[] }
  | { readonly property: 'picture'; readonly value: string };

/** Texts that were written for the input on show: the best first, language by language. */
export interface Written {
  readonly captions: readonly Caption[];
}

/** Pictures that were painted for the input on show: the best first, style by style. */
export interface Painted {
  readonly paintings: readonly Painting[];
}

/** Something went wrong, and the element says so in a sentence. */
export interface Failure {
  /** A `CognateError` wherever the cause is known. */
  readonly error: CognateError | Error;
}

declare global {
  interface HTMLElementEventMap {
    'cognate-change': CustomEvent<Change>;
    'cognate-error': CustomEvent<Failure>;
    'cognate-painted': CustomEvent<Painted>;
    'cognate-written': CustomEvent<Written>;
  }
}
