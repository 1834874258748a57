import { random, yieldTask, type Embeddings } from '@cognate/core';

/** Points of a plane, `[x0, y0, x1, y1, ...]`. */
export type Plane = Float32Array<ArrayBuffer>;

/** Enough for two leading directions that a person can look at. */
const rounds = 24;

/**
 * Rows seen from the two directions in which they vary most, centred, with a root mean square distance of 1.
 * @param batches seen together, each centred on its own mean: one plane for all.
 */
export async function planes(batches: readonly Embeddings[]): Promise<Plane[]> {
  const dim = batches[0]?.space.dim ?? 0;
  const centred = batches.map(({ data, count }) => centre(data, count, dim));
  const first = await leading(centred, dim, undefined);
  const second = await leading(centred, dim, first);
  const out = centred.map((data) => {
    const plane = new Float32Array((data.length / dim) * 2);
    for (let i = 0; i < plane.length / 2; i++) {
      const row = data.subarray(i * dim, (i + 1) * dim);
      plane[2 * i] = dot(row, first);
      plane[2 * i + 1] = dot(row, second);
    }
    return plane;
  });
  const squares = out.reduce((sum, plane) => sum + dot(plane, plane), 0);
  const count = out.reduce((sum, plane) => sum + plane.length / 2, 0);
  const scale = squares > 0 ? Math.sqrt(count / squares) : 0;
  for (const plane of out) for (let i = 0; i < plane.length; i++) plane[i]! *= scale;
  return out;
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

function centre(data: Float32Array, count: number, dim: number): Float32Array<ArrayBuffer> {
  const mean = new Float32Array(dim);
  for (let i = 0; i < data.length; i++) mean[i % dim]! += data[i]! / count;
  return Float32Array.from(data, (x, i) => x - mean[i % dim]!);
}

/** The direction of most variance, orthogonal to `taken`, by power iteration. */
async function leading(
  batches: readonly Float32Array[],
  dim: number,
  taken: Float32Array | undefined,
): Promise<Float32Array> {
  const { normal } = random(1);
  let direction = Float32Array.from({ length: dim }, normal);
  for (let round = 0; round < rounds; round++) {
    const next = new Float32Array(dim);
    for (const data of batches) {
      for (let at = 0; at < data.length; at += dim) {
        const row = data.subarray(at, at + dim);
        const along = dot(row, direction);
        for (let k = 0; k < dim; k++) next[k]! += along * row[k]!;
      }
    }
    if (taken) {
      const along = dot(next, taken);
      for (let k = 0; k < dim; k++) next[k]! -= along * taken[k]!;
    }
    const length = Math.sqrt(dot(next, next)) || 1;
    direction = next.map((x) => x / length);
    // Under a millisecond a round, but twenty rounds on a busy machine would be felt.
    await yieldTask();
  }
  return direction;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
