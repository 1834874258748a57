import { trust, type Calibration } from '@cognate/core';

/** One query's best answers. */
export interface AnswerList {
  /** Best first. */
  readonly scores: readonly number[];
  /** Position of the right one; -1 when it is not among them. */
  readonly right: number;
}

/**
 * Slope and offset of `trust()` that make what happened most likely. The likelihood is concave, so Newton's method
 * finds the one maximum; a faint prior (standard deviation 200 and 20) keeps it finite where answers are all right or
 * all wrong. The slope is at least 0: a higher score never means less trust.
 */
export function estimateTrust(lists: readonly AnswerList[]): Pick<Calibration, 'slope' | 'offset' | 'queries'> {
  const precision = [1 / 200 ** 2, 1 / 20 ** 2] as const;
  const objective = (slope: number, offset: number): number => {
    let sum = -0.5 * (precision[0] * slope ** 2 + precision[1] * offset ** 2);
    for (const { scores, right } of lists) {
      const chances = trust({ slope, offset, listed: scores.length, candidates: 0, queries: 0 }, scores);
      const none = 1 - chances.reduce((total, chance) => total + chance, 0);
      sum += Math.log(Math.max(right < 0 ? none : chances[right]!, 1e-300));
    }
    return sum;
  };
  let slope = 0;
  let offset = 0;
  let value = objective(slope, offset);
  for (let round = 0; round < 100; round++) {
    let [g0, g1] = [-precision[0] * slope, -precision[1] * offset];
    let [h00, h01, h11] = [precision[0], 0, precision[1]];
    for (const { scores, right } of lists) {
      const chances = trust({ slope, offset, listed: scores.length, candidates: 0, queries: 0 }, scores);
      let mean = 0;
      let square = 0;
      let total = 0;
      chances.forEach((chance, i) => {
        mean += chance * scores[i]!;
        square += chance * scores[i]! ** 2;
        total += chance;
      });
      g0 += (right < 0 ? 0 : scores[right]!) - mean;
      g1 += (right < 0 ? 0 : 1) - total;
      h00 += square - mean ** 2;
      h01 += mean - mean * total;
      h11 += total - total ** 2;
    }
    const determinant = h00 * h11 - h01 ** 2;
    let [d0, d1] = [(h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant];
    // At the bound of the slope the offset goes where it is best for that slope.
    if (slope + d0 < 0) [d0, d1] = [-slope, (g1 + h01 * slope) / h11];
    let step = 1;
    let next = objective(slope + d0, offset + d1);
    for (; next < value && step > 1e-6; next = objective(slope + step * d0, offset + step * d1)) step /= 2;
    if (!(next > value + 1e-10)) break;
    slope += step * d0;
    offset += step * d1;
    value = next;
  }
  return { slope, offset, queries: lists.length };
}
