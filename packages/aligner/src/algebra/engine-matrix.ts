import { np, type DeviceArray } from '@cognate/nn';
import { matrix, type Matrix, type MatrixLike } from './matrix.ts';

/** Numbers that the engine multiplies at a time. Rows of any other length would take it ten times as long. */
const lanes = 4;

/** The least length of at least `length` that the engine multiplies at its speed. */
export function padded(length: number): number {
  return lanes * Math.ceil(length / lanes);
}

/** On the engine, with zeros to the right and below, as far as the engine needs them: they add nothing to any product. */
export function load({ rows, cols, data }: MatrixLike, height = padded(rows)): DeviceArray {
  const width = padded(cols);
  const shape = [height, width] as [number, number];
  if (data instanceof Float32Array && height === rows && width === cols) {
    return np.array(data as Float32Array<ArrayBuffer>, { shape });
  }
  const all = new Float32Array(height * width);
  if (width === cols) all.set(data);
  else for (let i = 0; i < rows; i++) all.set(data.subarray(i * cols, (i + 1) * cols), i * width);
  return np.array(all, { shape });
}

/** The numbers of what was computed from loaded matrices, without what `load()` has added; takes `product`. */
export async function read(product: DeviceArray, rows: number, cols: number): Promise<Matrix> {
  const all = (await product.data()) as Float32Array;
  const width = padded(cols);
  if (width === cols) return matrix(rows, cols, new Float64Array(all.subarray(0, rows * cols)));
  const out = matrix(rows, cols);
  for (let i = 0; i < rows; i++) out.data.set(all.subarray(i * width, i * width + cols), i * cols);
  return out;
}
