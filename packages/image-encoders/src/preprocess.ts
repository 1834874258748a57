/** How pixels become numbers: `size` and the constants of a model's preprocessor_config.json. */
export interface PreprocessOptions {
  /** Pixels per side of the square that the model sees. */
  readonly size: number;
  /** Per channel, of values scaled to 0..1. */
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
  /** Cuts empty margins off first, so that the same drawing fills the square however it was framed. */
  readonly trim?: boolean;
}

/** RGBA bytes, not premultiplied, as of `ImageData`. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray | Uint8Array;
}

/** A rectangle of pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Composites on white, cuts margins if `trim` asks for it, centres on a white square, resizes with an antialiased triangle filter, normalises.
 * Pure, so that training and every browser see the same numbers; a canvas's own resampling differs between browsers.
 * @returns `[3, size, size]`, channels first; the caller owns it.
 */
export function preprocess(
  pixels: Pixels,
  { size, mean, std, trim = false }: PreprocessOptions,
): Float32Array<ArrayBuffer> {
  const { data } = pixels;
  const box = trim ? contentBox(pixels) : { left: 0, top: 0, width: pixels.width, height: pixels.height };
  const { width, height } = box;
  const side = Math.max(width, height);
  const left = (side - width) >> 1;
  const top = (side - height) >> 1;
  const columns = triangleFilter(side, size);
  const rows = triangleFilter(side, size);

  // Across, for the rows that exist; what lies outside the picture is white, and white is 0 here: distance from white.
  const across = new Float32Array(height * size * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < size; x++) {
      const { start, weights } = columns[x]!;
      let r = 0;
      let g = 0;
      let b = 0;
      for (let k = 0; k < weights.length; k++) {
        const column = start + k - left;
        if (column < 0 || column >= width) continue;
        const at = ((box.top + y) * pixels.width + box.left + column) * 4;
        const weight = (weights[k]! * data[at + 3]!) / 65025;
        r += weight * (255 - data[at]!);
        g += weight * (255 - data[at + 1]!);
        b += weight * (255 - data[at + 2]!);
      }
      const at = (y * size + x) * 3;
      across[at] = r;
      across[at + 1] = g;
      across[at + 2] = b;
    }
  }

  const out = new Float32Array(3 * size * size);
  for (let y = 0; y < size; y++) {
    const { start, weights } = rows[y]!;
    for (let x = 0; x < size; x++) {
      for (let c = 0; c < 3; c++) {
        let ink = 0;
        for (let k = 0; k < weights.length; k++) {
          const row = start + k - top;
          if (row >= 0 && row < height) ink += weights[k]! * across[(row * size + x) * 3 + c]!;
        }
        out[(c * size + y) * size + x] = (1 - ink - mean[c]!) / std[c]!;
      }
    }
  }
  return out;
}

/** How far from white, of 255, a pixel must be to count as content. */
const faintest = 12;

/** The smallest rectangle outside which a picture is white or transparent; all of it when it is so everywhere. */
export function contentBox({ width, height, data }: Pixels): Box {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      const ink = (255 - Math.min(data[at]!, data[at + 1]!, data[at + 2]!)) * data[at + 3]!;
      if (ink <= faintest * 255) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  if (right < 0) return { left: 0, top: 0, width, height };
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

interface Tap {
  readonly start: number;
  readonly weights: Float64Array;
}

/**
 * Weights of each output pixel over the input pixels. The triangle is one input pixel wide to either side when
 * enlarging and grows with the reduction, which is what keeps fine patterns from aliasing; weights at the border are
 * scaled to sum to 1. The same numbers as Pillow's BILINEAR, but for its rounding to bytes.
 */
export function triangleFilter(from: number, to: number): readonly Tap[] {
  const scale = from / to;
  const support = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(from, Math.trunc(centre + support + 0.5));
    const weights = Float64Array.from({ length: end - start }, (_, k) =>
      Math.max(0, 1 - Math.abs((start + k + 0.5 - centre) / support)),
    );
    const sum = weights.reduce((a, b) => a + b, 0);
    return { start, weights: weights.map((weight) => weight / sum) };
  });
}
