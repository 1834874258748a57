import { AutoImageProcessor, RawImage } from '@huggingface/transformers';
import { CognateError } from '@cognate/core';
import type { Repository } from './repository.ts';
import { routed } from './router.ts';
import type { Tensor } from './tensor.ts';

/** Decoded pixels: RGBA, 8 bits, not premultiplied, rows from the top. `ImageData` is one. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** Pixels -> what the graph eats, as the model's own `preprocessor_config.json` defines it. */
export interface ImageProcessor {
  /** @returns `[3, height, width]`. */
  process(picture: Pixels): Promise<Extract<Tensor, { type: 'float32' }>>;
}

/** How a repository says what to do with pictures. */
export const processorFile = 'preprocessor_config.json';

/** @throws {CognateError} `file-format` when transformers.js cannot make a processor of the file. */
export async function loadProcessor({ reference, bytes }: Repository): Promise<ImageProcessor> {
  await bytes(processorFile);
  const processor = await routed(bytes, (id) => AutoImageProcessor.from_pretrained(id)).catch((cause: unknown) => {
    if (cause instanceof CognateError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CognateError('file-format', `loadModel() cannot use the image processor of ${reference.model}: ${why}`, {
      cause,
    });
  });
  return {
    async process({ data, width, height }) {
      const image = new RawImage(onWhite(data), width, height, 3);
      const { pixel_values } = (await processor(image)) as { pixel_values: { data: Float32Array; dims: number[] } };
      return { type: 'float32', dims: pixel_values.dims.slice(1), data: pixel_values.data };
    },
  };
}

/** RGBA -> RGB over white: models were trained on opaque pictures, and a transparent pixel's colour is arbitrary. */
function onWhite(rgba: Uint8ClampedArray): Uint8ClampedArray {
  const count = rgba.length / 4;
  const rgb = new Uint8ClampedArray(3 * count);
  for (let i = 0; i < count; i++) {
    const alpha = rgba[4 * i + 3]! / 255;
    for (let c = 0; c < 3; c++) rgb[3 * i + c] = rgba[4 * i + c]! * alpha + 255 * (1 - alpha);
  }
  return rgb;
}
