import type { Breathe } from '@cognate/core';
import { jit, np, type DeviceArray } from '@cognate/nn';
import { load, padded, read } from './engine-matrix.ts';
import { rowRange, type Matrix, type MatrixLike, type Multiply } from './matrix.ts';
import { slicedMultiply } from './slices.ts';
import type { Tools } from './tools.ts';

/** Multiply-adds under which moving the numbers to the engine costs more than computing here. */
const worthwhile = 2 ** 22;

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
    const [left, right] = [load(a), load(b)];
    const product = np.dot(
      transpose === 'a' ? np.transpose(left) : left,
      transpose === 'b' ? np.transpose(right) : right,
    );
    const out = await read(product, n, m);
    await breathe();
    return out;
  };
}

/** With `engineMultiply()`. */
export function engineTools(breathe: Breathe): Tools {
  return { times: engineMultiply(breathe), breathe };
}

/** Rows that are multiplied at a time where rows are summed over: slices of 512 columns stay in a core's cache. */
const depth = 512;
/** The same of so many rows that filling up the last slice costs nothing. */
const manyRows = 4096;
const depthOfMany = 1024;

// Rows times rows is the engine's fastest product, by more than it takes to turn both sides first.
const turn = jit((a: DeviceArray) => np.transpose(a).mul(1));
const addProduct = jit((sum: DeviceArray, a: DeviceArray, b: DeviceArray) => np.dot(a, np.transpose(b)).add(sum));

async function sumOfSlices(a: MatrixLike, b: MatrixLike, breathe: Breathe): Promise<Matrix> {
  const slice = a.rows < manyRows ? depth : depthOfMany;
  let sum = np.zeros([padded(a.cols), padded(b.cols)]);
  for (let at = 0; at < a.rows; at += slice) {
    const to = Math.min(at + slice, a.rows);
    // The last slice is filled up: a kernel for a shape of its own would be compiled, and slow at its first run.
    sum = addProduct(sum, turn(load(rowRange(a, at, to), slice)), turn(load(rowRange(b, at, to), slice)));
    // The engine keeps a queue: waiting now and then bounds it, and lets an abort through.
    if (at % (8 * slice) !== 0) continue;
    await sum.blockUntilReady();
    try {
      await breathe();
    } catch (aborted) {
      sum.dispose();
      throw aborted;
    }
  }
  return read(sum, a.cols, b.cols);
}
