import { random } from '@cognate/core';
import { styleDim, styleFeatures, type SparseRow } from './style-features.ts';

/** The likeliest style of a picture, by index. */
export type StyleClassifier = (picture: Uint8Array) => number;

const passes = 20;
const rate = 0.1;
/** Share of each weight that a pass takes away. */
const decay = 0.02;

/**
 * Logistic regression on what fills the areas, lines the rim and makes the silhouette of real pictures.
 * @param pictures premultiplied RGBA, 0..255, `[64, 64, 4]` each. @param labels index of each one's style.
 * @see Duchi et al. 2011, Adaptive Subgradient Methods: few pictures have a given colour, which then counts at once.
 */
export function trainStyleClassifier(
  pictures: readonly Uint8Array[],
  labels: readonly number[],
  styles: number,
): StyleClassifier {
  const weights = new Float32Array(styleDim * styles);
  const squares = new Float32Array(styleDim * styles).fill(1);
  const rows = pictures.map(styleFeatures);
  const draw = random(1);
  for (let pass = 0; pass < passes; pass++) {
    for (const at of draw.permutation(rows.length)) {
      const chances = softmax(scores(weights, rows[at]!, styles));
      chances[labels[at]!]! -= 1;
      for (const [place, value] of rows[at]!) {
        chances.forEach((slope, style) => {
          const i = place * styles + style;
          const step = slope * value;
          squares[i]! += step ** 2;
          weights[i]! -= (rate * step) / Math.sqrt(squares[i]!);
        });
      }
    }
    for (let i = 0; i < weights.length; i++) weights[i]! *= 1 - decay;
  }
  return (picture) => {
    const found = scores(weights, styleFeatures(picture), styles);
    return found.indexOf(Math.max(...found));
  };
}

function scores(weights: Float32Array, row: SparseRow, styles: number): number[] {
  const out = new Array<number>(styles).fill(0);
  for (const [place, value] of row) {
    for (let style = 0; style < styles; style++) out[style]! += value * weights[place * styles + style]!;
  }
  return out;
}

function softmax(values: readonly number[]): number[] {
  const most = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - most));
  const total = powers.reduce((sum, value) => sum + value, 0);
  return powers.map((value) => value / total);
}
