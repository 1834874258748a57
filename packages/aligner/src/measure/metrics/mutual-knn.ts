import { random, topK, type Embeddings } from '@cognate/core';
import { multiply, type Matrix } from '../../algebra/matrix.ts';
import { centred } from '../../pairs.ts';
import { requireCount, requirePaired } from '../checks.ts';

/**
 * Share of the `k` nearest neighbours, by cosine of rows around their mean, that both sides agree on: 0 to 1,
 * k / (count - 1) by chance. Dimensions may differ. Of fewer rows than k + 1, all others are neighbours.
 * Differs from the paper, which leaves rows where they are.
 * @param x `[count, from]`, at least 3 rows. @param y `[count, to]`.
 * @throws {CognateError} `shape-mismatch`, `invalid-input`.
 * @see Huh et al. 2024, The Platonic Representation Hypothesis, arXiv:2405.07987.
 */
export function mutualKnn(x: Embeddings, y: Embeddings, k = 10): number {
  requirePaired('mutualKnn()', x, y, 3);
  requireCount('mutualKnn()', 'k', k);
  const near = Math.min(k, x.count - 1);
  const [a, b] = [centred(x), centred(y)];
  return sharedNeighbours(nearestOf(multiply(a, a, 'b'), near, 1), nearestOf(multiply(b, b, 'b'), near, 2), near);
}

/**
 * The `k` other rows that score highest in each line of a square matrix: `[count, k]`.
 * @param seed of the order that decides between equals. Two sides need two: where whole classes of rows are the same, one
 * order for both would make neighbours agree that have nothing to do with each other.
 */
export function nearestOf({ rows, data }: Matrix, k: number, seed: number): Int32Array<ArrayBuffer> {
  const order = random(seed).permutation(rows);
  const out = new Int32Array(rows * k);
  const line = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < rows; j++) line[j] = order[j] === i ? -Infinity : data[i * rows + order[j]!]!;
    out.set(
      topK(line, k).map((j) => order[j]!),
      i * k,
    );
  }
  return out;
}

/**
 * @param x `[count, k]` neighbours. @param y `[count, k]`.
 * @param order `[count]`: row i of x is taken to belong to row `order[i]` of y; itself when absent.
 */
export function sharedNeighbours(x: Int32Array, y: Int32Array, k: number, order?: ArrayLike<number>): number {
  const count = x.length / k;
  const marked = new Int32Array(count).fill(-1);
  let shared = 0;
  for (let i = 0; i < count; i++) {
    const partner = order ? order[i]! : i;
    for (let t = 0; t < k; t++) marked[y[partner * k + t]!] = i;
    for (let t = 0; t < k; t++) {
      const neighbour = x[i * k + t]!;
      if (marked[order ? order[neighbour]! : neighbour] === i) shared++;
    }
  }
  return shared / (count * k);
}
