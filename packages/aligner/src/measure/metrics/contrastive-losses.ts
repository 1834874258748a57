import { CognateError } from '@cognate/core';
import { requireScores } from '../checks.ts';

/**
 * Symmetric InfoNCE of paired rows, in nats: `rows` asks each source for its target, `columns` each target for its
 * source; ln(n) is chance level.
 * @param cosines `[n, n]`: the right partner of i is i.
 * @param scale inverse temperature, > 0; CLIP starts at 1 / 0.07.
 * @throws {CognateError} `shape-mismatch`, `invalid-input`.
 * @see Radford et al. 2021, Learning Transferable Visual Models From Natural Language Supervision, arXiv:2103.00020.
 */
export function infoNceLoss(
  cosines: ArrayLike<number>,
  scale: number,
): { readonly rows: number; readonly columns: number; readonly mean: number } {
  const n = sideOf('infoNceLoss()', cosines);
  const along = (step: number, across: number): number => {
    let loss = 0;
    for (let i = 0; i < n; i++) {
      let top = -Infinity;
      for (let j = 0; j < n; j++) top = Math.max(top, scale * cosines[i * across + j * step]!);
      let sum = 0;
      for (let j = 0; j < n; j++) sum += Math.exp(scale * cosines[i * across + j * step]! - top);
      loss += (top + Math.log(sum) - scale * cosines[i * (n + 1)]!) / n;
    }
    return loss;
  };
  const rows = along(1, n);
  const columns = along(n, 1);
  return { rows, columns, mean: (rows + columns) / 2 };
}

/**
 * Sigmoid loss of paired rows, in nats per row: every cell is a yes or no question by itself.
 * @param cosines `[n, n]`: the right partner of i is i.
 * @param scale inverse temperature. @param bias what is added to each logit; SigLIP starts at 10 and -10.
 * @throws {CognateError} `shape-mismatch`, `invalid-input`.
 * @see Zhai et al. 2023, Sigmoid Loss for Language Image Pre-Training, arXiv:2303.15343, Algorithm 1.
 */
export function sigmoidLoss(cosines: ArrayLike<number>, scale: number, bias: number): number {
  const n = sideOf('sigmoidLoss()', cosines);
  let loss = 0;
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = 0; j < n; j++, at++) {
      const logit = (i === j ? 1 : -1) * (scale * cosines[at]! + bias);
      // -log sigmoid(logit), without overflow.
      loss += (Math.max(0, -logit) + Math.log1p(Math.exp(-Math.abs(logit)))) / n;
    }
  }
  return loss;
}

function sideOf(call: string, cosines: ArrayLike<number>): number {
  const n = Math.floor(Math.sqrt(cosines.length));
  if (n < 1 || n * n !== cosines.length) {
    const message = `${call} needs the cosines of n rows with n others, n x n of them, got ${cosines.length}`;
    throw new CognateError('shape-mismatch', message);
  }
  requireScores(call, cosines, n);
  return n;
}
