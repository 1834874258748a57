import { CognateError, type Picture } from '@cognate/core';
import type { Pixels } from '@cognate/runtime';

/** Larger pictures are refused: their pixels alone take 256 MB. */
const maxPixels = 64_000_000;

/**
 * Decodes a picture. EXIF orientation is honoured; an `ImageBitmap` is copied and stays the caller's.
 * @param index named in messages.
 * @throws {CognateError} `invalid-input` when it cannot be decoded, has no pixels, or has more than 64 million.
 */
export async function readPicture(picture: Picture, index: number): Promise<Pixels> {
  if (typeof ImageData !== 'undefined' && picture instanceof ImageData) {
    checkArea(picture, index);
    return picture;
  }
  if (picture instanceof ImageBitmap) return drawn(picture, index);
  if (!(picture instanceof Blob))
    throw bad(index, `needs a Blob, an ImageBitmap or ImageData, got ${describe(picture)}`);
  if (picture.size === 0) throw bad(index, 'is an empty file');
  if (picture.type === 'image/svg+xml')
    throw bad(index, 'is an SVG, which only a page can draw: hand over a bitmap of it');
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(picture);
  } catch (cause) {
    const kind =
      /^image\//.test(picture.type) || picture.type === ''
        ? 'is damaged or no picture'
        : `is no picture (${picture.type})`;
    throw bad(index, `${kind}: ${picture.size} bytes that do not decode`, cause);
  }
  try {
    return drawn(bitmap, index);
  } finally {
    bitmap.close();
  }
}

function drawn(bitmap: ImageBitmap, index: number): Pixels {
  checkArea(bitmap, index);
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context)
    throw new CognateError('device-failed', `encode() got no canvas of ${width} x ${height} to read picture ${index}`);
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, width, height);
}

function checkArea({ width, height }: { readonly width: number; readonly height: number }, index: number): void {
  if (width === 0 || height === 0) throw bad(index, 'has no pixels (a bitmap that was closed or transferred has none)');
  if (width * height > maxPixels) throw bad(index, `is too large: ${width} x ${height}, at most 64 million pixels`);
}

function bad(index: number, why: string, cause?: unknown): CognateError {
  return new CognateError('invalid-input', `encode() cannot read picture ${index}: it ${why}`, { cause });
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === 'object' ? (value.constructor?.name ?? 'an object') : typeof value;
}
