import { CognateError, dotProducts, normalize, normalizeRows, type Embeddings } from '@cognate/core';
import { requireDim, requireRows } from '../checks.ts';

/**
 * Share of points, 0 to 1, whose nearest class is their own. A class is the direction of the mean of its prompts' unit
 * rows ("a photo of a cat", "a drawing of a cat"); chance is 1 / classes where classes are equally large.
 * @param points `[count, dim]`. @param labels `[count]`, index of each point's class.
 * @param classes for each class its prompts in the same space, `[prompts, dim]`, at least one.
 * @throws {CognateError} `shape-mismatch`, `invalid-input`.
 * @see Radford et al. 2021, arXiv:2103.00020, section 3.1.
 */
export function zeroShotAccuracy(
  points: Embeddings,
  labels: ArrayLike<number>,
  classes: readonly Embeddings[],
): number {
  requireRows('zeroShotAccuracy()', points);
  if (labels.length !== points.count) {
    throw new CognateError(
      'shape-mismatch',
      `zeroShotAccuracy() needs a label for each of the ${points.count} points, got ${labels.length}`,
    );
  }
  const { dim } = points.space;
  const directions = new Float32Array(classes.length * dim);
  for (const [c, prompts] of classes.entries()) {
    requireRows('zeroShotAccuracy()', prompts);
    requireDim('zeroShotAccuracy()', points, prompts);
    normalize(prompts).data.forEach((value, at) => (directions[c * dim + (at % dim)]! += value));
  }
  normalizeRows(directions, dim);
  // The length of a point changes none of its comparisons.
  const scores = dotProducts(points.data, directions, dim);
  let right = 0;
  for (let i = 0; i < points.count; i++) {
    const label = labels[i]!;
    if (!(label in classes)) {
      throw new CognateError(
        'invalid-input',
        `zeroShotAccuracy() needs labels from 0 to ${classes.length - 1}, got ${label} for point ${i}`,
      );
    }
    const line = scores.subarray(i * classes.length, (i + 1) * classes.length);
    if (line.indexOf(line.reduce((a, b) => Math.max(a, b))) === label) right++;
  }
  return right / points.count;
}
