import { connect, type AlignmentSummary, type Cognate } from '@cognate/web-workers';

/** One `Cognate` for each base URL, so that all elements of a page share workers and models. */
const opened = new Map<string, Promise<Cognate>>();
const listeners = new WeakMap<Cognate, Set<() => void>>();

/**
 * The page's shared `Cognate` for `baseUrl`, the folder that holds `workers/`, `ort/` and `starter/`; relative URLs
 * start at the document. Made at the first call; a failed attempt is forgotten, so that the next caller tries again.
 */
export function sharedCognate(baseUrl?: string): Promise<Cognate> {
  const key = baseUrl === undefined ? '' : new URL(baseUrl, document.baseURI).href;
  const known = opened.get(key);
  if (known) return known;
  const made = connect(baseUrl === undefined ? {} : { baseUrl: key });
  opened.set(key, made);
  made.catch(() => opened.delete(key));
  return made;
}

/**
 * Every translator made from now on uses the saved alignment, or the starter's own for `undefined`; elements that share
 * `cognate` start over with it.
 */
export async function useAlignment(
  cognate: Cognate,
  alignment: Uint8Array<ArrayBuffer> | undefined,
): Promise<AlignmentSummary | undefined> {
  const summary = await cognate.use(alignment);
  for (const listener of listeners.get(cognate) ?? []) listener();
  return summary;
}

/** Calls `listener` after each `useAlignment` of this `cognate`. @returns a function that stops it. */
export function onAlignment(cognate: Cognate, listener: () => void): () => void {
  const known = listeners.get(cognate) ?? new Set();
  listeners.set(cognate, known.add(listener));
  return () => known.delete(listener);
}
