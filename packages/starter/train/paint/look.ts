import { triangleFilter } from '@cognate/image-encoders/preprocess';
import { np, type DeviceArray } from '@cognate/nn';
import { normalisation } from '../image/inputs.ts';
import { encodeImages, type ImageModel } from '../image/model.ts';

/** Pixels per side of the image encoder's input. */
export const inputSize = 40;

/**
 * `[side, 64]`: the triangle filter that `preprocess()` scales by, 40 columns and then zeros: products of matrices are many
 * times faster where sides are multiples of 64.
 */
function filterFrom(side: number): Float32Array<ArrayBuffer> {
  const matrix = new Float32Array(side * columns);
  triangleFilter(side, inputSize).forEach(({ start, weights }, to) => {
    weights.forEach((weight, k) => (matrix[(start + k) * columns + to] = weight));
  });
  return matrix;
}

const columns = 64;

/**
 * The image encoder's point of painted pictures, with gradients: clipped, on white, scaled as `preprocess()` scales.
 * @param pictures `[n, side, side, 4]`, premultiplied. @returns `[n, 256]`, unit rows.
 */
export function lookAt(encoder: ImageModel, pictures: DeviceArray): DeviceArray {
  const [n, side] = pictures.shape as [number, number];
  const filter = filterFrom(side);
  const clipped = np.clip(pictures, 0, 1);
  const transparent = clipped.ref.slice([], [], [], [3, 4]).mul(-1).add(1);
  const onWhite = np.clip(clipped.slice([], [], [], [0, 3]).add(transparent), 0, 1); // [n, y, x, 3]
  // Scales the last axis, `[n, a, b, side]` -> `[n, a, b, 40]`.
  const shrink = (x: DeviceArray): DeviceArray => {
    const [, a, b] = x.shape as [number, number, number];
    const scaled = np.dot(x.reshape([-1, side]), np.array(filter, { shape: [side, columns] }));
    return scaled.reshape([n, a, b, columns]).slice([], [], [], [0, inputSize]);
  };
  const short = shrink(np.transpose(onWhite, [0, 2, 3, 1])); // [n, x, 3, y]
  const small = shrink(np.transpose(short, [0, 3, 2, 1])); // [n, y, 3, x]
  const pixels = np.transpose(small, [0, 1, 3, 2]);
  return encodeImages(encoder, pixels.sub(normalisation.mean[0]).div(normalisation.std[0]));
}
