import { requireSpace, type Embeddings } from './embeddings.ts';

/**
 * Dot products of every row of `a` with every row of `b`: cosines where both are normalized.
 * @returns `[a.count, b.count]`, row-major.
 * @throws {CognateError} `space-mismatch`.
 */
export function similarity(a: Embeddings, b: Embeddings): Float32Array<ArrayBuffer> {
  requireSpace('similarity()', b.space, a.space);
  return dotProducts(a.data, b.data, a.space.dim);
}

/** `[n, dim]` x `[m, dim]` -> `[n, m]`. Four columns at a time, so that each row of `a` is read once per four dots. */
export function dotProducts(a: Float32Array, b: Float32Array, dim: number): Float32Array<ArrayBuffer> {
  const n = a.length / dim;
  const m = b.length / dim;
  const out = new Float32Array(n * m);
  for (let i = 0; i < n; i++) {
    const x = a.subarray(i * dim, (i + 1) * dim);
    let j = 0;
    for (; j + 4 <= m; j += 4) {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      const b0 = j * dim;
      const b1 = b0 + dim;
      const b2 = b1 + dim;
      const b3 = b2 + dim;
      for (let k = 0; k < dim; k++) {
        const v = x[k]!;
        s0 += v * b[b0 + k]!;
        s1 += v * b[b1 + k]!;
        s2 += v * b[b2 + k]!;
        s3 += v * b[b3 + k]!;
      }
      const at = i * m + j;
      out[at] = s0;
      out[at + 1] = s1;
      out[at + 2] = s2;
      out[at + 3] = s3;
    }
    for (; j < m; j++) {
      let sum = 0;
      for (let k = 0; k < dim; k++) sum += x[k]! * b[j * dim + k]!;
      out[i * m + j] = sum;
    }
  }
  return out;
}

/** Indices of the `k` largest scores, best first; equal scores keep their order. */
export function topK(scores: ArrayLike<number>, k: number): number[] {
  const best: number[] = [];
  const wanted = Math.min(k, scores.length);
  if (wanted === 0) return best;
  for (let i = 0; i < scores.length; i++) {
    if (best.length === wanted && scores[i]! <= scores[best[wanted - 1]!]!) continue;
    let at = best.length;
    while (at > 0 && scores[best[at - 1]!]! < scores[i]!) at--;
    best.splice(at, 0, i);
    if (best.length > wanted) best.pop();
  }
  return best;
}
