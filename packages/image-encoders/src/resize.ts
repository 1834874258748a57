import type { Pixels } from '@cognate/runtime';
import { type triangleFilter } from './preprocess.ts';

/** Which input pixels make an output pixel, and how much of each. */
export type Filter = ReturnType<typeof triangleFilter>;

/**
 * Weights of the cubic that Pillow calls BICUBIC (a = -0.5), widened with the reduction as `triangleFilter`.
 * @see Keys 1981, Cubic Convolution Interpolation for Digital Image Processing, equation 15.
 */
export function cubicFilter(from: number, to: number): Filter {
  const scale = from / to;
  const stretch = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - 2 * stretch + 0.5));
    const end = Math.min(from, Math.trunc(centre + 2 * stretch + 0.5));
    const weights = Float64Array.from({ length: end - start }, (_, k) => cubic((start + k + 0.5 - centre) / stretch));
    const sum = weights.reduce((a, b) => a + b, 0);
    return { start, weights: weights.map((weight) => weight / sum) };
  });
}

function cubic(x: number): number {
  const t = Math.abs(x);
  if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
  return t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0;
}

/**
 * Composites on white, then resizes, across first.
 * @param columns one filter entry per output column; @param rows one per output row.
 * @returns `[rows.length, columns.length, 3]`, 0 to 255, rounded as an 8-bit picture is: models were trained on such.
 */
export function resize({ width, height, data }: Pixels, columns: Filter, rows: Filter): Uint8ClampedArray<ArrayBuffer> {
  const across = new Float32Array(height * columns.length * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (const { start, weights } of columns) {
      let r = 0;
      let g = 0;
      let b = 0;
      for (let k = 0, from = (y * width + start) * 4; k < weights.length; k++, from += 4) {
        const alpha = data[from + 3]! / 255;
        const weight = weights[k]!;
        const paper = 255 * (1 - alpha);
        r += weight * (data[from]! * alpha + paper);
        g += weight * (data[from + 1]! * alpha + paper);
        b += weight * (data[from + 2]! * alpha + paper);
      }
      across[at++] = r;
      across[at++] = g;
      across[at++] = b;
    }
  }
  const stride = columns.length * 3;
  const out = new Uint8ClampedArray(rows.length * stride);
  rows.forEach(({ start, weights }, y) => {
    for (let x = 0; x < stride; x++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k]! * across[(start + k) * stride + x]!;
      out[y * stride + x] = sum;
    }
  });
  return out;
}
