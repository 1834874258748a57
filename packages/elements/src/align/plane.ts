import { random, yieldTask, type Embeddings } from '@cognate/core';

/** Points of a plane, `[x0, y0, x1, y1, ...]`. */
export type Plane = Float32Array<ArrayBuffer>;

/** Enough for two leading directions that a person can look at. */
const rounds = 24;

/**
 * Paired rows seen from the two directions in which both sides vary most together, the widest first; each side centred,
 * with a root mean square distance of 1. With one side, the two directions in which it varies most by itself.
 */
export async function planes(source: Embeddings, target: Embeddings = source): Promise<[source: Plane, target: Plane]> {
  const { dim } = source.space;
  const [a, b] = [centre(source, dim), centre(target, dim)];
  const first = await leading(a, b, dim, undefined);
  const second = await leading(a, b, dim, first);
  return [onto(a, first, second), onto(b, first, second)];
}

/**
 * Turns, and mirrors where that helps, all of `moving` in place, so that `like` comes to lie as near to `fixed` as it
 * can: a picture that changes should not spin. Orthogonal Procrustes in two dimensions.
 */
export function steady(moving: readonly Plane[], like: Plane, fixed: Plane): void {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < like.length; i += 2) {
    a += like[i]! * fixed[i]!;
    b += like[i]! * fixed[i + 1]!;
    c += like[i + 1]! * fixed[i]!;
    d += like[i + 1]! * fixed[i + 1]!;
  }
  const turned = Math.hypot(a + d, b - c);
  const mirrored = Math.hypot(a - d, b + c);
  const mirror = mirrored > turned;
  const angle = mirror ? Math.atan2(b + c, a - d) : Math.atan2(b - c, a + d);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  for (const plane of moving) {
    for (let i = 0; i < plane.length; i += 2) {
      const x = plane[i]!;
      const y = mirror ? -plane[i + 1]! : plane[i + 1]!;
      plane[i] = cos * x - sin * y;
      plane[i + 1] = sin * x + cos * y;
    }
  }
}

function centre({ data, count }: Embeddings, dim: number): Float32Array<ArrayBuffer> {
  const mean = new Float32Array(dim);
  for (let at = 0; at < data.length; at += dim) for (let k = 0; k < dim; k++) mean[k]! += data[at + k]! / count;
  const out = Float32Array.from(data);
  for (let at = 0; at < out.length; at += dim) for (let k = 0; k < dim; k++) out[at + k]! -= mean[k]!;
  return out;
}

function onto(rows: Float32Array, first: Float32Array, second: Float32Array): Plane {
  const dim = first.length;
  const plane = new Float32Array((rows.length / dim) * 2);
  for (let i = 0; i < plane.length / 2; i++) {
    const row = rows.subarray(i * dim, (i + 1) * dim);
    plane[2 * i] = dot(row, first);
    plane[2 * i + 1] = dot(row, second);
  }
  const square = dot(plane, plane);
  const scale = square > 0 ? Math.sqrt(plane.length / 2 / square) : 0;
  return plane.map((x) => x * scale);
}

/** Leading eigenvector of `aᵀ b + bᵀ a`, orthogonal to `taken`, by power iteration. */
async function leading(
  a: Float32Array,
  b: Float32Array,
  dim: number,
  taken: Float32Array | undefined,
): Promise<Float32Array> {
  const { normal } = random(1);
  let direction = Float32Array.from({ length: dim }, normal);
  for (let round = 0; round < rounds; round++) {
    const next = new Float32Array(dim);
    for (let at = 0; at < a.length; at += dim) {
      const [x, y] = [a.subarray(at, at + dim), b.subarray(at, at + dim)];
      const [alongX, alongY] = [dot(x, direction), dot(y, direction)];
      for (let k = 0; k < dim; k++) next[k]! += alongX * y[k]! + alongY * x[k]!;
    }
    if (taken) {
      const along = dot(next, taken);
      for (let k = 0; k < dim; k++) next[k]! -= along * taken[k]!;
    }
    const length = Math.sqrt(dot(next, next)) || 1;
    direction = next.map((x) => x / length);
    // A round takes under a millisecond, but all of them on a busy machine would be felt.
    if (round % 4 === 3) await yieldTask();
  }
  return direction;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
