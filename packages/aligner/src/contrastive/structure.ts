import { activations, l2Normalize, lax, np, type DeviceArray } from '@cognate/nn';

/** Steps of the walk over neighbours that are compared. */
const levels = 2;

/** Softness of a neighbourhood, in cosines. */
const temperature = 0.1;

/**
 * How much a map changes who is whose neighbour within a batch: rows walk to their neighbours with probabilities that
 * fall with distance, and walks of one, two, ... steps are compared before and after, by the Jensen-Shannon divergence.
 * The paper gives no numbers for levels and temperature; these were chosen here. Consumes both.
 * @param before `[n, from]`. @param after `[n, to]`. @returns scalar, mean over rows, in nats: 0 (none) to ln 2.
 * @see Gröger et al. 2025, With Limited Data for Multimodal Alignment, Let the STRUCTURE Guide You, arXiv:2506.16895.
 */
export function structurePenalty(before: DeviceArray, after: DeviceArray): DeviceArray {
  const [p, q] = [lax.stopGradient(walk(before)), walk(after)];
  let [farP, farQ] = [p.ref, q.ref];
  let sum = divergence(p.ref, q.ref);
  for (let level = 2; level <= levels; level++) {
    [farP, farQ] = [np.dot(farP, p.ref), np.dot(farQ, q.ref)];
    sum = sum.add(divergence(farP.ref, farQ.ref).div(level));
  }
  for (const rest of [p, q, farP, farQ]) rest.dispose();
  return sum.div(levels);
}

/** `[n, n]`, rows sum to 1: the first step of the walk, over rows of unit length that were then centred. */
function walk(rows: DeviceArray): DeviceArray {
  const unit = l2Normalize(rows);
  const centred = unit.ref.sub(unit.mean(0, { keepdims: true }));
  return activations.softmax(np.dot(centred.ref, np.transpose(centred)).div(temperature), 1);
}

/** Jensen-Shannon, mean over rows. */
function divergence(p: DeviceArray, q: DeviceArray): DeviceArray {
  const middle = np.log(p.ref.add(q.ref).mul(0.5).add(tiny));
  const apart = (each: DeviceArray, reference: DeviceArray): DeviceArray =>
    each.ref
      .mul(np.log(each.add(tiny)).sub(reference))
      .sum(1)
      .mean();
  return apart(p, middle.ref).add(apart(q, middle)).mul(0.5);
}

/** Keeps logarithms finite. */
const tiny = 1e-12;
