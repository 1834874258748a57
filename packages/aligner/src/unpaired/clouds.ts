import { concat, rows, type Embeddings, type Random } from '@cognate/core';
import type { Tools } from '../algebra/tools.ts';
import { gathered, matrix, type Matrix, type MatrixLike } from '../algebra/matrix.ts';
import { spectrum } from '../algebra/spectrum.ts';
import { centred, meanRow } from '../pairs.ts';

/** Points of two spaces in as many dimensions, which are no pairs, and some that are. */
export interface Clouds {
  /** `[rows, dim]`, unit rows. */
  readonly source: MatrixLike;
  readonly target: MatrixLike;
  /** Row i of one belongs to row i of the other; unit rows; maybe none. */
  readonly known: { readonly source: MatrixLike; readonly target: MatrixLike };
}

/** One side's points in the directions in which they vary most. */
export interface Reduced {
  /** `[dim]`, of all rows. */
  readonly mean: Float32Array<ArrayBuffer>;
  /** `[kept, dim]`, orthonormal rows. */
  readonly directions: Matrix;
  /** `[rows, kept]`, unit rows: those without a partner and those with one. */
  readonly all: MatrixLike;
  /** `[pairs, kept]`, unit rows. */
  readonly known: MatrixLike;
}

/** Rows looked at of either side: the paper finds no gain from larger batches. */
const mostRows = 5000;

/**
 * Centres one side by the mean of all of its rows and finds its principal components; `keep()` takes the leading ones.
 */
export async function components(
  loose: Embeddings,
  known: Embeddings,
  random: Random,
  { times, breathe }: Tools,
): Promise<{ readonly rank: number; keep(kept: number): Promise<Reduced> }> {
  const every = concat([loose, known]);
  const some = every.count > mostRows ? rows(every, random.permutation(every.count).subarray(0, mostRows)) : every;
  const mean = meanRow(every);
  const side = centred(some, mean);
  const { directions } = await spectrum(side, times, breathe);
  return {
    rank: directions.rows,
    async keep(kept) {
      const leading = matrix(kept, directions.cols, directions.data.slice(0, kept * directions.cols));
      const all = unitRows(await times(side, leading, 'b'));
      return { mean, directions: leading, all, known: unitRows(await times(centred(known, mean), leading, 'b')) };
    },
  };
}

/** `count` of the rows, or all where there are fewer, in random order. */
export function sampled(x: MatrixLike, count: number, random: Random): Matrix {
  return gathered(x, random.permutation(x.rows).subarray(0, count));
}

/** In place; rows of zeros stay. */
export function unitRows(a: Matrix): Matrix {
  for (let i = 0; i < a.rows; i++) {
    const row = a.data.subarray(i * a.cols, (i + 1) * a.cols);
    let squares = 0;
    for (const value of row) squares += value * value;
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let j = 0; j < row.length; j++) row[j]! *= scale;
  }
  return a;
}
