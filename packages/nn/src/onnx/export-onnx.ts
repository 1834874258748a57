import type { DeviceArray, MapTree } from '../tree.ts';
import { onnxGraph } from './graph.ts';
import { traceInto } from './trace.ts';
import type { WeightStorage } from './weights.ts';

export interface ExportOptions {
  /** Names and shapes of the inputs, in the order of `apply`'s, float32; `'batch'` where the size varies. */
  readonly inputs: Readonly<Record<string, readonly (number | 'batch')[]>>;
  /** Name of the result. */
  readonly output: string;
  readonly weights?: WeightStorage;
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * A whole model as one ONNX file. For pieces around it (looking up rows, pooling) build the graph with `onnxGraph` and
 * add the model with `traceInto`.
 * @throws {CognateError} as `traceInto` does.
 */
export async function exportOnnx<P>(
  apply: (params: MapTree<P, DeviceArray>, ...inputs: DeviceArray[]) => DeviceArray,
  params: P,
  { inputs, output, weights = 'float32', metadata }: ExportOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const graph = onnxGraph('model');
  const values = Object.entries(inputs).map(([input, dims]) => ({
    value: graph.input(input, 'float32', dims),
    shape: dims,
  }));
  const { value, shape } = await traceInto(graph, apply, params, values, { weights });
  graph.output(output, value, 'float32', shape);
  return graph.bytes(metadata);
}
