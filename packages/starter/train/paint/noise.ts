import { random, type Random } from '@cognate/core';

/** A pool of normal numbers, of which pieces are taken at random places: drawing each anew would take longer than a step. */
const pool = ((): Float32Array<ArrayBuffer> => {
  const draw = random(77);
  return Float32Array.from({ length: 1 << 21 }, () => draw.normal());
})();

/** `count` normal numbers of variance 1, copied. */
export function normals(draw: Random, count: number): Float32Array<ArrayBuffer> {
  const start = draw.below(pool.length - count);
  return pool.slice(start, start + count);
}
