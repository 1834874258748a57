import type { OwnPairs, Side } from './side.ts';

const key = 'cognate-own-pairs';
/** What browsers keep for a tab is small. */
const mostCharacters = 2_000_000;

/** Keeps pairs of words for a reload of the tab; pictures and vectors are too big to be kept. */
export function remember(pairs: OwnPairs | undefined): void {
  try {
    sessionStorage.removeItem(key);
    if (pairs?.left.kind !== 'text' || pairs.right.kind !== 'text') return;
    const text = JSON.stringify(pairs);
    if (text.length < mostCharacters) sessionStorage.setItem(key, text);
  } catch {
    // A browser that keeps nothing.
  }
}

/** The pairs of words that were trained on before the reload. */
export function remembered(): OwnPairs | undefined {
  try {
    const pairs = JSON.parse(sessionStorage.getItem(key) ?? 'null') as OwnPairs | null;
    return pairs && isTexts(pairs.left) && isTexts(pairs.right) ? pairs : undefined;
  } catch {
    return undefined;
  }
}

function isTexts(side: Side): boolean {
  return side.kind === 'text' && side.texts.every((each) => typeof each === 'string');
}
