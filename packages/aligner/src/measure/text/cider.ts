import { nGrams, words } from './n-grams.ts';
import { requireReferences } from './require-references.ts';

/** Longest run of words. */
const order = 4;

/** Standard deviation of the penalty for length. */
const sigma = 6;

/** Weights of the word runs of one text, by order. */
interface Vector {
  readonly weights: readonly ReadonlyMap<string, number>[];
  readonly norms: readonly number[];
  /** Number of word pairs, which stands for the length. */
  readonly length: number;
}

/**
 * CIDEr-D: how alike captions and references are in word runs of 1 to 4, where runs that occur with many pictures count
 * little. 0 to 10; people reach about 0.85 to 1 with the references of COCO. How common a run is comes from the
 * references given here, so that scores of other sets, and of few pictures, do not compare.
 * @param captions one per picture. @param references for each picture its references, at least one.
 * @param tokenize lower-case words without punctuation unless told, which equals the usual tokenizer on plain English.
 * @returns the mean, and the score of each picture.
 * @throws {CognateError} `shape-mismatch`, `invalid-input`.
 * @see Vedantam et al. 2015, CIDEr: Consensus-based Image Description Evaluation, arXiv:1411.5726. As in the reference
 * implementation, the difference in length is one in word pairs.
 */
export function ciderD(
  captions: readonly string[],
  references: readonly (readonly string[])[],
  tokenize: (text: string) => string[] = plainWords,
): { readonly mean: number; readonly scores: readonly number[] } {
  requireReferences('ciderD()', captions, references);
  const split = references.map((each) => each.map(tokenize));
  const pictures = new Map<string, number>();
  for (const each of split) {
    const grams = new Set(each.flatMap((tokens) => orders(tokens).flatMap((counts) => [...counts.keys()])));
    for (const gram of grams) pictures.set(gram, (pictures.get(gram) ?? 0) + 1);
  }
  const rarity = (gram: string): number => Math.log(captions.length) - Math.log(Math.max(1, pictures.get(gram) ?? 0));
  const scores = captions.map((caption, i) => {
    const vector = vectorOf(tokenize(caption), rarity);
    const fits = split[i]!.map((tokens) => likeness(vector, vectorOf(tokens, rarity)));
    return (10 * fits.reduce((sum, fit) => sum + fit, 0)) / fits.length;
  });
  return { mean: scores.reduce((sum, score) => sum + score, 0) / scores.length, scores };
}

function plainWords(text: string): string[] {
  return words(text.toLowerCase().replace(/[^\p{L}\p{M}\p{N}'\s-]/gu, ' '));
}

function orders(tokens: readonly string[]): Map<string, number>[] {
  return Array.from({ length: order }, (_, n) => nGrams(tokens, n + 1));
}

function vectorOf(tokens: readonly string[], rarity: (gram: string) => number): Vector {
  const weights = orders(tokens).map((counts) => new Map([...counts].map(([gram, n]) => [gram, n * rarity(gram)])));
  const norms = weights.map((each) => Math.hypot(...each.values()));
  return { weights, norms, length: Math.max(0, tokens.length - 1) };
}

/** Mean over the orders of a cosine in which the caption gains nothing by repeating itself. */
function likeness(caption: Vector, reference: Vector): number {
  let sum = 0;
  for (let n = 0; n < order; n++) {
    const norm = caption.norms[n]! * reference.norms[n]!;
    if (norm === 0) continue;
    for (const [gram, weight] of caption.weights[n]!) {
      const known = reference.weights[n]!.get(gram) ?? 0;
      sum += (Math.min(weight, known) * known) / norm;
    }
  }
  return (sum / order) * Math.exp(-((caption.length - reference.length) ** 2) / (2 * sigma ** 2));
}
