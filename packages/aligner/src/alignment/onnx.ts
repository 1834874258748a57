import type { Alignment, Space } from '@cognate/core';
import { onnxGraph, storedMatrix, tensor, type OnnxGraph, type Value, type WeightStorage } from '@cognate/nn';
import { partsOf } from './alignment.ts';
import { sameWithin } from './keep-largest.ts';
import type { FloatMatrix, Layer, Path, Step } from './path.ts';

/** Names of a graph's input and outputs. */
export const onnxNames = { points: 'points', shared: 'shared', mapped: 'mapped' } as const;

/**
 * One direction of an alignment as an ONNX file (opset 17, any runtime): `points` float32 `[batch, dim]` in, `shared`
 * `[batch, shared]` and `mapped` `[batch, dim of the other side]` out: what `project()` and `forward()` or `backward()`
 * give, up to the rounding of single precision. Only where `asif` has to choose between two rows that are as good as equally
 * like may either be kept. The spaces and the report are in the file's metadata.
 * @param from which side's points go in; the source's unless told.
 * @throws {CognateError} `invalid-input` for an alignment that this package has not made.
 */
export function alignmentToOnnx(alignment: Alignment, from: 'source' | 'target' = 'source'): Uint8Array<ArrayBuffer> {
  const { source, target, shared, heads, returns, report } = partsOf('alignmentToOnnx()', alignment);
  const [start, end, back]: [Space, Space, Path] =
    from === 'source' ? [source, target, returns.target] : [target, source, returns.source];
  const graph = onnxGraph('alignment');
  const points = graph.input(onnxNames.points, 'float32', ['batch', start.dim]);
  const met = addPath(graph, heads[from], points);
  graph.output(onnxNames.shared, met, 'float32', ['batch', shared.dim]);
  graph.output(onnxNames.mapped, addPath(graph, back, met), 'float32', ['batch', end.dim]);
  return graph.bytes({ from: JSON.stringify(start), to: JSON.stringify(end), report: JSON.stringify(report) });
}

function addPath(graph: OnnxGraph, path: Path, x: Value): Value {
  return path.reduce((value, step) => addStep(graph, step, value), x);
}

function addStep(graph: OnnxGraph, step: Step, x: Value): Value {
  const { node } = graph;
  switch (step.kind) {
    case 'center':
      return node('Sub', [x, vector(graph, step.mean)]);
    case 'uncenter':
      return node('Add', [x, vector(graph, step.mean)]);
    case 'unit':
      return unit(graph, x);
    case 'sphere':
      return toSphere(graph, step.mean, x);
    case 'linear':
      return node('MatMul', [x, weights(graph, step.weight, 'float32')]);
    case 'residual': {
      const hidden = gelu(graph, layer(graph, step.up, x));
      return node('Add', [
        node('MatMul', [x, weights(graph, step.linear, 'float16')]),
        layer(graph, step.down, hidden),
      ]);
    }
    case 'sparse':
      return sparse(graph, step, x);
    case 'gaussian':
      return node('Exp', [node('Mul', [node('Sub', [x, graph.float(1)]), graph.float(step.sharpness)])]);
    case 'concat': {
      const parts = step.branches.map(({ weight, path }) =>
        node('Mul', [addPath(graph, path, x), graph.float(weight)]),
      );
      return node('Concat', parts, { axis: 1 });
    }
  }
}

function vector(graph: OnnxGraph, data: Float32Array<ArrayBuffer>): Value {
  return graph.constant('float32', [data.length], data);
}

function weights(graph: OnnxGraph, { rows, cols, data }: FloatMatrix, storage: WeightStorage): Value {
  return storedMatrix(graph, tensor([rows, cols], data), storage);
}

function layer(graph: OnnxGraph, { weight, bias }: Layer, x: Value): Value {
  return graph.node('Add', [graph.node('MatMul', [x, weights(graph, weight, 'float16')]), vector(graph, bias)]);
}

/** By the largest number first, so that no square leaves what single precision holds; a row of zeros stays. */
function unit({ node, float }: OnnxGraph, x: Value): Value {
  const over = (rows: Value, reduced: Value): Value => node('Div', [rows, node('Max', [reduced, float(1e-37)])]);
  const scaled = over(x, node('ReduceMax', [node('Abs', [x])], { axes: [1], keepdims: 1 }));
  return over(scaled, node('ReduceL2', [scaled], { axes: [1], keepdims: 1 }));
}

function gelu({ node, float }: OnnxGraph, x: Value): Value {
  const half = node('Mul', [x, float(0.5)]);
  const error = node('Erf', [node('Mul', [x, float(Math.SQRT1_2)])]);
  return node('Mul', [half, node('Add', [error, float(1)])]);
}

/** `keepLargest()`: numbers under the border, which the keep-th largest draws, become zero. */
function sparse(graph: OnnxGraph, { keep, power }: Step & { kind: 'sparse' }, x: Value): Value {
  const { node, float } = graph;
  const width = node('Shape', [x], { start: 1, end: 2 });
  const [largest] = graph.nodes('TopK', [x, node('Min', [width, graph.ints([keep])])], 2, { axis: 1 });
  const least = node('ReduceMin', [largest!], { axes: [1], keepdims: 1 });
  const border = node('Max', [node('Mul', [least, float(1 - sameWithin)]), float(0)]);
  const kept = node('And', [node('GreaterOrEqual', [x, border]), node('Greater', [x, float(0)])]);
  return node('Where', [kept, node('Pow', [x, float(power)]), float(0)]);
}

function toSphere(graph: OnnxGraph, mean: Float32Array<ArrayBuffer>, u: Value): Value {
  const { node, float } = graph;
  const m = vector(graph, mean);
  const inside = Math.max(0, 1 - mean.reduce((sum, value) => sum + value * value, 0));
  const along = node('ReduceSum', [node('Mul', [u, m]), graph.ints([1])], { keepdims: 1 });
  const reach = node('Sqrt', [node('Add', [node('Mul', [along, along]), float(inside)])]);
  return unit(graph, node('Add', [m, node('Mul', [u, node('Sub', [reach, along])])]));
}
