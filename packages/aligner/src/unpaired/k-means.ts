import type { Breathe, Random } from '@cognate/core';
import { matrix, type Matrix, type MatrixLike, type Multiply } from '../algebra/matrix.ts';

/** Rounds of moving the centres; clusters of a few thousand rows settle before. */
const mostRounds = 50;

/**
 * Groups rows around `count` centres (Lloyd's algorithm, k-means++ seeds).
 * @param x `[rows, dim]`, unit rows. @param count at most `x.rows`.
 * @returns centres `[count, dim]`, means of their rows, and the centre of each row.
 * @see Arthur and Vassilvitskii 2007, k-means++: The Advantages of Careful Seeding.
 */
export async function kMeans(
  x: MatrixLike,
  count: number,
  random: Random,
  times: Multiply,
  breathe: Breathe,
): Promise<{ centres: Matrix; labels: Int32Array<ArrayBuffer> }> {
  if (count > x.rows || count < 1) {
    throw new RangeError(`kMeans() needs 1 to ${x.rows} centres for ${x.rows} rows, got ${count}`);
  }
  let centres = seeds(x, count, random);
  const labels = new Int32Array(x.rows).fill(-1);
  for (let round = 0; round < mostRounds; round++) {
    const dots = await times(x, centres, 'b'); // [rows, count]
    if (!relabel(dots, squaredNorms(centres), labels)) break;
    centres = means(x, labels, count, random);
    await breathe();
  }
  return { centres, labels };
}

/** Rows far from those chosen before, with chances in proportion to the squared distance. */
function seeds(x: MatrixLike, count: number, random: Random): Matrix {
  const centres = matrix(count, x.cols);
  const distances = new Float64Array(x.rows).fill(Infinity);
  let chosen = random.below(x.rows);
  for (let c = 0; ; c++) {
    const centre = x.data.subarray(chosen * x.cols, (chosen + 1) * x.cols);
    centres.data.set(centre, c * x.cols);
    if (c === count - 1) return centres;
    let total = 0;
    for (let i = 0; i < x.rows; i++) {
      let distance = 0;
      for (let j = 0, at = i * x.cols; j < x.cols; j++, at++) distance += (x.data[at]! - centre[j]!) ** 2;
      distances[i] = Math.min(distances[i]!, distance);
      total += distances[i]!;
    }
    chosen = draw(distances, total, random);
  }
}

/** An index, with chances in proportion to the weights; any index where all are 0. */
function draw(weights: Float64Array, total: number, random: Random): number {
  if (!(total > 0)) return random.below(weights.length);
  let rest = random.next() * total;
  for (let i = 0; i < weights.length; i++) {
    rest -= weights[i]!;
    if (rest < 0) return i;
  }
  return weights.length - 1;
}

/** Sends each row to its nearest centre; true when any moved. */
function relabel(dots: Matrix, norms: Float64Array, labels: Int32Array): boolean {
  let moved = false;
  for (let i = 0; i < dots.rows; i++) {
    let best = 0;
    let least = Infinity;
    for (let c = 0; c < dots.cols; c++) {
      const distance = norms[c]! - 2 * dots.data[i * dots.cols + c]!;
      if (distance < least) [best, least] = [c, distance];
    }
    if (labels[i] !== best) moved = true;
    labels[i] = best;
  }
  return moved;
}

/** The mean of each cluster's rows; a cluster that lost all of its rows starts anew at a random row. */
function means(x: MatrixLike, labels: Int32Array, count: number, random: Random): Matrix {
  const out = matrix(count, x.cols);
  const sizes = new Float64Array(count);
  for (let i = 0; i < x.rows; i++) {
    const c = labels[i]!;
    sizes[c]!++;
    for (let j = 0, at = c * x.cols, from = i * x.cols; j < x.cols; j++, at++, from++) out.data[at]! += x.data[from]!;
  }
  for (let c = 0; c < count; c++) {
    const centre = out.data.subarray(c * x.cols, (c + 1) * x.cols);
    if (sizes[c] === 0) {
      const row = random.below(x.rows);
      centre.set(x.data.subarray(row * x.cols, (row + 1) * x.cols));
    } else {
      for (let j = 0; j < x.cols; j++) centre[j]! /= sizes[c]!;
    }
  }
  return out;
}

function squaredNorms(a: Matrix): Float64Array {
  const out = new Float64Array(a.rows);
  for (let i = 0, at = 0; i < a.rows; i++) for (let j = 0; j < a.cols; j++, at++) out[i]! += a.data[at]! ** 2;
  return out;
}
