import type { Breathe } from '@cognate/core';
import { add, matrix, multiply, rowRange, type MatrixLike, type Multiply } from './matrix.ts';

/** Multiply-adds between two breaths: about 20 ms. */
const sliceSize = 5e7;

/** `multiply()` in slices, with room to breathe between them. */
export function slicedMultiply(breathe: Breathe, size = sliceSize): Multiply {
  return async (a, b, transpose) => {
    const cols = transpose === 'b' ? b.rows : b.cols;
    const rows = Math.max(16, Math.floor(size / (a.cols * cols)));
    const slice = (m: MatrixLike, at: number): MatrixLike => rowRange(m, at, Math.min(m.rows, at + rows));
    const out = matrix(transpose === 'a' ? a.cols : a.rows, cols);
    for (let at = 0; at < a.rows; at += rows) {
      // Slices of rows follow one another in the result, or add up in it where rows are summed over.
      if (transpose === 'a') add(out, multiply(slice(a, at), slice(b, at), 'a'));
      else out.data.set(multiply(slice(a, at), b, transpose).data, at * cols);
      await breathe();
    }
    return out;
  };
}
