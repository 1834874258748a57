import type { Breathe } from './breathe.ts';
import { frobenius, matrix, multiply, type Matrix, type Multiply } from './matrix.ts';

/**
 * The orthogonal polar factor U Vᵀ of `m = U Σ Vᵀ`, the nearest matrix with orthonormal columns (or rows, where there
 * are fewer of them). Needs products only: the singular values are driven to 1 by x <- x (3 - x²) / 2, stretched at
 * first so that small ones grow by 2.6 a step.
 *
 * Singular values under 1e-6 of the largest count as absent: their directions are left out (shrunk towards 0) rather
 * than filled with noise, so that a rank-deficient `m` gives the partial isometry on its range.
 * @param m `[rows, cols]`.
 * @see Higham 2008, Functions of Matrices, chapter 8; Chen and Chow 2014, A Stable Scaling of Newton-Schulz for
 * Improving the Sign Function Computation, for the stretch.
 */
export async function polar(m: Matrix, times: Multiply, breathe: Breathe): Promise<Matrix> {
  const wide = m.cols > m.rows;
  const norm = spectralNorm(m);
  if (norm === 0) return matrix(m.rows, m.cols);
  let x = matrix(
    m.rows,
    m.cols,
    m.data.map((value) => value / norm),
  );
  // Lower bound of the singular values that matter; it rises with them.
  let low = 1e-6;
  for (let step = 0; step < 40; step++) {
    const stretch = low < 0.99 ? Math.sqrt(3 / (1 + low + low * low)) : 1;
    const gram = await times(x, x, wide ? 'b' : 'a');
    const { data } = await (wide ? times(gram, x) : times(x, gram));
    const linear = 1.5 * stretch;
    const cubic = 0.5 * stretch ** 3;
    let change = 0;
    for (let i = 0; i < data.length; i++) {
      const next = linear * x.data[i]! - cubic * data[i]!;
      change += (next - x.data[i]!) ** 2;
      data[i] = next;
    }
    x = matrix(m.rows, m.cols, data);
    low = Math.min(1, linear * low - cubic * low ** 3);
    if (stretch === 1 && change < 1e-12 * Math.min(m.rows, m.cols)) break;
    await breathe();
  }
  return x;
}

/** The largest singular value from above, to a per cent or so: power iteration, never more than the Frobenius norm. */
function spectralNorm(m: Matrix): number {
  const upper = frobenius(m);
  if (upper === 0) return 0;
  // The row of largest norm is never orthogonal to the leading direction in practice, and needs no randomness.
  let best = 0;
  let v = matrix(1, m.cols);
  for (let i = 0; i < m.rows; i++) {
    const row = matrix(1, m.cols, m.data.slice(i * m.cols, (i + 1) * m.cols));
    const size = frobenius(row);
    if (size > best) [best, v] = [size, row];
  }
  let norm = 0;
  for (let round = 0; round < 12; round++) {
    const length = frobenius(v);
    v = multiply(multiply(scale(v, 1 / length), m, 'b'), m);
    norm = Math.sqrt(frobenius(v));
  }
  return Math.min(upper, 1.02 * norm);
}

function scale(m: Matrix, factor: number): Matrix {
  return matrix(
    m.rows,
    m.cols,
    m.data.map((value) => value * factor),
  );
}
