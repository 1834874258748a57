import { product, sizesOf, tight, type Emitter, type Known } from './emitter.ts';

/**
 * jax-js writes every product of matrices as `sum(a * b, last axis)` with broadcasting. Axes that both have become
 * MatMul's batch, axes of one alone its rows or columns. What was stretched counts as it was before.
 */
export function dot(emitter: Emitter, one: Known, other: Known): Known {
  const rank = Math.max(sizesOf(one).length, sizesOf(other).length);
  const [wholeA, wholeB] = [one, other].map((x) =>
    emitter.reshape(x, [...Array<number>(rank - sizesOf(x).length).fill(1), ...sizesOf(x)]),
  ) as [Known, Known];
  const last = rank - 1;
  const whole = sizesOf(wholeA).map((size, axis) => (size === 1 ? sizesOf(wholeB)[axis]! : size));
  const depth = whole[last]!;
  const [a, b] = [wholeA, wholeB].map((x) => withDepth(emitter, tight(x), depth)) as [Known, Known];
  const [left, right] = [sizesOf(a), sizesOf(b)];

  const axes = Array.from({ length: last }, (_, axis) => axis);
  const shared = axes.filter((axis) => left[axis] !== 1 && right[axis] !== 1);
  const rows = axes.filter((axis) => right[axis] === 1);
  const columns = axes.filter((axis) => left[axis] === 1 && right[axis] !== 1);
  const batch = shared.map((axis) => left[axis]!);
  const rowSizes = rows.map((axis) => left[axis]!);
  const columnSizes = columns.map((axis) => right[axis]!);

  const lines = emitter.transpose(a, [...shared, ...rows, ...columns, last]);
  const stacks = emitter.transpose(b, [...shared, ...rows, last, ...columns]);
  const inputs = [
    emitter.matrix(emitter.reshape(lines, [...batch, product(rowSizes), depth])),
    emitter.matrix(emitter.reshape(stacks, [...batch, depth, product(columnSizes)])),
  ];
  const value = emitter.graph.node('MatMul', inputs);
  const flat: Known = { value, sizes: [...batch, product(rowSizes), product(columnSizes)] };
  const apart = emitter.reshape(flat, [...batch, ...rowSizes, ...columnSizes]);
  const order = [...shared, ...rows, ...columns];
  const ordered = emitter.transpose(apart, axes.map((axis) => order.indexOf(axis))); // prettier-ignore
  return emitter.expand(ordered, whole.slice(0, last));
}

function withDepth(emitter: Emitter, known: Known, depth: number): Known {
  const sizes = [...sizesOf(known).slice(0, -1), depth];
  if (String(sizes) === String(sizesOf(known))) return known;
  return { value: emitter.value(emitter.expand(known, sizes)), sizes };
}
