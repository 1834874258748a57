import { CognateError } from '@cognate/core';
import type { Tensor } from '../tree.ts';
import type { OnnxGraph, Value } from './graph.ts';
import { cut, permute } from './views.ts';
import { storedMatrix, type WeightStorage } from './weights.ts';

/**
 * What is known of an array while a graph is written: its numbers (a parameter or a view of one), or its value in the
 * graph. A size below zero is a multiple of the batch: -3 stands for 3 x batch.
 */
export type Known =
  | { readonly tensor: Tensor }
  | {
      readonly value: Value;
      readonly sizes: readonly number[];
      /** The array that this one is a reshape of. */
      readonly source?: { readonly value: Value; readonly sizes: readonly number[] };
    };

/** Writes views into a graph, resolving those of parameters on the spot. */
export interface Emitter {
  readonly graph: OnnxGraph;
  /** The array as a value; parameters are stored as they are. */
  readonly value: (known: Known) => Value;
  /** A parameter `[from, to]` is stored compressed, if the graph's weights are. */
  readonly matrix: (known: Known) => Value;
  readonly reshape: (known: Known, sizes: readonly number[]) => Known;
  readonly transpose: (known: Known, order: readonly number[]) => Known;
  readonly slice: (known: Known, slice: readonly (readonly [number, number])[]) => Known;
  readonly expand: (known: Known, sizes: readonly number[]) => Known;
}

export const sizesOf = (known: Known): readonly number[] => ('tensor' in known ? known.tensor.shape : known.sizes);

/** Product of sizes, at most one of which may be a multiple of the batch. */
export function product(sizes: readonly number[]): number {
  const result = sizes.reduce((n, d) => n * Math.abs(d), 1);
  const dynamic = sizes.filter((size) => size < 0).length;
  if (dynamic > 1) throw new CognateError('invalid-input', 'traceInto() needs one batch axis, got an array with two');
  return dynamic === 1 ? -result : result;
}

/** @param batchOf gives the batch size when the graph runs, an int64 `[1]`. */
export function emitter(graph: OnnxGraph, storage: WeightStorage, batchOf: () => Value): Emitter {
  const plain = new Map<Tensor, Value>();
  const matrices = new Map<Tensor, Value>();
  const once = (cache: Map<Tensor, Value>, tensor: Tensor, make: () => Value): Value => {
    const value = cache.get(tensor) ?? make();
    cache.set(tensor, value);
    return value;
  };
  /** Sizes as an int64 list, computed from the batch where they depend on it. */
  const shapeOf = (sizes: readonly number[]): Value => {
    if (sizes.every((size) => size >= 0)) return graph.ints(sizes);
    const times = graph.node('Mul', [batchOf(), graph.ints(sizes.map((size) => (size < 0 ? -size : 0)))]);
    return graph.node('Add', [times, graph.ints(sizes.map((size) => Math.max(0, size)))]);
  };

  const self: Emitter = {
    graph,
    value(known) {
      if (!('tensor' in known)) return known.value;
      const { shape, data } = known.tensor;
      const type = data instanceof Int32Array ? 'int32' : 'float32';
      return once(plain, known.tensor, () => graph.constant(type, shape, data));
    },
    matrix(known) {
      if (!('tensor' in known) || known.tensor.shape.length !== 2) return self.value(known);
      return once(matrices, known.tensor, () => storedMatrix(graph, known.tensor, storage));
    },
    reshape(known, sizes) {
      if (String(sizes) === String(sizesOf(known))) return known;
      if ('tensor' in known) return { tensor: { shape: sizes, data: known.tensor.data } };
      const source = known.source ?? { value: known.value, sizes: known.sizes };
      if (String(sizes) === String(source.sizes)) return source;
      const dynamic = sizes.filter((size) => size < 0).length;
      const shape = dynamic <= 1 ? graph.ints(sizes.map((size) => Math.max(-1, size))) : shapeOf(sizes);
      return { value: graph.node('Reshape', [source.value, shape]), sizes, source };
    },
    transpose(known, order) {
      if (order.every((axis, i) => axis === i)) return known;
      if ('tensor' in known) return { tensor: permute(known.tensor, order) };
      const sizes = order.map((axis) => known.sizes[axis]!);
      const moved = order.filter((axis) => known.sizes[axis] !== 1);
      if (moved.every((axis, i) => i === 0 || axis > moved[i - 1]!)) return self.reshape(known, sizes);
      return { value: graph.node('Transpose', [known.value], { perm: order }), sizes };
    },
    slice(known, slice) {
      if ('tensor' in known) return { tensor: cut(known.tensor, slice) };
      const axes = slice.flatMap(([from, to], axis) => (from === 0 && to === known.sizes[axis] ? [] : [axis]));
      if (axes.length === 0) return known;
      const bounds = [0, 1].map((end) => graph.ints(axes.map((axis) => slice[axis]![end]!)));
      const value = graph.node('Slice', [known.value, ...bounds, graph.ints(axes)]);
      return { value, sizes: slice.map(([from, to]) => to - from) };
    },
    expand(known, sizes) {
      if (String(sizes) === String(sizesOf(known))) return known;
      // Expand broadcasts both ways, so an axis that has its size already may stay 1 and need not know the batch.
      const have = sizesOf(known);
      const shape = shapeOf(sizes.map((size, axis) => (have[axis] === size ? 1 : size)));
      return { value: graph.node('Expand', [self.value(known), shape]), sizes };
    },
  };
  return self;
}
