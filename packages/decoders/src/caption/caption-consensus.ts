import type { Consensus, Origin } from '../hybrid/decode-hybrid.ts';
import { textLikeness } from '../hybrid/text-likeness.ts';
import type { WrittenText } from './captioner.ts';

// Chosen on validation concepts, by points of an encoder that had not been trained on them: the captioner's card has the
// figures.

/** What the candidates for a caption are made of. */
export const captionOrigins: readonly Origin[] = [
  'point',
  'memory',
  ...Array.from({ length: 5 }, () => 'known' as const),
];

/** Of the memory that is asked for them: inverse temperature of the known points' weights in their mix. */
export const captionSharpness = 30;

/** From this probability on the captioner's own word for a point stands. */
const sureFrom = Math.log(0.9);

/**
 * How candidates for a caption agree, for `decodeHybrid()`. A captioner that has not seen how an alignment errs is not to be
 * believed when it is sure of an aligned point.
 */
export function captionConsensus({ aligned }: { readonly aligned: boolean }): Consensus<WrittenText> {
  return {
    likeness: (written, meant) => textLikeness(written.text, meant.text),
    isSure: ({ logProbability }) => !aligned && logProbability >= sureFrom,
    // Little: of concepts never seen, the nearest is hardly likelier than the next.
    sharpness: 10,
  };
}
