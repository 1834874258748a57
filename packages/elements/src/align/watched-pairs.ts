import type { Embeddings } from '@cognate/core';
import { planes, steady, type Plane } from './plane.ts';
import { apart, together, type Scene } from './space-picture.ts';
import type { Pairs, Side } from './task.ts';

/** As many points as an eye can follow. */
const followed = 160;

/** A few pairs of a run, drawn where they lie: each side by itself at first, then both where they are put. */
export class WatchedPairs {
  /** Row i of `source` belongs to row i of `target`; absent where the page does not know the pairs of a run. */
  readonly rows: Pick<Pairs, 'source' | 'target'> | undefined;

  readonly #warm: Side;
  /** The target side as it was drawn last: the next picture is turned to lie as near to it as it can. */
  #last: Plane | undefined;

  /** @param warm side that is drawn warm. @param pairs some are watched of those that nothing is learned from, if there are any. */
  constructor(warm: Side, pairs?: Pairs) {
    this.#warm = warm;
    const { source, target } = pairs?.heldOut ?? pairs ?? {};
    if (source && target) this.rows = { source: some(source), target: some(target) };
  }

  /** Each side by itself, in the plane of its own spread. */
  async apart(): Promise<Scene | undefined> {
    if (!this.rows) return undefined;
    const [source] = await planes(this.rows.source);
    const [target] = await planes(this.rows.target);
    this.#last = target;
    return this.#scene(apart, source, target);
  }

  /** Both sides in one plane. The rows are those watched, wherever an alignment has put them. */
  async together(sourceRows: Embeddings, targetRows: Embeddings): Promise<Scene> {
    const [source, target] = await planes(sourceRows, targetRows);
    if (this.#last) steady([source, target], target.slice(), this.#last);
    this.#last = target;
    return this.#scene(together, source, target);
  }

  #scene(draw: (cool: Plane, warm: Plane) => Scene, source: Plane, target: Plane): Scene {
    return this.#warm === 'target' ? draw(source, target) : draw(target, source);
  }
}

/** Rows spread over the whole batch, as many as can be followed; the same rows for batches of one size. */
function some({ space, count, data }: Embeddings): Embeddings {
  const kept = Math.min(count, followed);
  const out = new Float32Array(kept * space.dim);
  for (let i = 0; i < kept; i++) {
    const row = Math.floor((i * count) / kept);
    out.set(data.subarray(row * space.dim, (row + 1) * space.dim), i * space.dim);
  }
  return { space, count: kept, data: out };
}
