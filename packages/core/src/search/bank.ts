import type { Breathe } from '../breather.ts';
import { CognateError } from '../errors.ts';
import type { Embeddings } from '../embeddings.ts';
import { longestRow } from './codes.ts';
import { codeEstimator, plainEstimator, type Estimate, type Estimator } from './estimator.ts';
import { exactDots } from './exact-dots.ts';
import { nearest, type Nearest, type Ranking } from './nearest.ts';

/** One query, looked up: good until the next is asked for. */
export interface LookUp {
  /** The `k` rows with the largest dot products. */
  byDot(k: number): Nearest;
  /** The `k` rows with the best CSLS scores. @param crowding `[count]`, one number a row. */
  byCsls(k: number, crowd: number, crowding: Crowding): Nearest;
}

/** How crowded it is around each row of a bank, on the side that asks. */
export interface Crowding {
  /** `[count]`: mean dot product with the nearest anchors. */
  readonly values: Float32Array<ArrayBuffer>;
  /** Largest magnitude among them. */
  readonly largest: number;
}

/** Rows made ready to be searched. */
export interface Bank {
  /** Bytes held beside the rows. */
  readonly bytes: number;
  /** Every query in turn. @throws {CognateError} `invalid-input` naming the first query that is not finite. */
  lookUp(
    call: string,
    queries: Embeddings,
    breathe: Breathe,
    use: (query: LookUp, index: number) => void,
  ): Promise<void>;
}

/** Below so many numbers, codes save nothing. */
const codedFrom = 2 ** 16;

function requireWhole(call: string, { space, count, data }: Embeddings): void {
  if (data.length === count * space.dim) return;
  throw new CognateError(
    'shape-mismatch',
    `${call} needs ${count} rows of ${space.dim} numbers, got ${data.length} numbers`,
  );
}

/** @throws {CognateError} `invalid-input` naming the first row that is not finite, `shape-mismatch` for missing numbers. */
export async function bank(
  call: string,
  rows: Embeddings,
  breathe: Breathe,
  onRow?: (done: number) => void,
): Promise<Bank> {
  const { dim } = rows.space;
  requireWhole(call, rows);
  const longest = await longestRow(call, rows.data, dim, breathe);
  const coded = rows.data.length >= codedFrom ? await codeEstimator(rows, breathe, onRow) : undefined;
  const estimator: Estimator = coded ?? plainEstimator(rows);
  const none = new Float32Array(rows.count);
  return {
    bytes: estimator.bytes + none.byteLength,
    async lookUp(name, queries, pause, use) {
      requireWhole(name, queries);
      await longestRow(name, queries.data, dim, pause);
      for (let start = 0; start < queries.count; start += estimator.width) {
        const some = queries.data.subarray(start * dim, (start + estimator.width) * dim);
        const estimates = estimator.estimate(some);
        estimates.forEach((estimate, q) => use(lookUp(some.subarray(q * dim, (q + 1) * dim), estimate), start + q));
        await pause();
      }
    },
  };

  function lookUp(query: Float32Array, estimate: Estimate): LookUp {
    const exact = (indices: readonly number[]): Float32Array => exactDots(query, rows.data, indices);
    const by = (k: number, ranking: Omit<Ranking, 'slack'>, largest: number): Nearest =>
      nearest(
        estimate,
        k,
        { ...ranking, slack: 1e-6 * (estimate.queryLength * longest + largest + Math.abs(ranking.crowd)) },
        exact,
      );
    return {
      byDot: (k) => by(k, { weight: 1, crowd: 0, crowding: none }, 0),
      byCsls: (k, crowd, { values, largest }) => by(k, { weight: 2, crowd, crowding: values }, largest),
    };
  }
}
