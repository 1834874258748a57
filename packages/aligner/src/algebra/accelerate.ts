import { jit, np, type DeviceArray } from '@cognate/nn';
import type { Breathe } from './breathe.ts';
import { matrix, rowRange, type Matrix, type MatrixLike, type Multiply } from './matrix.ts';
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
    if (transpose === 'a' && a.rows > depth) return sumOfSlices(a, b, breathe);
    const product = np.dot(load(a, transpose === 'a'), load(b, transpose === 'b'));
    const out = await read(product, n, m);
    await breathe();
    return out;
  };
}

/** Rows that are multiplied at a time where rows are summed over: two slices of 512 columns stay in a core's cache. */
const depth = 512;

const addProduct = jit((sum: DeviceArray, a: DeviceArray, b: DeviceArray) => np.dot(np.transpose(a), b).add(sum));

async function sumOfSlices(a: MatrixLike, b: MatrixLike, breathe: Breathe): Promise<Matrix> {
  let sum = np.zeros([a.cols, b.cols]);
  for (let at = 0; at < a.rows; at += depth) {
    const to = Math.min(at + depth, a.rows);
    sum = addProduct(sum, load(rowRange(a, at, to), false), load(rowRange(b, at, to), false));
    // The engine keeps a queue: waiting now and then bounds it, and lets an abort through.
    if (at % (8 * depth) === 0) {
      await sum.blockUntilReady();
      await breathe();
    }
  }
  return read(sum, a.cols, b.cols);
}

async function read(product: DeviceArray, rows: number, cols: number): Promise<Matrix> {
  return matrix(rows, cols, new Float64Array((await product.data()) as Float32Array));
}

function load({ rows, cols, data }: MatrixLike, transposed: boolean): DeviceArray {
  const array = np.array(data instanceof Float32Array ? (data as Float32Array<ArrayBuffer>) : new Float32Array(data), {
    shape: [rows, cols],
  });
  return transposed ? np.transpose(array) : array;
}
