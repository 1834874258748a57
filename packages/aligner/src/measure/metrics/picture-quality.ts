import { CognateError } from '@cognate/core';
import { requireCount, requireSameLength } from '../checks.ts';

/**
 * Peak signal-to-noise ratio in decibels; infinite for equal pictures. Together with `ssim()` it stands in for learned
 * measures such as LPIPS, which need a network of their own: it says how far pixels are off, not how far a person would
 * say the pictures are apart.
 * @param a any number of channel values. @param b as many, in the same order.
 * @param range distance of the largest from the smallest possible value: 255 for bytes, 1 for 0 to 1.
 * @throws {CognateError} `shape-mismatch`, `invalid-input` for NaN or infinity.
 */
export function psnr(a: ArrayLike<number>, b: ArrayLike<number>, range = 255): number {
  requireSameLength('psnr()', 'values in both pictures', a.length, b.length);
  requireNumbers('psnr()', a, b);
  let squares = 0;
  for (let i = 0; i < a.length; i++) squares += (a[i]! - b[i]!) ** 2 / a.length;
  return 10 * Math.log10(range ** 2 / squares);
}

function requireNumbers(call: string, ...pictures: readonly ArrayLike<number>[]): void {
  for (const values of pictures) {
    for (let i = 0; i < values.length; i++) {
      if (Number.isFinite(values[i]!)) continue;
      throw new CognateError('invalid-input', `${call} needs finite numbers, got ${values[i]} at ${i}`);
    }
  }
}

/** The window of the paper: Gaussian, 11 pixels wide. */
const radius = 5;
const sigma = 1.5;

/**
 * Structural similarity of two grey pictures, at most 1: agreement of brightness, contrast and structure in a window
 * that slides over both, averaged where it lies inside. A picture in colour is taken channel by channel.
 * @param a `[height, width]`. @param b the same. @param range as for `psnr()`.
 * @throws {CognateError} `shape-mismatch`, `invalid-input` for NaN or infinity and for pictures smaller than the
 * window of 11 pixels.
 * @see Wang et al. 2004, Image Quality Assessment: From Error Visibility to Structural Similarity.
 */
export function ssim(a: ArrayLike<number>, b: ArrayLike<number>, width: number, range = 255): number {
  requireSameLength('ssim()', 'values in both pictures', a.length, b.length);
  requireCount('ssim()', 'width', width);
  requireNumbers('ssim()', a, b);
  const height = a.length / width;
  if (!Number.isInteger(height)) {
    throw new CognateError('shape-mismatch', `ssim() needs rows of ${width} values, got ${a.length} values`);
  }
  const size = 2 * radius + 1;
  if (width < size || height < size) {
    throw new CognateError('invalid-input', `ssim() needs at least ${size} x ${size} pixels, got ${width} x ${height}`);
  }
  const smooth = (of: (i: number) => number): Float64Array =>
    smoothed(
      Float64Array.from({ length: a.length }, (_, i) => of(i)),
      width,
    );
  const meanA = smooth((i) => a[i]!);
  const meanB = smooth((i) => b[i]!);
  const squareA = smooth((i) => a[i]! ** 2);
  const squareB = smooth((i) => b[i]! ** 2);
  const product = smooth((i) => a[i]! * b[i]!);
  const [c1, c2] = [(0.01 * range) ** 2, (0.03 * range) ** 2];
  let sum = 0;
  for (let i = 0; i < meanA.length; i++) {
    const both = meanA[i]! * meanB[i]!;
    const squares = meanA[i]! ** 2 + meanB[i]! ** 2;
    const varied = squareA[i]! + squareB[i]! - squares;
    sum += ((2 * both + c1) * (2 * (product[i]! - both) + c2)) / ((squares + c1) * (varied + c2));
  }
  return sum / meanA.length;
}

/** Weighted means under the window, where it lies inside the picture: `[height - 10, width - 10]`. */
function smoothed(values: Float64Array, width: number): Float64Array {
  const weights = Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const inner = width - 2 * radius;
  const height = values.length / width;
  const across = new Float64Array(height * inner);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < inner; x++) {
      for (const [t, weight] of weights.entries()) {
        across[y * inner + x]! += (weight / all) * values[y * width + x + t]!;
      }
    }
  }
  const out = new Float64Array((height - 2 * radius) * inner);
  for (let i = 0; i < out.length; i++) {
    for (const [t, weight] of weights.entries()) out[i]! += (weight / all) * across[i + t * inner]!;
  }
  return out;
}
