import { CognateError, type Embeddings } from '@cognate/core';

/**
 * The point on the way from `a` to `b` along the sphere: at 0 it is `a`, at 1 `b`. One row each, of the same space; only
 * their direction counts.
 * @throws {CognateError} `space-mismatch` for points of two spaces; `shape-mismatch` for anything but one row.
 * @see Shoemake 1985, Animating rotation with quaternion curves.
 */
export function between(a: Embeddings, b: Embeddings, share: number): Embeddings {
  if (a.space.id !== b.space.id)
    throw new CognateError('space-mismatch', `between() needs one space, got ${a.space.id} and ${b.space.id}`);
  if (a.count !== 1 || b.count !== 1)
    throw new CognateError('shape-mismatch', `between() needs one row each, got ${a.count} and ${b.count}`);
  const [from, to] = [unit(a.data), unit(b.data)];
  const angle = Math.acos(Math.min(1, Math.max(-1, dot(from, to))));
  // Points that are all but the same, or opposite, have no way to speak of: straight through is as good.
  const sine = Math.sin(angle);
  const [left, right] =
    sine < 1e-4 ? [1 - share, share] : [Math.sin((1 - share) * angle) / sine, Math.sin(share * angle) / sine];
  return { space: a.space, count: 1, data: from.map((value, i) => left * value + right * to[i]!) };
}

function unit(row: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const length = Math.sqrt(dot(row, row)) || 1;
  return row.map((value) => value / length);
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
