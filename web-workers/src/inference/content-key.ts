import type { Picture } from '@cognate/core';
import { digest, hex } from '../storage/pack.ts';

/**
 * Names a sample by its content: 128 bits of SHA-256. Files by their bytes, pixels by size and colours. Undefined for
 * what has no content to speak of, which the encoder will refuse.
 */
export async function contentKey(sample: string | Picture): Promise<string | undefined> {
  if (typeof sample === 'string') {
    const bytes = new TextEncoder().encode(sample);
    return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes), 0, 16));
  }
  if (sample instanceof Blob) return keyOf('file', new Uint8Array(await sample.arrayBuffer()));
  const pixels = sample instanceof ImageBitmap ? pixelsOf(sample) : sample;
  if (!pixels) return undefined;
  const { width, height, colorSpace, data } = pixels;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return keyOf(`${width} x ${height} ${colorSpace}`, bytes);
}

async function keyOf(kind: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return (await digest([new TextEncoder().encode(kind), bytes])).slice(0, 32);
}

function pixelsOf(bitmap: ImageBitmap): ImageData | undefined {
  const { width, height } = bitmap;
  if (width === 0 || height === 0) return undefined;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  context?.drawImage(bitmap, 0, 0);
  return context?.getImageData(0, 0, width, height);
}
