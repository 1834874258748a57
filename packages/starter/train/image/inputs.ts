import { preprocess } from '@cognate/image-encoders/preprocess';
import { pixelMean, pixelStd } from './augment.ts';
import { rasterSize, type PictureSet } from './pictures.ts';

/** The constants of preprocessor_config.json, for `preprocess()`. */
export const normalisation = {
  mean: [pixelMean, pixelMean, pixelMean],
  std: [pixelStd, pixelStd, pixelStd],
  trim: true,
} as const;

/** The model's input for one stored raster, `[3, size, size]`. */
export function inputOf(pictures: PictureSet, index: number, size: number): Float32Array<ArrayBuffer> {
  const bytes = rasterSize * rasterSize * 4;
  const data = pictures.rgba.subarray(index * bytes, (index + 1) * bytes);
  return preprocess({ width: rasterSize, height: rasterSize, data }, { size, ...normalisation });
}

/** `[3, s, s]` -> `[s, s, 3]`. */
export function channelsLastCopy(input: Float32Array): Float32Array<ArrayBuffer> {
  const count = input.length / 3;
  const out = new Float32Array(input.length);
  for (let i = 0; i < count; i++) for (let c = 0; c < 3; c++) out[i * 3 + c] = input[c * count + i]!;
  return out;
}
