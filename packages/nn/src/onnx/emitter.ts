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
    }
  | {
      /** Of the same rank; its axes of size 1 are stretched. Most operators stretch by themselves. */
      readonly thin: Tight;
      readonly sizes: readonly number[];
    };

/** What is not stretched. */
export type Tight = Exclude<Known, { readonly thin: unknown }>;

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
  /** Stretches axes of size 1, when and where it is needed. */
  readonly expand: (known: Known, sizes: readonly number[]) => Known;
}

/** The array before it was stretched. */
export const tight = (known: Known): Tight => ('thin' in known ? known.thin : known);

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
  const stretched = new Map<Known, Value>();
  const once = <Key>(cache: Map<Key, Value>, key: Key, make: () => Value): Value => {
    const value = cache.get(key) ?? make();
    cache.set(key, value);
    return value;
  };
  /** The same matrix, or the same turned: gradients use the matrices of the way there once more. */
  const stored = (wanted: Tensor): Value | undefined => {
    for (const [matrix, value] of matrices) {
      if (sameMatrix(matrix, wanted)) return value;
      if (sameMatrix(permute(matrix, [1, 0]), wanted)) return graph.node('Transpose', [value], { perm: [1, 0] });
    }
    return undefined;
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
      if ('thin' in known) return once(stretched, known, () => stretch(known));
      if (!('tensor' in known)) return known.value;
      const { shape, data } = known.tensor;
      const type = data instanceof Int32Array ? 'int32' : 'float32';
      return once(plain, known.tensor, () => graph.constant(type, shape, data));
    },
    matrix(known) {
      if (!('tensor' in known) || known.tensor.shape.length !== 2) return self.value(known);
      return once(matrices, known.tensor, () => stored(known.tensor) ?? storedMatrix(graph, known.tensor, storage));
    },
    reshape(known, sizes) {
      if (String(sizes) === String(sizesOf(known))) return known;
      if ('thin' in known) {
        const kept = reshapedAxes(known.sizes, sizes);
        if (!kept) return self.reshape({ value: self.value(known), sizes: known.sizes }, sizes);
        const have = sizesOf(known.thin);
        const thin = self.reshape(known.thin, kept.map((axis) => (axis < 0 ? 1 : have[axis]!))); // prettier-ignore
        return { thin: thin as Tight, sizes };
      }
      if ('tensor' in known) return { tensor: { shape: sizes, data: known.tensor.data } };
      const source = known.source ?? { value: known.value, sizes: known.sizes };
      if (String(sizes) === String(source.sizes)) return source;
      const dynamic = sizes.filter((size) => size < 0).length;
      const shape = dynamic <= 1 ? graph.ints(sizes.map((size) => Math.max(-1, size))) : shapeOf(sizes);
      return { value: graph.node('Reshape', [source.value, shape]), sizes, source };
    },
    transpose(known, order) {
      if (order.every((axis, i) => axis === i)) return known;
      if ('thin' in known) {
        const thin = self.transpose(known.thin, order) as Tight;
        return { thin, sizes: order.map((axis) => known.sizes[axis]!) };
      }
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
      const value = graph.node('Slice', [self.value(known), ...bounds, graph.ints(axes)]);
      return { value, sizes: slice.map(([from, to]) => to - from) };
    },
    expand(known, sizes) {
      if (String(sizes) === String(sizesOf(known))) return known;
      return { thin: tight(known), sizes };
    },
  };
  const stretch = ({ thin, sizes }: Extract<Known, { thin: Tight }>): Value => {
    // Expand broadcasts both ways, so an axis that has its size already may stay 1 and need not know the batch.
    const have = sizesOf(thin);
    const shape = shapeOf(sizes.map((size, axis) => (have[axis] === size ? 1 : size)));
    return graph.node('Expand', [self.value(thin), shape]);
  };
  return self;
}

/** For each axis of `to` the axis of `from` that it is, or -1 for a new one of size 1; undefined where axes are merged or split. */
function reshapedAxes(from: readonly number[], to: readonly number[]): readonly number[] | undefined {
  const axes: number[] = [];
  let next = 0;
  for (const size of to) {
    while (size !== 1 && from[next] === 1) next++;
    if (from[next] === size) axes.push(next++);
    else if (size === 1) axes.push(-1);
    else return undefined;
  }
  return from.slice(next).every((size) => size === 1) ? axes : undefined;
}

function sameMatrix(a: Tensor, b: Tensor): boolean {
  return String(a.shape) === String(b.shape) && a.data.every((value, i) => value === b.data[i]);
}
