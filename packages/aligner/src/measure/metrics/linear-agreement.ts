import { breather, CognateError, type CallOptions, type Embeddings } from '@cognate/core';
import { eigh } from '../../algebra/eigh.ts';
import type { Matrix } from '../../algebra/matrix.ts';
import { slicedMultiply } from '../../algebra/slices.ts';
import { csa } from '../../closed-form/csa.ts';
import { procrustes } from '../../closed-form/procrustes.ts';
import { centred, offsets } from '../../pairs.ts';
import { requirePaired } from '../checks.ts';

/** How well a rotation superimposes two sides. */
export interface RotationFit {
  /** Singular values of the products of both sides, largest first; their sum is what the best rotation reaches. */
  readonly singularValues: Float64Array<ArrayBuffer>;
  /** Mean cosine, -1 to 1, of each source row with its target row once rotated. */
  readonly meanCosine: number;
  /** `[from, to]`. */
  readonly rotation: Matrix;
}

/**
 * Rotates one side onto the other, after centring and scaling rows to unit length, and says how well they match. The
 * pairs are the ones fitted to: with fewer rows than dimensions any two sides match.
 * @param x `[count, from]`. @param y `[count, to]`, row i belongs to row i.
 * @throws {CognateError} `shape-mismatch`, `invalid-input`. Aborting rejects with `signal.reason`.
 * @see Schönemann 1966, A Generalized Solution of the Orthogonal Procrustes Problem.
 */
export async function rotationFit(x: Embeddings, y: Embeddings, { signal }: CallOptions = {}): Promise<RotationFit> {
  requirePaired('rotationFit()', x, y, 2);
  const breathe = breather(signal);
  const times = slicedMultiply(breathe);
  const [a, b] = [centred(x), centred(y)];
  const cross = await times(a, b, 'a');
  const { values } = await eigh(await times(cross, cross, cross.cols > cross.rows ? 'b' : 'a'), breathe);
  const rotation = await procrustes(a, b, times, breathe);
  const turned = await times(a, rotation);
  let cosines = 0;
  for (let i = 0; i < x.count; i++) {
    let [dot, squared] = [0, 0];
    for (let j = 0; j < b.cols; j++) {
      dot += turned.data[i * b.cols + j]! * b.data[i * b.cols + j]!;
      squared += turned.data[i * b.cols + j]! ** 2;
    }
    if (squared > 0) cosines += dot / Math.sqrt(squared);
  }
  return {
    singularValues: values.map((value) => Math.sqrt(Math.max(0, value))),
    meanCosine: cosines / x.count,
    rotation,
  };
}

/**
 * Canonical correlations of paired rows, largest first, 0 to 1: how well the best direction of one side predicts the
 * best of the other, then the next. Without regularisation they are all 1 where rows are fewer than dimensions.
 * @param x `[count, from]`. @param y `[count, to]`.
 * @param strength regularisation in shares of the mean variance, 0 or more; 0, none, unless told.
 * @returns as many as the side of fewer independent directions has.
 * @throws {CognateError} `shape-mismatch`, `invalid-input`. Aborting rejects with `signal.reason`.
 * @see Hotelling 1936, Relations Between Two Sets of Variates.
 */
export async function canonicalCorrelations(
  x: Embeddings,
  y: Embeddings,
  { strength = 0, signal }: CallOptions & { readonly strength?: number } = {},
): Promise<Float64Array<ArrayBuffer>> {
  requirePaired('canonicalCorrelations()', x, y, 2);
  if (!(strength >= 0)) {
    throw new CognateError(
      'invalid-input',
      `canonicalCorrelations() needs strength to be a number from 0 on, got ${strength}`,
    );
  }
  const breathe = breather(signal);
  const times = slicedMultiply(breathe);
  const everything = { widest: Infinity, faintest: 0 };
  const side = (points: Embeddings): Matrix => (strength > 0 ? offsets(points) : inOwnUnits(offsets(points)));
  return (await csa(side(x), side(y), strength, times, breathe, everything)).correlations;
}

/** Columns of length 1, in place: without a penalty their units make no difference but for rounding. */
function inOwnUnits(side: Matrix): Matrix {
  const { rows, cols, data } = side;
  for (let j = 0; j < cols; j++) {
    let squared = 0;
    for (let i = 0; i < rows; i++) squared += data[i * cols + j]! ** 2;
    const scale = squared > 0 ? 1 / Math.sqrt(squared) : 0;
    for (let i = 0; i < rows; i++) data[i * cols + j]! *= scale;
  }
  return side;
}
