import { CognateError } from '@cognate/core';

/**
 * Pixels of a picture, divided by their opacity and rounded to the nearest 1/255. What is out of range is clipped.
 * @param planes `[4, size, size]`: red, green, blue and opacity from 0 to 1, colours premultiplied.
 * @throws {CognateError} `device-failed` when a number is NaN.
 */
export function toPicture(planes: Float32Array, size: number): ImageData {
  const area = size * size;
  const picture = new ImageData(size, size);
  for (let i = 0; i < area; i++) {
    const opacity = Math.min(1, planes[3 * area + i]!);
    const alpha = Math.round(255 * opacity);
    for (let channel = 0; channel < 3; channel++) {
      const value = planes[channel * area + i]!;
      if (Number.isNaN(value + opacity)) {
        throw new CognateError('device-failed', 'decode() got no usable numbers from the painter');
      }
      // A pixel that rounds to transparent has no colour.
      const colour = alpha > 0 ? Math.min(1, Math.max(0, value / opacity)) : 0;
      picture.data[4 * i + channel] = Math.round(255 * colour);
    }
    picture.data[4 * i + 3] = Math.max(0, alpha);
  }
  return picture;
}
