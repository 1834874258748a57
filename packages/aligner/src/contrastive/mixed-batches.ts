import { random } from '@cognate/core';
import { batches, tensor, type BatchesState, type MapTree, type Tensor } from '@cognate/nn';
import { members } from '../groups.ts';
import type { Pairs, Side } from '../pairs.ts';
import type { ContrastiveBatch } from './contrastive.ts';

/** Plain data: a stream goes on from here. */
export interface MixedBatchesState {
  readonly groups: BatchesState;
  /** State of the generator that picks rows and shares. */
  readonly draw: number;
}

/** Batches of pairs without end. */
export interface MixedBatches {
  next(): MapTree<ContrastiveBatch, Tensor>;
  /** Pairs a batch. */
  readonly size: number;
  readonly state: MixedBatchesState;
}

/**
 * Groups in random order, of each one a random source row and a random target row, since any two rows of a group are
 * right for each other. So no batch holds two pairs of one group. Pairs are mixed with one another, by the same share
 * on both sides.
 * @param size pairs a batch; at most one of each group.
 * @param mixup share of pairs that are mixed, 0 to 1.
 * @param start a seed, or the state of an earlier stream.
 * @see Vouitsis et al. 2024, Data-Efficient Multimodal Fusion on a Single GPU, arXiv:2312.10144, for the mixing.
 */
export function mixedBatches(
  { source, target, groups }: Pairs,
  { size, mixup, start }: { readonly size: number; readonly mixup: number; readonly start: number | MixedBatchesState },
): MixedBatches {
  const byGroup = [...members(groups).values()];
  const batch = Math.min(size, byGroup.length);
  const order = batches(byGroup.length, batch, typeof start === 'number' ? start : start.groups);
  // Apart from the generator of the order, but of the same seed.
  const draw = random(typeof start === 'number' ? start ^ 0x5bd1e995 : start.draw);
  return {
    next() {
      const chosen = order.next();
      const pick = (side: Side): Float32Array<ArrayBuffer> => {
        const out = new Float32Array(batch * side.cols);
        chosen.forEach((group, i) => {
          const rows = byGroup[group]!;
          const row = rows[draw.below(rows.length)]!;
          out.set(side.data.subarray(row * side.cols, (row + 1) * side.cols), i * side.cols);
        });
        return out;
      };
      const x = pick(source);
      const y = pick(target);
      const shares = Float32Array.from({ length: batch }, () => (draw.next() < mixup ? draw.next() : 0));
      return {
        source: tensor([batch, source.cols], mixed(x, source.cols, shares)),
        target: tensor([batch, target.cols], mixed(y, target.cols, shares)),
      };
    },
    size: batch,
    get state() {
      return { groups: order.state, draw: draw.state };
    },
  };
}

/** Row i takes in a share of row i + 1; the last one of the first. */
function mixed(rows: Float32Array<ArrayBuffer>, dim: number, shares: Float32Array): Float32Array<ArrayBuffer> {
  const out = rows.slice();
  shares.forEach((share, i) => {
    if (share === 0) return;
    const [at, other] = [i * dim, ((i + 1) % shares.length) * dim];
    for (let j = 0; j < dim; j++) out[at + j] = (1 - share) * rows[at + j]! + share * rows[other + j]!;
  });
  return out;
}
