import {
  CognateError,
  requireSpace,
  searchIndex,
  trust,
  type Calibration,
  type CallOptions,
  type Candidate,
  type Decoder,
  type Embeddings,
  type Matches,
  type SearchIndex,
} from '@cognate/core';

export interface RetrievalSettings<Item> {
  /** Unit rows to find, at least one; kept, not copied, and indexed at a further quarter of their size. */
  readonly bank: Embeddings;
  /** `items[i]` is what row i of the bank stands for. */
  readonly items: readonly Item[];
  /**
   * Typical questions: rows of the side that asks, in the bank's space. They tell which rows of the bank are near to
   * everything; without them the bank is measured against itself, as `searchIndex()` does.
   */
  readonly queries?: Embeddings | undefined;
  /** Answers per question, at most; 10 unless told. */
  readonly k?: number | undefined;
  /** Turns scores into probabilities; answers carry no `trust` without it. */
  readonly calibration?: Calibration | undefined;
}

/**
 * Decodes a point as the nearest things that exist: CSLS over a stored bank. Each answer list depends on its own
 * question only. Nothing is computed before the first call.
 * @throws {CognateError} `invalid-input` for an empty bank or a `k` below 1, `shape-mismatch` when items and rows differ
 * in number, `space-mismatch` when the queries are of another space.
 */
export function retrieval<Item>(settings: RetrievalSettings<Item>): Decoder<readonly Candidate<Item>[]> {
  const { bank, items, queries, k = 10, calibration } = settings;
  if (bank.count === 0)
    throw new CognateError('invalid-input', 'retrieval() needs at least one thing to find, got an empty bank');
  if (items.length !== bank.count) {
    throw new CognateError(
      'shape-mismatch',
      `retrieval() needs one item per row, got ${items.length} for ${bank.count} rows`,
    );
  }
  if (!(Number.isInteger(k) && k >= 1))
    throw new CognateError('invalid-input', `retrieval() needs k of 1 or more, got ${k}`);
  if (queries) requireSpace('retrieval()', queries.space, bank.space);
  const { space } = bank;
  // The calibration looks at a fixed number of answers, however many are wanted.
  const searched = Math.max(k, calibration?.listed ?? 0);
  let index: Promise<SearchIndex> | undefined;
  let disposed = false;

  return {
    space,
    async decode(points, options = {}) {
      if (disposed) throw new CognateError('disposed', 'decode() was called on a retrieval after it had been released');
      requireSpace('decode()', points.space, space);
      options.signal?.throwIfAborted();
      const ready = await waitFor((index ??= build(options)), options.signal);
      const found = await ready.search(points, searched, options);
      return found.map(candidates);
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      await index?.then((built) => built[Symbol.dispose]()).catch(() => {});
    },
  };

  /** One index serves every call, so that no single caller may stop it; the first hears how far it has come. */
  function build({ signal, onProgress }: CallOptions): Promise<SearchIndex> {
    const anchors = queries && queries.count > 0 ? queries : undefined;
    return searchIndex(bank, { anchors }, { onProgress: (done) => signal?.aborted || onProgress?.(done) });
  }

  function candidates({ indices, scores }: Matches): Candidate<Item>[] {
    const probabilities = calibration && trust(calibration, scores);
    return Array.from(indices.subarray(0, k), (row, rank) => ({
      item: items[row]!,
      index: row,
      score: scores[rank]!,
      ...(probabilities && { trust: probabilities[rank]! }),
    }));
  }
}

/** Rejects with `signal.reason` once aborted, and leaves the work to those who still wait. */
async function waitFor<Value>(work: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (!signal) return work;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason);
  signal.addEventListener('abort', stop);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
