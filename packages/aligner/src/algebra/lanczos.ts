import { random } from '@cognate/core';
import type { MatrixLike } from './matrix.ts';

/**
 * The least and the largest eigenvalue of a symmetric matrix, from inside the spectrum and nearer with every round: its
 * ends come first. A round costs a product with one vector.
 * @see Kuczyński and Woźniakowski 1992, Estimating the Largest Eigenvalue by the Power and Lanczos Algorithms with a
 * Random Start.
 */
export function extremeEigenvalues(
  m: MatrixLike,
  rounds: number,
): { readonly least: number; readonly largest: number } {
  const { normal } = random(1);
  let v = Float64Array.from({ length: m.rows }, normal);
  let length = Math.sqrt(dot(v, v));
  let before = new Float64Array(m.rows);
  // The tridiagonal matrix that m is in the basis of the vectors so far.
  const diagonal: number[] = [];
  const beside: number[] = [];
  for (let round = 0; round < Math.min(rounds, m.rows); round++) {
    v = v.map((value) => value / length);
    const image = applied(m, v);
    const along = dot(image, v);
    diagonal.push(along);
    for (let i = 0; i < image.length; i++) image[i]! -= along * v[i]! + (beside.at(-1) ?? 0) * before[i]!;
    length = Math.sqrt(dot(image, image));
    if (length <= 1e-12 * Math.abs(diagonal[0]!)) break; // the vectors so far span all that the start had a share in
    beside.push(length);
    [before, v] = [v, image];
  }
  const negated = diagonal.map((value) => -value);
  return { least: leastEigenvalue(diagonal, beside), largest: -leastEigenvalue(negated, beside) };
}

/** Of the symmetric matrix with this diagonal and these numbers beside it: by bisection. */
function leastEigenvalue(diagonal: readonly number[], beside: readonly number[]): number {
  const reach = 2 * Math.max(0, ...beside);
  let high = Math.min(...diagonal); // no diagonal number is smaller
  let low = high - reach; // no eigenvalue lies farther out (Gershgorin)
  for (let round = 0; round < 50; round++) {
    const middle = (low + high) / 2;
    // Sylvester's law of inertia: as many eigenvalues lie under `middle` as pivots of the shifted matrix are negative.
    let pivot = diagonal[0]! - middle;
    let under = pivot < 0;
    for (let i = 1; i < diagonal.length && !under; i++) {
      pivot = diagonal[i]! - middle - beside[i - 1]! ** 2 / pivot;
      under = pivot < 0;
    }
    if (under) high = middle;
    else low = middle;
  }
  return low;
}

/** m v. Four rows at a time: no sum waits for the one before it. */
function applied({ rows, cols, data }: MatrixLike, v: Float64Array): Float64Array<ArrayBuffer> {
  const out = new Float64Array(rows);
  let i = 0;
  for (; i + 3 < rows; i += 4) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let j = 0, at = i * cols; j < cols; j++, at++) {
      const value = v[j]!;
      a += data[at]! * value;
      b += data[at + cols]! * value;
      c += data[at + 2 * cols]! * value;
      d += data[at + 3 * cols]! * value;
    }
    out[i] = a;
    out[i + 1] = b;
    out[i + 2] = c;
    out[i + 3] = d;
  }
  for (; i < rows; i++) out[i] = dot(v, data.subarray(i * cols, (i + 1) * cols));
  return out;
}

function dot(a: Float64Array, b: MatrixLike['data']): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
