import { CognateError } from '@cognate/core';

/**
 * How well a caption fits its picture, 0 to 2.5. Honest only with an encoder that had no part in making the caption.
 * @param cosine of the picture's and the caption's embedding, -1 to 1.
 * @throws {CognateError} `invalid-input` for a number that is no cosine.
 * @see Hessel et al. 2021, CLIPScore, arXiv:2104.08718.
 */
export function clipScore(cosine: number): number {
  return 2.5 * Math.max(0, cosineOf('clipScore()', cosine));
}

/**
 * Harmonic mean of `clipScore()` and the caption's largest cosine with a reference caption.
 * @param cosine of the picture and the caption. @param references cosines of the caption with each reference.
 * @throws {CognateError} `invalid-input` without references, or for a number that is no cosine.
 */
export function refClipScore(cosine: number, references: ArrayLike<number>): number {
  if (references.length === 0) {
    throw new CognateError('invalid-input', 'refClipScore() needs at least one reference, got none');
  }
  const fits = clipScore(cosine);
  let nearest = 0;
  for (let i = 0; i < references.length; i++) nearest = Math.max(nearest, cosineOf('refClipScore()', references[i]!));
  return fits > 0 && nearest > 0 ? (2 * fits * nearest) / (fits + nearest) : 0;
}

function cosineOf(call: string, value: number): number {
  if (Math.abs(value) <= 1 + 1e-5) return value;
  throw new CognateError('invalid-input', `${call} needs a cosine from -1 to 1, got ${value}`);
}
