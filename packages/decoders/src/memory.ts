import {
  breather,
  CognateError,
  dotProducts,
  normalizeRows,
  rows as pickRows,
  topK,
  type CallOptions,
  type Embeddings,
  type Space,
} from '@cognate/core';
import { unitPoints } from './check-points.ts';

export interface MemorySettings {
  /** Inverse temperature of the weights: the higher, the more the nearest known points count; 100 unless told. */
  readonly sharpness?: number | undefined;
  /**
   * Row i is where known point i is looked for: of unit length, in another space, such as the one where both sides of an
   * alignment meet. The known points themselves unless told; kept, not copied.
   */
  readonly keys?: Embeddings | undefined;
}

/** A known point near to one that was asked about. */
export interface Neighbour {
  readonly row: number;
  /** Of the point with the key. */
  readonly cosine: number;
}

/** Points that a decoder is at home with, to stand in for points from elsewhere. */
export interface Memory {
  /** Of the known points. */
  readonly space: Space;
  /** Of the keys, and of points that are asked about. */
  readonly asked: Space;
  readonly count: number;
  /**
   * Each point as a mix of the known ones that are near to it, of unit length: w = softmax(sharpness * v K^T) for keys K,
   * v' = normalize(w M) for known points M.
   * @throws {CognateError} `space-mismatch`; `invalid-input` naming a row with NaN or without direction.
   */
  project(points: Embeddings, options?: Pick<CallOptions, 'signal'>): Promise<Embeddings>;
  /** The `k` known points whose keys are nearest to each point by cosine, best first. @throws {CognateError} as `project()`. */
  nearest(
    points: Embeddings,
    k: number,
    options?: Pick<CallOptions, 'signal'>,
  ): Promise<readonly (readonly Neighbour[])[]>;
  /** Known points by row, copied. */
  rows(indices: readonly number[]): Embeddings;
}

/**
 * A point that came through an alignment lies near the points that a decoder was trained on, not among them; mixed from
 * known ones it does.
 * @param known at least one row, of unit length; kept, not copied.
 * @throws {CognateError} `invalid-input`; `shape-mismatch` when keys and known points differ in number.
 * @see Li et al. 2023, DeCap: Decoding CLIP Latents for Zero-Shot Captioning via Text-Only Training, arXiv:2303.03032.
 */
export function memory(known: Embeddings, { sharpness = 100, keys = known }: MemorySettings = {}): Memory {
  const { space, count, data } = known;
  const { dim } = space;
  if (count === 0) throw new CognateError('invalid-input', 'memory() needs at least one known point, got none');
  if (!(sharpness > 0 && sharpness < Infinity)) {
    throw new CognateError('invalid-input', `memory() needs a sharpness over 0, got ${sharpness}`);
  }
  if (keys.count !== count) {
    throw new CognateError('shape-mismatch', `memory() needs a key for each of ${count} points, got ${keys.count}`);
  }

  /** Calls `use` with the cosines of each point to all keys, `[count]`. */
  const compare = async (
    call: string,
    asked: Embeddings,
    { signal }: Pick<CallOptions, 'signal'>,
    use: (cosines: Float32Array, row: number) => void,
  ): Promise<void> => {
    const points = unitPoints(call, asked, keys.space);
    const width = keys.space.dim;
    const breathe = breather(signal);
    signal?.throwIfAborted();
    for (let row = 0; row < points.count; row++) {
      await breathe();
      use(dotProducts(points.data.subarray(row * width, (row + 1) * width), keys.data, width), row);
    }
  };

  return {
    space,
    asked: keys.space,
    count,
    async project(points, options = {}) {
      const out = new Float32Array(points.count * dim);
      await compare('project()', points, options, (cosines, row) => {
        const most = cosines.reduce((a, b) => Math.max(a, b), -Infinity);
        const mix = new Float64Array(dim);
        cosines.forEach((cosine, i) => {
          const weight = Math.exp(sharpness * (cosine - most));
          // Most known points are far away, and their weight is less than a rounding error.
          if (weight < 1e-9) return;
          for (let k = 0; k < dim; k++) mix[k]! += weight * data[i * dim + k]!;
        });
        out.set(mix, row * dim);
      });
      // The sum points where the mean points.
      normalizeRows(out, dim);
      return { space, count: points.count, data: out };
    },
    async nearest(points, k, options = {}) {
      const found: (readonly Neighbour[])[] = [];
      await compare('nearest()', points, options, (cosines) => {
        found.push(topK(cosines, k).map((row) => ({ row, cosine: cosines[row]! })));
      });
      return found;
    },
    rows: (indices) => pickRows(known, indices),
  };
}
