import { toHalf } from '@cognate/core';
import type { Tensor } from '../tree.ts';
import { elementTypes, type OnnxGraph, type Value } from './graph.ts';

/** How large arrays are stored; all arithmetic stays float32. int8 has one scale for each output channel. */
export type WeightStorage = 'float32' | 'float16' | 'int8';

/** Below this many numbers (biases, norms, scales) compression saves nothing worth its error. */
const minCompressed = 1024;

/**
 * A stored matrix `[from, to]` as a float32 value: half precision through Cast, int8 through Cast and Mul with a scale for
 * each column. onnxruntime folds both away when it loads the model; DequantizeLinear it would compute in every run, 20
 * times the time of a 512 x 2048 layer for one row.
 */
export function storedMatrix(graph: OnnxGraph, matrix: Tensor, storage: WeightStorage): Value {
  const data = matrix.data as Float32Array<ArrayBuffer>;
  const { shape } = matrix;
  if (storage === 'float32' || data.length < minCompressed) return graph.constant('float32', shape, data);
  if (storage === 'float16') {
    return graph.node('Cast', [graph.constant('float16', shape, toHalf(data))], { to: elementTypes.float32 });
  }
  const columns = shape.at(-1)!;
  const { codes, scales } = quantize(data, columns, (i) => i % columns);
  const wide = graph.node('Cast', [graph.constant('int8', shape, codes)], { to: elementTypes.float32 });
  return graph.node('Mul', [wide, graph.constant('float32', [columns], scales)]);
}

/** A stored table `[count, dim]`, which may serve both ends of a language model and is stored once. */
export interface StoredTable {
  /** Rows by their numbers: `[...ids, dim]` float32; only the rows that are asked for are widened. */
  rows(ids: Value): Value;
  /** The table turned, `[dim, count]` float32, for a product with every row. */
  turned(): Value;
}

/** int8 has one scale for each row. */
export function storedTable(graph: OnnxGraph, table: Tensor, storage: WeightStorage): StoredTable {
  const data = table.data as Float32Array<ArrayBuffer>;
  const [count, dim] = table.shape as [number, number];
  const float = { to: elementTypes.float32 };
  const turn = (value: Value): Value => graph.node('Transpose', [value], { perm: [1, 0] });
  if (storage === 'float32') {
    const all = graph.constant('float32', [count, dim], data);
    return { rows: (ids) => graph.node('Gather', [all, ids]), turned: () => turn(all) };
  }
  if (storage === 'float16') {
    const all = graph.constant('float16', [count, dim], toHalf(data));
    return {
      rows: (ids) => graph.node('Cast', [graph.node('Gather', [all, ids])], float),
      turned: () => turn(graph.node('Cast', [all], float)),
    };
  }
  const { codes, scales } = quantize(data, count, (i) => Math.floor(i / dim));
  const [all, scale] = [graph.constant('int8', [count, dim], codes), graph.constant('float32', [count, 1], scales)];
  return {
    rows(ids) {
      const rows = graph.node('Cast', [graph.node('Gather', [all, ids])], float);
      return graph.node('Mul', [rows, graph.node('Gather', [scale, ids])]);
    },
    turned: () => turn(graph.node('Mul', [graph.node('Cast', [all], float), scale])),
  };
}

/** Rows of a table that is stored for nothing else: see `storedTable`. */
export function gatherRows(graph: OnnxGraph, table: Tensor, ids: Value, storage: WeightStorage): Value {
  return storedTable(graph, table, storage).rows(ids);
}

/**
 * Mean over the second axis of the rows whose mask is 1; zeros where all are 0.
 * @param rows `[batch, tokens, dim]` float32. @param mask `[batch, tokens]` int64. Gives `[batch, dim]`.
 */
export function maskedMean(graph: OnnxGraph, rows: Value, mask: Value): Value {
  const axis = graph.ints([1]);
  const weights = graph.node('Unsqueeze', [graph.node('Cast', [mask], { to: elementTypes.float32 }), graph.ints([2])]);
  const sum = graph.node('ReduceSum', [graph.node('Mul', [rows, weights]), axis], { keepdims: 0 });
  const count = graph.node('ReduceSum', [weights, axis], { keepdims: 0 });
  return graph.node('Div', [sum, graph.node('Max', [count, graph.float(1)])]);
}

/** Symmetric: the largest magnitude of a channel becomes 127. */
function quantize(
  data: Float32Array,
  channels: number,
  channelOf: (index: number) => number,
): { codes: Int8Array<ArrayBuffer>; scales: Float32Array<ArrayBuffer> } {
  const scales = new Float32Array(channels);
  for (let i = 0; i < data.length; i++) {
    const channel = channelOf(i);
    scales[channel] = Math.max(scales[channel]!, Math.abs(data[i]!) / 127);
  }
  for (let c = 0; c < channels; c++) scales[c] ||= 1;
  const codes = new Int8Array(data.length);
  for (let i = 0; i < data.length; i++) codes[i] = Math.round(data[i]! / scales[channelOf(i)]!);
  return { codes, scales };
}
