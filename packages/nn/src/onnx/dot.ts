import { product, sizesOf, type Emitter, type Known } from './emitter.ts';

/**
 * jax-js writes every product of matrices as `sum(a * b, last axis)` with broadcasting. Axes that both have become
 * MatMul's batch, axes of one alone its rows or columns.
 */
export function dot(emitter: Emitter, a: Known, b: Known): Known {
  const rank = Math.max(sizesOf(a).length, sizesOf(b).length);
  [a, b] = [a, b].map((x) =>
    emitter.reshape(x, [...Array<number>(rank - sizesOf(x).length).fill(1), ...sizesOf(x)]),
  ) as [Known, Known];
  const [left, right] = [sizesOf(a), sizesOf(b)];
  const last = rank - 1;
  const depth = Math.max(left[last]!, right[last]!);
  if (left[last] !== right[last]) [a, b] = [withDepth(emitter, a, depth), withDepth(emitter, b, depth)];

  const axes = Array.from({ length: last }, (_, axis) => axis);
  const shared = axes.filter((axis) => left[axis] !== 1 && right[axis] !== 1);
  const rows = axes.filter((axis) => right[axis] === 1);
  const columns = axes.filter((axis) => left[axis] === 1 && right[axis] !== 1);
  const batch = shared.map((axis) => left[axis]!);
  const rowSizes = rows.map((axis) => left[axis]!);
  const columnSizes = columns.map((axis) => right[axis]!);

  const one = emitter.transpose(a, [...shared, ...rows, ...columns, last]);
  const other = emitter.transpose(b, [...shared, ...rows, last, ...columns]);
  const inputs = [
    emitter.matrix(emitter.reshape(one, [...batch, product(rowSizes), depth])),
    emitter.matrix(emitter.reshape(other, [...batch, depth, product(columnSizes)])),
  ];
  const value = emitter.graph.node('MatMul', inputs);
  const flat: Known = { value, sizes: [...batch, product(rowSizes), product(columnSizes)] };
  const apart = emitter.reshape(flat, [...batch, ...rowSizes, ...columnSizes]);
  const order = [...shared, ...rows, ...columns];
  return emitter.transpose(
    apart,
    axes.map((axis) => order.indexOf(axis)),
  );
}

function withDepth(emitter: Emitter, known: Known, depth: number): Known {
  return emitter.expand(known, [...sizesOf(known).slice(0, -1), depth]);
}
