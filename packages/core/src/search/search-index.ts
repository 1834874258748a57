import { breather } from '../breather.ts';
import type { CallOptions } from '../contracts.ts';
import { requireSpace, type Embeddings, type Space } from '../embeddings.ts';
import { CognateError } from '../errors.ts';
import { bank } from './bank.ts';
import { crowd, measureCrowding, neighbours } from './crowding.ts';

/** What was found for one query, best first; equal scores keep the order of the rows. */
export interface Matches {
  /** Rows of the index. */
  readonly indices: Uint32Array<ArrayBuffer>;
  /** CSLS scores. */
  readonly scores: Float32Array<ArrayBuffer>;
  readonly cosines: Float32Array<ArrayBuffer>;
}

/** Points made ready to be searched. Releasing it lets go of its memory; later calls reject with `disposed`. */
export interface SearchIndex extends Disposable {
  readonly space: Space;
  readonly count: number;
  /** Bytes held beside the points: about a byte per number of theirs. */
  readonly bytes: number;
  /**
   * The `k` best rows for each query by CSLS, or all where there are fewer: exactly those that comparing with every row
   * would give, whatever the device. One query's answer does not depend on the others.
   * @throws {CognateError} `space-mismatch`; `invalid-input` for a `k` below 1, or naming a query with NaN or infinity;
   * `disposed`.
   */
  search(queries: Embeddings, k: number, options?: CallOptions): Promise<readonly Matches[]>;
}

/**
 * Makes points ready for exact search by CSLS, 2 cos(x, y) - r(x) - r(y). Where WebAssembly has SIMD, a query reads one
 * byte per number, which bounds every score, and then in full the few rows that these bounds leave in question.
 * @param points unit rows; kept, not copied, and not to be changed while the index is in use.
 * @param settings `anchors` are typical queries, in the same space: r(y) is measured against them. Without them it is
 * measured against the points themselves; of more than 1,024 against 1,024 spread evenly, each row counting itself too.
 * @throws {CognateError} `space-mismatch`, or `invalid-input` naming a row with NaN or infinity.
 * @see Conneau et al. 2018, Word Translation Without Parallel Data, arXiv:1710.04087, equation 3.
 */
export async function searchIndex(
  points: Embeddings,
  { anchors }: { readonly anchors?: Embeddings | undefined } = {},
  { signal, onProgress }: CallOptions = {},
): Promise<SearchIndex> {
  const { space, count } = points;
  if (anchors) requireSpace('searchIndex()', anchors.space, space);
  signal?.throwIfAborted();
  const breathe = breather(signal);
  // Every row is coded, then measured.
  const report = (done: number): void => onProgress?.({ phase: 'prepare', done, total: 2 * count });
  const rows = await bank('searchIndex()', points, breathe, report);
  const crowding = await measureCrowding('searchIndex()', points, anchors, breathe, (done) => report(count + done));
  onProgress?.({ phase: 'prepare', done: 2 * count, total: 2 * count });
  let searched: { rows: typeof rows; crowding: typeof crowding } | undefined = { rows, crowding };

  return {
    space,
    count,
    bytes: rows.bytes + crowding.values.byteLength,
    async search(queries, k, { signal, onProgress } = {}) {
      if (!searched) throw new CognateError('disposed', 'search() was called on an index after it had been released');
      requireSpace('search()', queries.space, space);
      if (!(Number.isInteger(k) && k >= 1)) {
        throw new CognateError('invalid-input', `search() needs k of 1 or more, got ${k}`);
      }
      signal?.throwIfAborted();
      const { rows, crowding } = searched;
      const found: Matches[] = [];
      await rows.lookUp('search()', queries, breather(signal), (query) => {
        const best = query.byCsls(k, crowd(query.byDot(neighbours).dots), crowding);
        found.push({
          indices: Uint32Array.from(best.indices),
          scores: Float32Array.from(best.scores),
          cosines: Float32Array.from(best.dots),
        });
        const done = found.length;
        if (done % 16 === 0 || done === queries.count) onProgress?.({ phase: 'decode', done, total: queries.count });
      });
      return found;
    },
    [Symbol.dispose]() {
      searched = undefined;
    },
  };
}
