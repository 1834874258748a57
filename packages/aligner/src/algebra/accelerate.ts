import { np, type DeviceArray } from '@cognate/nn';
import type { Breathe } from './breathe.ts';
import { matrix, type MatrixLike, type Multiply } from './matrix.ts';
import { slicedMultiply } from './slices.ts';

/** Multiply-adds under which moving the numbers to the engine costs more than computing here. */
const worthwhile = 2 ** 24;

/**
 * Large products on the training engine's threads, small ones here. The engine computes in single precision, which is
 * the precision that rows come in: results differ from double precision by about 1e-6 of the largest entry.
 * `startEngine()` must have been called.
 */
export function engineMultiply(breathe: Breathe): Multiply {
  const here = slicedMultiply(breathe);
  return async (a, b, transpose) => {
    const inner = transpose === 'a' ? a.rows : a.cols;
    const [n, m] = [transpose === 'a' ? a.cols : a.rows, transpose === 'b' ? b.rows : b.cols];
    if (n * m * inner < worthwhile) return here(a, b, transpose);
    const product = np.dot(load(a, transpose === 'a'), load(b, transpose === 'b'));
    const out = matrix(n, m, new Float64Array((await product.data()) as Float32Array));
    await breathe();
    return out;
  };
}

function load({ rows, cols, data }: MatrixLike, transposed: boolean): DeviceArray {
  const array = np.array(data instanceof Float32Array ? (data as Float32Array<ArrayBuffer>) : new Float32Array(data), {
    shape: [rows, cols],
  });
  return transposed ? np.transpose(array) : array;
}
