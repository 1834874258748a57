import { requireSameLength } from '../checks.ts';

/**
 * The point at `t` (0 to 1) of the great circle from `a` to `b`: keeps the length of rows that lie on a sphere, where a
 * straight line passes through its inside. Falls back on the straight line where the directions coincide or oppose.
 * @param a `[dim]`. @param b `[dim]`.
 * @throws {CognateError} `shape-mismatch`.
 * @see Shoemake 1985, Animating Rotation with Quaternion Curves; White 2016, Sampling Generative Networks,
 * arXiv:1609.04468.
 */
export function slerp(a: ArrayLike<number>, b: ArrayLike<number>, t: number): Float32Array<ArrayBuffer> {
  requireSameLength('slerp()', 'numbers in both points', a.length, b.length);
  let [dot, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    dot += a[i]! * b[i]!;
    aa += a[i]! ** 2;
    bb += b[i]! ** 2;
  }
  const angle = aa > 0 && bb > 0 ? Math.acos(Math.max(-1, Math.min(1, dot / Math.sqrt(aa * bb)))) : 0;
  const sine = Math.sin(angle);
  const [from, to] = sine > 1e-6 ? [Math.sin((1 - t) * angle) / sine, Math.sin(t * angle) / sine] : [1 - t, t];
  return Float32Array.from({ length: a.length }, (_, i) => from * a[i]! + to * b[i]!);
}
