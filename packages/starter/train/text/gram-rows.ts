import { fillersOf } from './fillers.ts';
import { gramBuckets, type GramScheme } from './grams.ts';
import { languages } from './languages.ts';
import type { ConceptTexts } from './texts.ts';
import { unknownId, type Tokenizer } from './tokenizer.ts';

/** Which runs of characters have a row of the embedding table. */
export interface GramRows {
  readonly scheme: GramScheme;
  /** Rows of the table, row 0 included, which belongs to all runs without one and stays zero. */
  readonly count: number;
  /** `[buckets]`: row of each bucket, 0 for most. */
  readonly rowOf: Int16Array<ArrayBuffer>;
}

/**
 * Gives a row to every single character of the tokenizer, the unknown one included, so that no text is without any, and
 * to the buckets that most concepts share, two at least, until `count` rows are given. Filler words count as shared.
 */
export function chooseGramRows(
  concepts: readonly ConceptTexts[],
  tokenizer: Tokenizer,
  scheme: GramScheme,
  count: number,
): GramRows {
  const shared = new Int32Array(scheme.buckets);
  for (const { texts } of concepts) {
    const own = new Set<number>();
    for (const { name, keywords } of texts) {
      for (const text of [name, ...keywords]) {
        for (const bucket of gramBuckets(tokenizer.encode(text), scheme)) own.add(bucket);
      }
    }
    for (const bucket of own) shared[bucket]!++;
  }
  for (const language of languages) {
    const all = fillersOf(language).flatMap((word) => gramBuckets(tokenizer.encode(word), scheme));
    for (const bucket of new Set(all)) shared[bucket]! += 2;
  }
  const single = [...tokenizer.vocabulary.keys()].filter((id) => id >= unknownId);
  const common = [...shared.keys()].filter((bucket) => shared[bucket]! >= 2);
  common.sort((a, b) => shared[b]! - shared[a]! || a - b);
  const chosen = new Set([...single.flatMap((id) => gramBuckets([id], scheme)), ...common]);
  const rowOf = new Int16Array(scheme.buckets);
  let rows = 1;
  for (const bucket of chosen) {
    if (rows === count) break;
    rowOf[bucket] = rows++;
  }
  return { scheme, count: rows, rowOf };
}

/** Rows of a text, with repetition; empty for a text of separators alone. */
export function gramRowsOf(ids: ArrayLike<number>, { scheme, rowOf }: GramRows): number[] {
  return gramBuckets(ids, scheme).flatMap((bucket) => rowOf[bucket] || []);
}
