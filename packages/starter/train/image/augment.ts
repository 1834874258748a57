import type { Random } from '@cognate/core';
import type { Box } from '@cognate/image-encoders/preprocess';
import { rasterSize } from './pictures.ts';

/** What the numbers of a pixel mean, here and in preprocessor_config.json: most of an emoji picture is white. */
export const pixelMean = 0.75;
export const pixelStd = 0.35;

/** One way to see a picture. */
export interface AugmentOptions {
  /** Pixels per side of the result. */
  readonly size: number;
  /** Where on the raster the drawing is: it is framed as `preprocess()` will frame it, then moved. */
  readonly box: Box;
  /** Whether mirroring keeps the meaning; for arrows, symbols and flags it does not. */
  readonly mayMirror: boolean;
  /** How often colours, lines and backgrounds change, 0 (never) to 1; the first steps learn faster from less. */
  readonly strength: number;
}

/**
 * Draws one stored raster anew, as another hand might have: turned, scaled, recoloured, outlined, on another
 * background, partly covered.
 * @param rgba `[rasterSize, rasterSize, 4]`, premultiplied.
 * @param out `[size, size, 3]` from `offset` on, normalised.
 */
export function augment(
  rgba: Uint8ClampedArray | Uint8Array,
  draw: Random,
  { size, box, mayMirror, strength }: AugmentOptions,
  out: Float32Array,
  offset: number,
): void {
  const count = size * size;
  const layer = transform(rgba, draw, size, box, mayMirror && draw.next() < 0.15);
  const happens = (share: number): boolean => draw.next() < share * strength;
  if (happens(0.16)) outlineSilhouette(layer, draw, size);
  const [red, green, blue] = [0, 1, 2].map((c) => layer.subarray(c * count, (c + 1) * count)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  if (happens(0.9)) recolour(red, green, blue, layer.subarray(3 * count), draw);
  compose(layer, draw, size, happens(0.3));
  if (happens(0.08)) drawEdges(layer, draw, size);
  else if (happens(0.06)) soften(layer, size);
  if (happens(0.15)) cover(layer, draw, size);
  const noise = happens(0.12) ? 0.03 * draw.next() : 0;
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) {
      let value = layer[c * count + i]!;
      if (noise) value += noise * (draw.next() + draw.next() + draw.next() - 1.5) * 2;
      out[offset + i * 3 + c] = (Math.min(1, Math.max(0, value)) - pixelMean) / pixelStd;
    }
  }
}

/** Samples through a random affine map; four bilinear taps a pixel stand in for an area filter. Planes r, g, b, a, premultiplied, 0..1. */
function transform(rgba: ArrayLike<number>, draw: Random, size: number, box: Box, mirror: boolean): Float32Array {
  const clipped = (): number => Math.max(-2, Math.min(2, draw.normal()));
  const scale = draw.next() < 0.8 ? 0.82 + 0.28 * draw.next() : 0.6 + 0.6 * draw.next();
  const aspect = Math.exp(0.07 * clipped());
  const angle = draw.next() < 0.85 ? 0.13 * clipped() : 0.35 * clipped();
  const shear = 0.06 * clipped();
  const room = Math.max(0.06, (1 - scale) / 2) * 0.8;
  const shiftX = (draw.next() * 2 - 1) * room;
  const shiftY = (draw.next() * 2 - 1) * room;
  // Output pixel -> source pixel.
  const step = Math.max(box.width, box.height) / size / scale;
  const centreX = box.left + box.width / 2 - 0.5;
  const centreY = box.top + box.height / 2 - 0.5;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const xx = (cos * step * (mirror ? -1 : 1)) / aspect;
  const xy = (sin + shear) * step;
  const yx = -sin * step * (mirror ? -1 : 1);
  const yy = cos * step * aspect;
  const count = size * size;
  const out = new Float32Array(4 * count);
  const last = rasterSize - 1;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      let r = 0;
      let g = 0;
      let b = 0;
      let a = 0;
      for (let tap = 0; tap < 4; tap++) {
        const u = x + 0.25 + 0.5 * (tap & 1) - size / 2 - shiftX * size;
        const v = y + 0.25 + 0.5 * (tap >> 1) - size / 2 - shiftY * size;
        const sx = u * xx + v * xy + centreX;
        const sy = u * yx + v * yy + centreY;
        if (sx <= -1 || sy <= -1 || sx >= rasterSize || sy >= rasterSize) continue;
        const x0 = Math.floor(sx);
        const y0 = Math.floor(sy);
        const fx = sx - x0;
        const fy = sy - y0;
        for (let corner = 0; corner < 4; corner++) {
          const cx = x0 + (corner & 1);
          const cy = y0 + (corner >> 1);
          if (cx < 0 || cy < 0 || cx > last || cy > last) continue;
          const weight = (corner & 1 ? fx : 1 - fx) * (corner >> 1 ? fy : 1 - fy);
          const at = (cy * rasterSize + cx) * 4;
          r += weight * rgba[at]!;
          g += weight * rgba[at + 1]!;
          b += weight * rgba[at + 2]!;
          a += weight * rgba[at + 3]!;
        }
      }
      const i = y * size + x;
      out[i] = r / 1020;
      out[count + i] = g / 1020;
      out[2 * count + i] = b / 1020;
      out[3 * count + i] = a / 1020;
    }
  }
  return out;
}

/** A dark line just outside the silhouette. */
function outlineSilhouette(layer: Float32Array, draw: Random, size: number): void {
  const count = size * size;
  const alpha = layer.slice(3 * count);
  const strength = 0.6 + 0.4 * draw.next();
  const tone = draw.next() < 0.8 ? 0 : 0.35 * draw.next();
  const diagonal = draw.next() < 0.5;
  for (let y = 1; y < size - 1; y++) {
    for (let x = 1; x < size - 1; x++) {
      const i = y * size + x;
      let most = Math.max(alpha[i - 1]!, alpha[i + 1]!, alpha[i - size]!, alpha[i + size]!);
      if (diagonal) {
        most = Math.max(most, alpha[i - size - 1]!, alpha[i - size + 1]!, alpha[i + size - 1]!, alpha[i + size + 1]!);
      }
      const line = Math.max(0, most - alpha[i]!) * strength;
      if (line <= 0) continue;
      for (let c = 0; c < 3; c++) layer[c * count + i]! += tone * line;
      layer[3 * count + i]! += line;
    }
  }
}

/** Hue, saturation, contrast, gain of each channel, or grey. Colours are premultiplied, so maps are linear but for the offset, which goes with alpha. */
function recolour(red: Float32Array, green: Float32Array, blue: Float32Array, alpha: Float32Array, draw: Random): void {
  const kind = draw.next();
  const saturation = kind < 0.13 ? 0 : kind < 0.7 ? 0.6 + 0.9 * draw.next() : 1;
  const hue = kind > 0.94 ? Math.PI * (2 * draw.next() - 1) : kind > 0.35 ? 0.25 * (2 * draw.next() - 1) : 0;
  const contrast = draw.next() < 0.5 ? 0.7 + 0.6 * draw.next() : 1;
  const gain = [0, 1, 2].map(() => (kind < 0.8 ? 1 + 0.25 * (2 * draw.next() - 1) : 1)) as [number, number, number];
  const pivot = 0.6;
  const [cos, sin] = [Math.cos(hue) * saturation, Math.sin(hue) * saturation];
  for (let i = 0; i < red.length; i++) {
    const a = alpha[i]!;
    if (a === 0) continue;
    const [r, g, b] = [red[i]!, green[i]!, blue[i]!];
    const grey = 0.299 * r + 0.587 * g + 0.114 * b;
    // Chroma as two axes, turned and scaled (YIQ).
    const p = 0.596 * r - 0.274 * g - 0.322 * b;
    const q = 0.211 * r - 0.523 * g + 0.312 * b;
    const p2 = p * cos - q * sin;
    const q2 = p * sin + q * cos;
    const base = (grey - pivot * a) * contrast + pivot * a;
    red[i] = Math.min(a, Math.max(0, (base + 0.956 * p2 + 0.621 * q2) * gain[0]));
    green[i] = Math.min(a, Math.max(0, (base - 0.272 * p2 - 0.647 * q2) * gain[1]));
    blue[i] = Math.min(a, Math.max(0, (base - 1.106 * p2 + 1.703 * q2) * gain[2]));
  }
}

/** Lays the drawing on white, on a plain colour or on a gradient. */
function compose(layer: Float32Array, draw: Random, size: number, coloured: boolean): void {
  const count = size * size;
  const kind = draw.next();
  const from = [0, 1, 2].map(() => (!coloured ? 1 : kind < 0.6 ? 0.8 + 0.2 * draw.next() : draw.next()));
  const plain = !coloured || kind < 0.8;
  const to = plain ? from : from.map((value) => Math.min(1, Math.max(0, value + 0.6 * (draw.next() - 0.5))));
  const [dx, dy] = [draw.next() - 0.5, draw.next() - 0.5];
  for (let c = 0; c < 3; c++) {
    for (let i = 0; i < count; i++) {
      const t = plain ? 0 : 0.5 + dx * ((i % size) / size - 0.5) * 2 + dy * (Math.floor(i / size) / size - 0.5) * 2;
      const background = from[c]! + (to[c]! - from[c]!) * t;
      layer[c * count + i]! += (1 - layer[3 * count + i]!) * background;
    }
  }
}

/** Only the lines: what a pencil would leave of the picture. */
function drawEdges(layer: Float32Array, draw: Random, size: number): void {
  const count = size * size;
  const grey = new Float32Array(count);
  for (let i = 0; i < count; i++)
    grey[i] = 0.299 * layer[i]! + 0.587 * layer[count + i]! + 0.114 * layer[2 * count + i]!;
  const strength = 1.5 + 2 * draw.next();
  const kept = draw.next() < 0.4 ? 0.5 : 0; // how much of the fill shows through
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const i = y * size + x;
      const dx = grey[y * size + Math.min(size - 1, x + 1)]! - grey[y * size + Math.max(0, x - 1)]!;
      const dy = grey[Math.min(size - 1, y + 1) * size + x]! - grey[Math.max(0, y - 1) * size + x]!;
      const line = Math.max(0, 1 - strength * Math.hypot(dx, dy));
      for (let c = 0; c < 3; c++) layer[c * count + i] = line * (1 - kept + kept * layer[c * count + i]!);
    }
  }
}

/** A small blur. */
function soften(layer: Float32Array, size: number): void {
  for (let c = 0; c < 3; c++) {
    const plane = layer.subarray(c * size * size, (c + 1) * size * size);
    const source = plane.slice();
    for (let y = 1; y < size - 1; y++) {
      for (let x = 1; x < size - 1; x++) {
        const i = y * size + x;
        plane[i] = 0.4 * source[i]! + 0.15 * (source[i - 1]! + source[i + 1]! + source[i - size]! + source[i + size]!);
      }
    }
  }
}

/** Hides a rectangle of up to a fifth of the picture. */
function cover(layer: Float32Array, draw: Random, size: number): void {
  const count = size * size;
  const width = Math.floor(size * (0.15 + 0.3 * draw.next()));
  const height = Math.floor(size * (0.15 + 0.3 * draw.next()));
  const left = draw.below(size - width);
  const top = draw.below(size - height);
  const white = draw.next() < 0.5;
  for (let c = 0; c < 3; c++) {
    const value = white ? 1 : draw.next();
    for (let y = top; y < top + height; y++) {
      layer.fill(value, c * count + y * size + left, c * count + y * size + left + width);
    }
  }
}
