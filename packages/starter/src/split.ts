/** Names the split; another seed would be another experiment. */
const seed = 'cognate-split-1';

/**
 * Whether a concept is held out: a fixed tenth that is in no training step of an encoder or an aligner.
 * A hash decides, so that the answer for one concept never depends on which others a data release holds.
 * @param hexcode the concept's key, such as `1F600`.
 */
export function isHeldOut(hexcode: string): boolean {
  return hash(`${seed}:${hexcode}`) % 10 === 0;
}

/**
 * Whether a training concept serves validation: another fixed tenth, for choosing recipes and stopping.
 * Shipped models may train on it once every choice is made; held-out concepts they never see.
 */
export function isValidation(hexcode: string): boolean {
  return hash(`${seed}:${hexcode}`) % 10 === 1;
}

/** FNV-1a, 32 bits, finished by a murmur3 mix, since its low bits alone are poor. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
