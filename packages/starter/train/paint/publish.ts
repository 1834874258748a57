import {
  elementTypes,
  np,
  onnxGraph,
  traceInto,
  type DeviceArray,
  type OnnxGraph,
  type Tensor,
  type Value,
} from '@cognate/nn';
import type { CycleCalibration } from '@cognate/decoders';
import type { RecipeHost } from '../data/recipe-host.ts';
import { imageSpace } from '../image/publish.ts';
import { lookAndImprove, type Canvas } from './canvas.ts';
import { drawnSize, latentDim } from './codec.ts';
import type { Painter } from './painter.ts';
import { paintStyles, sketch, styleCount, type Sketch } from './sketch.ts';

/** Folder of the shipped model, in Hugging Face layout. */
export const painterFolder = 'packages/starter/models/cognate/painter';

/** How the shipped painter paints: see `PainterSettings`. */
export interface Sampling {
  readonly steps: number;
  readonly rate: number;
  readonly noise: number;
}

/**
 * Writes both graphs and their config into the repository, matrices as int8; resolves to the bytes of the graphs.
 * @param trust what its cycle scores are worth, where that is known.
 */
export async function publishPainter(
  host: RecipeHost,
  weights: Painter<Tensor>,
  sampling: Sampling,
  trust?: CycleCalibration,
): Promise<number> {
  const [first, canvas] = [await sketchGraph(weights.sketch), await canvasGraph(weights.canvas)];
  const config = {
    model_type: 'cognate-painter',
    'transformers.js_config': { dtype: 'fp32' },
    cognate: {
      space: imageSpace,
      revision: 3,
      styles: paintStyles,
      size: drawnSize,
      latent: latentDim,
      ...sampling,
      ...(trust && { trust }),
    },
  };
  await host.publish(`${painterFolder}/onnx/sketch.onnx`, first);
  await host.publish(`${painterFolder}/onnx/canvas.onnx`, canvas);
  await host.publish(`${painterFolder}/config.json`, new TextEncoder().encode(`${JSON.stringify(config)}\n`));
  return first.length + canvas.length;
}

/** `points`, `styles` (int64) -> `latents`, `goals`. */
export async function sketchGraph(weights: Sketch<Tensor>): Promise<Uint8Array<ArrayBuffer>> {
  const graph = onnxGraph('sketch');
  const points = graph.input('points', 'float32', ['batch', imageSpace.dim]);
  const styles = stylesInput(graph, 'batch');
  const apply = (params: Sketch, z: DeviceArray, style: DeviceArray): DeviceArray[] => {
    const { latents, goals } = sketch(params, z, style);
    return [latents, goals];
  };
  const inputs = [
    { value: points, shape: ['batch', imageSpace.dim] },
    { value: styles, shape: ['batch', styleCount] },
  ] as const;
  const results = await traceInto(graph, apply as Traced, weights, inputs, { weights: 'int8' });
  results.forEach(({ value, shape }, i) => graph.output(['latents', 'goals'][i]!, value, 'float32', shape));
  return graph.bytes();
}

/** The input `styles`, int64, as one-hot rows. */
function stylesInput(graph: OnnxGraph, batch: 1 | 'batch'): Value {
  const styles = graph.input('styles', 'int64', [batch]);
  const columns = graph.node('Unsqueeze', [styles, graph.ints([1])]);
  const same = graph.node('Equal', [columns, graph.ints(Array.from({ length: styleCount }, (_, i) => i))]);
  return graph.node('Cast', [same], { to: elementTypes.float32 });
}

/** `latents`, `goals` and `styles` (int64), of one picture -> `pictures`, channels first, and `direction`. */
export async function canvasGraph(weights: Canvas<Tensor>): Promise<Uint8Array<ArrayBuffer>> {
  const graph = onnxGraph('canvas');
  const inputs = [
    { value: graph.input('latents', 'float32', [1, latentDim]), shape: [1, latentDim] },
    { value: graph.input('goals', 'float32', [1, imageSpace.dim]), shape: [1, imageSpace.dim] },
    { value: stylesInput(graph, 1), shape: [1, styleCount] },
  ];
  const apply = (params: Canvas, latents: DeviceArray, goals: DeviceArray, styles: DeviceArray): DeviceArray[] => {
    const [direction, picture] = lookAndImprove(params, latents, goals, styles);
    return [direction, toPlanes(picture)];
  };
  const results = await traceInto(graph, apply as Traced, weights, inputs, { weights: 'int8' });
  results.forEach(({ value, shape }, i) => graph.output(['direction', 'pictures'][i]!, value, 'float32', shape));
  return graph.bytes();
}

/** A function of any tree of parameters. */
type Traced = (params: unknown, ...inputs: DeviceArray[]) => DeviceArray[];

/** `[n, y, x, 4]` -> `[n, 4, y, x]`, premultiplied, 0..1; no colour is stronger than its alpha. */
export function toPlanes(picture: DeviceArray): DeviceArray {
  const planes = np.transpose(picture, [0, 3, 1, 2]);
  const alpha = np.clip(planes.ref.slice([], [3, 4], [], []), 0, 1);
  const colours = np.minimum(np.maximum(planes.slice([], [0, 3], [], []), 0), alpha.ref);
  return np.concatenate([colours, alpha], 1);
}
