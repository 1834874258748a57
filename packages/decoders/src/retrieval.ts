import {
  CognateError,
  csls,
  dotProducts,
  neighbourhood,
  requireSpace,
  topK,
  trust,
  yieldTask,
  type Calibration,
  type Candidate,
  type Decoder,
  type Embeddings,
} from '@cognate/core';

export interface RetrievalSettings<Item> {
  /** Unit rows to find, at least one; kept, not copied. */
  readonly bank: Embeddings;
  /** `items[i]` is what row i of the bank stands for. */
  readonly items: readonly Item[];
  /**
   * Typical questions: rows of the side that asks, in the bank's space. They tell which rows of the bank are near to
   * everything; without them the bank is measured against itself.
   */
  readonly queries?: Embeddings | undefined;
  /** Answers per question, at most; 10 unless told. */
  readonly k?: number | undefined;
  /** Turns scores into probabilities; answers carry no `trust` without it. */
  readonly calibration?: Calibration | undefined;
}

/** Questions per slice of work, between which an abort is heard. */
const sliceCount = 64;

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
  let crowding: Promise<Float32Array> | undefined;
  let disposed = false;

  return {
    space,
    async decode(points, { signal, onProgress } = {}) {
      if (disposed) throw new CognateError('disposed', 'decode() was called on a retrieval after it had been released');
      requireSpace('decode()', points.space, space);
      signal?.throwIfAborted();
      // One computation serves every call, so that no single caller may stop it.
      const bankSide = await (crowding ??= bankCrowding(bank, queries && queries.count > 0 ? queries : bank));
      signal?.throwIfAborted();
      const answers: (readonly Candidate<Item>[])[] = [];
      for (let start = 0; start < points.count; start += sliceCount) {
        if (start > 0) {
          await yieldTask();
          signal?.throwIfAborted();
        }
        const slice = part(points, start, sliceCount);
        const cosines = dotProducts(slice.data, bank.data, space.dim);
        for (let i = 0; i < slice.count; i++) {
          answers.push(best(cosines.subarray(i * bank.count, (i + 1) * bank.count), bankSide));
        }
        onProgress?.({ phase: 'decode', done: answers.length, total: points.count });
      }
      return answers;
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      crowding = undefined;
    },
  };

  /** @param cosines of one question with every row of the bank; overwritten. */
  function best(cosines: Float32Array, bankSide: Float32Array): Candidate<Item>[] {
    const nearest = topK(cosines, neighbours);
    const crowd = nearest.reduce((sum, j) => sum + cosines[j]! / nearest.length, 0);
    const scores = csls(cosines, [crowd], bankSide);
    // The calibration looks at a fixed number of answers, however many are wanted.
    const listed = topK(scores, Math.max(k, calibration?.listed ?? 0));
    const probabilities =
      calibration &&
      trust(
        calibration,
        listed.map((j) => scores[j]!),
      );
    return listed.slice(0, k).map((index, rank) => ({
      item: items[index]!,
      index,
      score: scores[index]!,
      ...(probabilities && { trust: probabilities[rank]! }),
    }));
  }
}

/** Neighbours that make a crowd: the paper's value. */
const neighbours = 10;

/** Crowding of every row of the bank, in slices, so that a large bank does not block the worker. */
async function bankCrowding(bank: Embeddings, queries: Embeddings): Promise<Float32Array> {
  const out = new Float32Array(bank.count);
  for (let start = 0; start < bank.count; start += sliceCount) {
    if (start > 0) await yieldTask();
    out.set(neighbourhood(part(bank, start, sliceCount), queries, neighbours), start);
  }
  return out;
}

/** Up to `count` rows from `start`, as a view. */
function part(batch: Embeddings, start: number, count: number): Embeddings {
  const { dim } = batch.space;
  const data = batch.data.subarray(start * dim, (start + count) * dim);
  return { space: batch.space, count: data.length / dim, data };
}
