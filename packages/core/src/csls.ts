import type { Embeddings } from './embeddings.ts';
import { dotProducts, topK } from './similarity.ts';

/**
 * Mean cosine of each row of `points` to its `k` nearest rows of `bank`: how crowded its neighbourhood on the other
 * side is. Hubs, which are near to everything, get a high value.
 * @returns `[points.count]`.
 */
export function neighbourhood(points: Embeddings, bank: Embeddings, k = 10): Float32Array<ArrayBuffer> {
  const out = new Float32Array(points.count);
  const { dim } = points.space;
  for (let i = 0; i < points.count; i++) {
    const cosines = dotProducts(points.data.subarray(i * dim, (i + 1) * dim), bank.data, dim);
    const nearest = topK(cosines, k);
    out[i] = nearest.reduce((sum, j) => sum + cosines[j]!, 0) / Math.max(1, nearest.length);
  }
  return out;
}

/**
 * Cross-domain similarity local scaling: 2 cos(x, y) - r(x) - r(y), which takes from hubs what they win unfairly.
 * @param cosines `[n, m]`, row-major: rows are queries, columns the bank; overwritten.
 * @param queryCrowding `[n]`, from `neighbourhood(queries, bank)`.
 * @param bankCrowding `[m]`, from `neighbourhood(bank, queries)`, or against stored rows of the query side, which keeps
 * single queries independent of one another.
 * @returns `cosines`.
 * @see Conneau et al. 2018, Word Translation Without Parallel Data, arXiv:1710.04087, equation 3.
 */
export function csls<Scores extends Float32Array>(
  cosines: Scores,
  queryCrowding: ArrayLike<number>,
  bankCrowding: ArrayLike<number>,
): Scores {
  const m = bankCrowding.length;
  for (let i = 0; i < queryCrowding.length; i++) {
    for (let j = 0; j < m; j++) {
      cosines[i * m + j] = 2 * cosines[i * m + j]! - queryCrowding[i]! - bankCrowding[j]!;
    }
  }
  return cosines;
}
