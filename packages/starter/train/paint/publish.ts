import { elementTypes, np, onnxGraph, traceInto, type DeviceArray, type Tensor } from '@cognate/nn';
import type { RecipeHost } from '../data/recipe-host.ts';
import { imageSpace } from '../image/publish.ts';
import { decodeLatents, latentDim, type PictureDecoder } from './codec.ts';
import { denoise, paintStyles, styleCount, velocityOf, type Denoiser } from './denoiser.ts';
import { pictureSize } from './frames.ts';
import type { Painter } from './painter.ts';

/** Folder of the shipped model, in Hugging Face layout. */
export const painterFolder = 'packages/starter/models/cognate/painter';

/** How the shipped painter is to be sampled. */
export interface Sampling {
  readonly steps: number;
  readonly guidance: number;
}

/** Writes both graphs and their config into the repository, matrices as int8; resolves to the bytes of the graphs. */
export async function publishPainter(host: RecipeHost, weights: Painter<Tensor>, sampling: Sampling): Promise<number> {
  const velocity = await velocityGraph(weights.denoiser);
  const picture = await pictureGraph(weights.decoder);
  const config = {
    model_type: 'cognate-painter',
    'transformers.js_config': { dtype: 'fp32' },
    cognate: {
      space: imageSpace,
      revision: 1,
      styles: paintStyles,
      size: pictureSize,
      latent: latentDim,
      ...sampling,
    },
  };
  await host.publish(`${painterFolder}/onnx/velocity.onnx`, velocity);
  await host.publish(`${painterFolder}/onnx/picture.onnx`, picture);
  await host.publish(`${painterFolder}/config.json`, new TextEncoder().encode(`${JSON.stringify(config)}\n`));
  return velocity.length + picture.length;
}

/** `latents`, `time`, `points`, `styles` (int64) -> `velocity`. */
export async function velocityGraph(weights: Denoiser<Tensor>): Promise<Uint8Array<ArrayBuffer>> {
  const graph = onnxGraph('velocity');
  const latents = graph.input('latents', 'float32', ['batch', latentDim]);
  const time = graph.input('time', 'float32', ['batch']);
  const points = graph.input('points', 'float32', ['batch', imageSpace.dim]);
  const styles = graph.input('styles', 'int64', ['batch']);
  const columns = graph.node('Unsqueeze', [styles, graph.ints([1])]);
  const same = graph.node('Equal', [columns, graph.ints(Array.from({ length: styleCount }, (_, i) => i))]);
  const oneHot = graph.node('Cast', [same], { to: elementTypes.float32 });
  const apply = (params: Denoiser, x: DeviceArray, t: DeviceArray, z: DeviceArray, style: DeviceArray): DeviceArray =>
    velocityOf(denoise(params, x.ref, t.ref, z, style), x, t);
  const inputs = [
    { value: latents, shape: ['batch', latentDim] },
    { value: time, shape: ['batch'] },
    { value: points, shape: ['batch', imageSpace.dim] },
    { value: oneHot, shape: ['batch', styleCount] },
  ] as const;
  const { value, shape } = await traceInto(graph, apply as never, weights, inputs, { weights: 'int8' });
  graph.output('velocity', value, 'float32', shape);
  return graph.bytes();
}

/** `latents` -> `pictures`, channels first, clipped to 0..1. */
export async function pictureGraph(weights: PictureDecoder<Tensor>): Promise<Uint8Array<ArrayBuffer>> {
  const graph = onnxGraph('picture');
  const latents = graph.input('latents', 'float32', ['batch', latentDim]);
  const inputs = [{ value: latents, shape: ['batch', latentDim] }] as const;
  const { value, shape } = await traceInto(graph, paint as never, weights, inputs, { weights: 'int8' });
  graph.output('pictures', value, 'float32', shape);
  return graph.bytes();
}

/** `[n, latentDim]` -> `[n, 4, 64, 64]`, premultiplied, 0..1; no colour is stronger than its alpha. */
export function paint(params: PictureDecoder, latents: DeviceArray): DeviceArray {
  const pictures = np.transpose(decodeLatents(params, latents), [0, 3, 1, 2]);
  const alpha = np.clip(pictures.ref.slice([], [3, 4], [], []), 0, 1);
  const colours = np.minimum(np.maximum(pictures.slice([], [0, 3], [], []), 0), alpha.ref);
  return np.concatenate([colours, alpha], 1);
}
