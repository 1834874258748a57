import { compile, readCheckpoint, release, tensor, toDevice, type Compiled, type Tensor } from '@cognate/nn';
import { floats, readSafetensors } from '@cognate/core';
import { channelsLastCopy, inputOf, normalisation } from '../image/inputs.ts';
import { encodeImages, type ImageModel } from '../image/model.ts';
import type { Trained } from '../image/objective.ts';
import type { PictureSet } from '../image/pictures.ts';
import { imageSpace } from '../image/publish.ts';

/** Pixels per side of the image encoder's input. */
export const inputSize = 40;

/**
 * The shipped image encoder's weights before they were made int8, from the checkpoint of the image recipe: gradients
 * go through them while they stand still.
 */
export async function loadFrozenEncoder(pictures: PictureSet): Promise<ImageModel<Tensor>> {
  const response = await fetch('/.cache/train/image/checkpoint.safetensors');
  if (!response.ok) throw new Error('loadFrozenEncoder() needs the checkpoint of the image recipe; run it first');
  const { trainer } = readCheckpoint<Trained<Tensor>>(new Uint8Array(await response.arrayBuffer()));
  const { model } = trainer.ema ?? trainer.params;

  const bank = await fetch(`/packages/starter/banks/image-${pictures.style}.safetensors`);
  const rows = floats(readSafetensors(new Uint8Array(await bank.arrayBuffer())), 'rows');
  const wanted = pictures.hexcodes.slice(0, 32).map((_, i) => channelsLastCopy(inputOf(pictures, i, inputSize)));
  const points = await encodeInputs(model, wanted);
  let least = 1;
  for (let i = 0; i < wanted.length; i++) {
    let cosine = 0;
    for (let k = 0; k < imageSpace.dim; k++) cosine += points[i * imageSpace.dim + k]! * rows[i * imageSpace.dim + k]!;
    least = Math.min(least, cosine);
  }
  if (least < 0.98) throw new Error(`loadFrozenEncoder() found another encoder's checkpoint, cosine ${least}`);
  return model;
}

/** Points of prepared inputs, `[40, 40, 3]` each, normalised. */
export async function encodeInputs(
  model: ImageModel<Tensor>,
  inputs: readonly Float32Array[],
  onProgress: (done: number) => void = () => {},
): Promise<Float32Array<ArrayBuffer>> {
  const batch = 64;
  using encode: Compiled<ImageModel> = compile<ImageModel>(encodeImages);
  const device = toDevice<ImageModel<Tensor>>(model);
  const length = inputSize * inputSize * 3;
  const points = new Float32Array(inputs.length * imageSpace.dim);
  for (let start = 0; start < inputs.length; start += batch) {
    const data = new Float32Array(batch * length);
    const part = inputs.slice(start, start + batch);
    part.forEach((input, i) => data.set(input, i * length));
    const { data: rows } = await encode(device, tensor([batch, inputSize, inputSize, 3], data));
    points.set(rows.subarray(0, part.length * imageSpace.dim), start * imageSpace.dim);
    onProgress(start + part.length);
  }
  release(device);
  return points;
}

/** What the encoder sees of a painted picture: on white, scaled from 64 to 40 pixels, normalised. See `lookAt`. */
export const pixelConstants = { mean: normalisation.mean[0], std: normalisation.std[0] } as const;
