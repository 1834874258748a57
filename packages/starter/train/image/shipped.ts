import type { Encoder, Picture } from '@cognate/core';
import { loadImageEncoder } from '@cognate/image-encoders';
import { rasterSize, type PictureSet } from './pictures.ts';

/** The shipped image encoder, from the repository that a page of `scripts/lib/page-program.mjs` serves. */
export function loadShippedImage(): Promise<Encoder<Picture>> {
  const host = `${location.origin}/packages/starter/models/{model}/`;
  return loadImageEncoder({ model: 'cognate/image', host, device: 'wasm' }, { baseUrl: '/dist/' });
}

/** One stored raster as the encoder takes it. */
export function imageDataOf({ rgba }: PictureSet, index: number): ImageData {
  const bytes = rasterSize * rasterSize * 4;
  return new ImageData(rgba.slice(index * bytes, (index + 1) * bytes), rasterSize, rasterSize);
}
