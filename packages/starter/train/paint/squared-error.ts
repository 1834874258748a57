import { random, type Embeddings } from '@cognate/core';
import {
  compile,
  readCheckpoint,
  release,
  startEngine,
  tensor,
  toDevice,
  type DeviceArray,
  type Tensor,
} from '@cognate/nn';
import { decodeLatents, latentDim, type Codec } from './codec.ts';
import { denoise, paintStyles, styleCount, type Denoiser } from './denoiser.ts';
import { pictureSize } from './frames.ts';
import { pictureLength } from './gallery.ts';
import { normals } from './noise.ts';

type Weights<Leaf = DeviceArray> = { denoiser: Denoiser<Leaf>; decoder: Codec<Leaf>['decoder'] };

/**
 * The painter as it is before its last stage, when squared error of latents is all that it has learned by: from pure
 * noise its guess is the mean of what is possible. Undefined where the recipe has left no checkpoints.
 */
export async function loadSquaredErrorPainter(): Promise<
  ((points: Embeddings, styles: readonly string[]) => Promise<readonly ImageData[]>) | undefined
> {
  const [codec, denoiser] = [await checkpoint<Codec<Tensor>>('codec'), await checkpoint<Denoiser<Tensor>>('denoiser')];
  if (!codec || !denoiser) return undefined;
  const weights: Weights<Tensor> = { denoiser, decoder: codec.decoder };
  await startEngine();

  return async ({ space, count, data }, styles) => {
    using apply = compile<Weights>(
      (params, noise: DeviceArray, time: DeviceArray, points: DeviceArray, hot: DeviceArray) =>
        decodeLatents(params.decoder, denoise(params.denoiser, noise, time, points, hot)),
    );
    const device = toDevice<Weights<Tensor>>(weights);
    const batch = 32;
    const draw = random(1);
    const pictures: ImageData[] = [];
    for (let start = 0; start < count; start += batch) {
      const size = Math.min(batch, count - start);
      const points = new Float32Array(batch * space.dim);
      points.set(data.subarray(start * space.dim, (start + size) * space.dim));
      const hot = new Float32Array(batch * styleCount);
      for (let i = 0; i < size; i++) hot[i * styleCount + paintStyles.indexOf(styles[start + i] as never)] = 1;
      const { data: painted } = await apply(
        device,
        tensor([batch, latentDim], normals(draw, batch * latentDim)),
        tensor([batch], new Float32Array(batch)),
        tensor([batch, space.dim], points),
        tensor([batch, styleCount], hot),
      );
      for (let i = 0; i < size; i++) {
        pictures.push(toImageData((painted as Float32Array).subarray(i * pictureLength, (i + 1) * pictureLength)));
      }
    }
    release(device);
    return pictures;
  };
}

/** Averaged weights of a stage of the recipe that was run in this checkout. */
async function checkpoint<Weights>(stage: string): Promise<Weights | undefined> {
  const response = await fetch(`/.cache/train/paint/${stage}.safetensors`);
  if (!response.ok) return undefined;
  const { trainer } = readCheckpoint<Weights>(new Uint8Array(await response.arrayBuffer()));
  return trainer.ema ?? trainer.params;
}

/** @param pixels premultiplied RGBA, 0..1. */
function toImageData(pixels: Float32Array): ImageData {
  const picture = new ImageData(pictureSize, pictureSize);
  for (let i = 0; i < pixels.length; i += 4) {
    const alpha = Math.min(1, Math.max(0, pixels[i + 3]!));
    for (let c = 0; c < 3; c++) picture.data[i + c] = alpha > 0 ? (255 * pixels[i + c]!) / alpha : 0;
    picture.data[i + 3] = 255 * alpha;
  }
  return picture;
}
