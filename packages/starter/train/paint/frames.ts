import { contentBox, triangleFilter, type Pixels } from '@cognate/image-encoders/preprocess';

/** Pixels per side of a painted picture. */
export const pictureSize = 64;

/**
 * Trims, centres and scales a picture as `preprocess()` does, but keeps what is transparent.
 * @returns `[pictureSize, pictureSize, 4]`, RGBA, premultiplied, 0..255; the caller owns it.
 */
export function framePicture(pixels: Pixels): Uint8Array<ArrayBuffer> {
  const { data } = pixels;
  const { left, top, width, height } = contentBox(pixels);
  const side = Math.max(width, height);
  const [marginLeft, marginTop] = [(side - width) >> 1, (side - height) >> 1];
  const taps = triangleFilter(side, pictureSize);

  const across = new Float32Array(height * pictureSize * 4);
  for (let y = 0; y < height; y++) {
    for (const [x, { start, weights }] of taps.entries()) {
      for (let k = 0; k < weights.length; k++) {
        const column = start + k - marginLeft;
        if (column < 0 || column >= width) continue;
        const at = ((top + y) * pixels.width + left + column) * 4;
        const alpha = (weights[k]! * data[at + 3]!) / 255;
        const to = (y * pictureSize + x) * 4;
        for (let c = 0; c < 3; c++) across[to + c]! += alpha * data[at + c]!;
        across[to + 3]! += alpha * 255;
      }
    }
  }
  const out = new Uint8Array(pictureSize * pictureSize * 4);
  for (const [y, { start, weights }] of taps.entries()) {
    for (let i = 0; i < pictureSize * 4; i++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) {
        const row = start + k - marginTop;
        if (row >= 0 && row < height) sum += weights[k]! * across[row * pictureSize * 4 + i]!;
      }
      out[y * pictureSize * 4 + i] = Math.round(sum);
    }
  }
  return out;
}

/** The same picture seen in a mirror. */
export function mirrorPicture(picture: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(picture.length);
  for (let y = 0; y < pictureSize; y++) {
    for (let x = 0; x < pictureSize; x++) {
      const from = (y * pictureSize + x) * 4;
      out.set(picture.subarray(from, from + 4), (y * pictureSize + pictureSize - 1 - x) * 4);
    }
  }
  return out;
}

/** The same picture with its colours in another order: `[2, 0, 1]` takes red from blue, green from red, blue from green. */
export function recolourPicture(picture: Uint8Array, order: readonly number[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(picture, (value, i) => (i % 4 === 3 ? value : picture[i - (i % 4) + order[i % 4]!]!));
}

/** The picture with its colours divided by opacity, as canvases and encoders take it. */
export function toImageData(picture: Uint8Array | Uint8ClampedArray): ImageData {
  const image = new ImageData(pictureSize, pictureSize);
  image.data.set(picture);
  for (let i = 0; i < picture.length; i++) {
    const alpha = picture[i - (i % 4) + 3]!;
    if (i % 4 < 3 && alpha > 0) image.data[i] = Math.round((255 * picture[i]!) / alpha);
  }
  return image;
}

/** A painting as it would be framed: premultiplied, and as large as other pictures. */
export function fromImageData({ data, width }: ImageData): Uint8Array<ArrayBuffer> {
  const block = width / pictureSize;
  const sums = new Float32Array(pictureSize * pictureSize * 4);
  for (let i = 0; i < data.length; i += 4) {
    const [x, y] = [(i / 4) % width, Math.floor(i / 4 / width)];
    const to = 4 * (Math.floor(y / block) * pictureSize + Math.floor(x / block));
    const alpha = data[i + 3]! / 255;
    for (let c = 0; c < 3; c++) sums[to + c]! += alpha * data[i + c]!;
    sums[to + 3]! += data[i + 3]!;
  }
  return Uint8Array.from(sums, (sum) => Math.round(sum / block / block));
}
