import type { Tensor } from '../tree.ts';

/** The array with its axes in another order: axis i of the result is axis `order[i]`. */
export function permute({ shape, data }: Tensor, order: readonly number[]): Tensor {
  const strides = stridesOf(shape);
  return gather(
    order.map((axis) => shape[axis]!),
    order.map((axis) => strides[axis]!),
    0,
    data,
  );
}

/** The block from `slice[axis][0]` up to `slice[axis][1]` of every axis. */
export function cut({ shape, data }: Tensor, slice: readonly (readonly [number, number])[]): Tensor {
  const strides = stridesOf(shape);
  const offset = slice.reduce((sum, [from], axis) => sum + from * strides[axis]!, 0);
  return gather(
    slice.map(([from, to]) => to - from),
    strides,
    offset,
    data,
  );
}

function gather(shape: number[], strides: readonly number[], offset: number, data: Tensor['data']): Tensor {
  const size = shape.reduce((n, d) => n * d, 1);
  const out = data instanceof Int32Array ? new Int32Array(size) : new Float32Array(size);
  const at = new Int32Array(shape.length);
  let from = offset;
  for (let i = 0; i < size; i++) {
    out[i] = data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++at[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      at[axis] = 0;
    }
  }
  return { shape, data: out };
}

function stridesOf(shape: readonly number[]): number[] {
  const strides: number[] = [];
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}
