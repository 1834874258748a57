import { lax, nn, numpy as np } from '@jax-js/jax';
import type { DeviceArray } from './tree.ts';

/** CLIP clips its learned inverse temperature at 100. */
const maxLogScale = Math.log(100);

/** What counts in a contrastive batch. Both are `[n, n]`, 0 or 1, row i for `a[i]` and column j for `b[j]`. */
export interface PairMasks {
  /** 1 where b[j] is right for a[i]; the diagonal when absent. A row without any is left out. */
  readonly positives?: DeviceArray;
  /** 0 where b[j] must not count against a[i] (a false negative); every positive needs a 1. All when absent. */
  readonly candidates?: DeviceArray;
}

/**
 * Symmetric InfoNCE over paired rows; with `positives` its supervised form, the mean over all right answers.
 *
 * @param a `[n, dim]`, unit rows. @param b `[n, dim]`, unit rows.
 * @param logScale scalar, logarithm of the inverse temperature; clipped at ln 100, with its gradient passed on so that
 * it can come back (CLIP starts at ln(1 / 0.07)).
 * @returns scalar, mean loss in nats of both directions; ln n is chance.
 * @see Radford et al. 2021, arXiv:2103.00020, figure 3; Khosla et al. 2020, arXiv:2004.11362, equation 2.
 */
export function infoNce(a: DeviceArray, b: DeviceArray, logScale: DeviceArray, masks: PairMasks = {}): DeviceArray {
  const { positives, candidates } = masks;
  const clipped = np.minimum(logScale.ref, maxLogScale);
  const scale = np.exp(logScale.ref.add(lax.stopGradient(clipped.sub(logScale))));
  // Where the diagonal is right, its logits need no mask of [n, n].
  const right = positives ? undefined : a.ref.mul(b.ref).sum().mul(scale.ref);
  let logits = np.dot(a, np.transpose(b)).mul(scale); // [n, n]
  if (candidates) logits = logits.add(candidates.sub(1).mul(1e9));
  if (right) {
    const n = logits.shape[0]!;
    const every = nn.logsumexp(logits.ref, 1).sum().add(nn.logsumexp(logits, 0).sum());
    return every.mul(0.5).sub(right).div(n);
  }
  return directionLoss(logits.ref, positives!.ref, 1)
    .add(directionLoss(logits, positives!, 0))
    .mul(0.5);
}

/**
 * Sigmoid loss over paired rows: every cell is a yes or no question by itself.
 *
 * @param a `[n, dim]`, unit rows. @param b `[n, dim]`, unit rows.
 * @param logScale scalar, logarithm of the inverse temperature; SigLIP starts at ln 10.
 * @param bias scalar, added to each logit: with -ln(n - 1) and cosines around 0, yes is as rare as it should be.
 * @returns scalar, nats per row: a sum over cells, divided by n.
 * @see Zhai et al. 2023, Sigmoid Loss for Language Image Pre-Training, arXiv:2303.15343, algorithm 1.
 */
export function sigmoidLoss(
  a: DeviceArray,
  b: DeviceArray,
  { logScale, bias }: { readonly logScale: DeviceArray; readonly bias: DeviceArray },
  masks: PairMasks = {},
): DeviceArray {
  const { positives, candidates } = masks;
  const logits = np.dot(a, np.transpose(b)).mul(np.exp(logScale)).add(bias); // [n, n]
  const n = logits.shape[0]!;
  const signs = (positives ?? np.eye(n)).mul(-2).add(1); // -1 where yes is right
  // softplus(v) = -log sigmoid(-v), without overflow: max(v, 0) + log(1 + exp(-|v|)).
  const wrong = logits.mul(signs);
  const losses = np.maximum(wrong.ref, 0).add(np.log(np.exp(np.abs(wrong).neg()).add(1)));
  return (candidates ? losses.mul(candidates) : losses).sum().div(n);
}

/** Cross-entropy of the mean right answer along `axis`, averaged over the lines that have one. */
function directionLoss(logits: DeviceArray, targets: DeviceArray, axis: 0 | 1): DeviceArray {
  const counts = targets.ref.sum(axis);
  const right = logits.ref.mul(targets).sum(axis).div(np.maximum(counts.ref, 1));
  const present = np.minimum(counts, 1);
  const losses = nn.logsumexp(logits, axis).sub(right).mul(present.ref);
  return losses.sum().div(np.maximum(present.sum(), 1));
}

/**
 * Mean cross-entropy in nats.
 * @param logits `[n, classes]`. @param labels `[n]` int32; a row with a negative label is left out.
 * @param smoothing share of the probability spread evenly over all classes, 0 to 1.
 */
export function crossEntropy(logits: DeviceArray, labels: DeviceArray, smoothing = 0): DeviceArray {
  // nn.oneHot clips its indices; here a negative label must give a row of zeros.
  const classes = np.arange(logits.shape[1]!, undefined, undefined, { dtype: np.int32 });
  const hot = np.equal(labels.reshape([-1, 1]), classes).astype(np.float32);
  const present = hot.ref.sum(1);
  const logs = nn.logSoftmax(logits, 1);
  const right = logs.ref
    .mul(hot)
    .sum(1)
    .mul(1 - smoothing);
  const even = logs.mean(1).mul(present.ref).mul(smoothing);
  return right.add(even).sum().neg().div(np.maximum(present.sum(), 1));
}
