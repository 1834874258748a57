import { normalizeRows, type Breathe } from '@cognate/core';
import { inversePositiveDefinite } from '../algebra/inverse.ts';
import { matrix, type Matrix, type Multiply } from '../algebra/matrix.ts';
import type { Ranked } from '../measure/judge.ts';
import { retrievalRanks, scoreOneAnother } from '../measure/retrieval.ts';
import type { Tools } from '../algebra/tools.ts';
import { smoother, type Kernel } from './kernel.ts';

/**
 * How pairs rank among those of their part when their part is left out: cross-validation of CSA, by any kernel, for one
 * inverse a side and no fit of its own for each part. It tells settings of one kernel apart, not methods: the means have
 * seen the parts, and places get unit length before CSA would weight their directions.
 * @param parts rows to leave out together, each part in its turn.
 */
export async function leaveOutRanks(
  { source, target }: Readonly<Record<'source' | 'target', Kernel>>,
  strength: number,
  groups: ArrayLike<number>,
  parts: readonly (readonly number[])[],
  { times, breathe }: Tools,
): Promise<Ranked[]> {
  const from = await smoother(source, strength, times, breathe);
  const to = await smoother(target, strength, times, breathe);
  const ranked: Ranked[] = [];
  for (const out of parts) {
    const left = new Set(out);
    const rest = Array.from({ length: groups.length }, (_, i) => i).filter((i) => !left.has(i));
    const labels = out.map((i) => groups[i]!);
    const there = { rows: unitRows(await leftOut(from, out, rest, times, breathe)), groups: labels };
    const back = { rows: unitRows(await leftOut(to, out, rest, times, breathe)), groups: labels };
    const { forward, backward } = await scoreOneAnother(there.rows, back.rows, rest.length, { times, breathe });
    ranked.push({
      forward: retrievalRanks({ ...forward, queries: there, bank: back }, 'scores'),
      backward: retrievalRanks({ ...backward, queries: back, bank: there }, 'scores'),
    });
  }
  return ranked;
}

/**
 * The weights with which some rows would be rebuilt from all others, had these alone been known: with `G` the smoother,
 * `-G[out, out]⁻¹ G[out, rest]`. Exact but for the centring, which keeps the means of all rows; so that leaving
 * rows out, in as many ways as one likes, costs one inverse.
 * @param out indices of the rows left out. @returns `[out, rest]`.
 */
async function leftOut(
  g: Matrix,
  out: readonly number[],
  rest: readonly number[],
  times: Multiply,
  breathe: Breathe,
): Promise<Matrix> {
  const corner = await inversePositiveDefinite(picked(g, out, out), times, breathe);
  const weights = await times(corner, picked(g, out, rest));
  for (let i = 0; i < weights.data.length; i++) weights.data[i] = -weights.data[i]!;
  return weights;
}

function picked(a: Matrix, rows: readonly number[], cols: readonly number[]): Matrix {
  const out = matrix(rows.length, cols.length);
  rows.forEach((row, i) => {
    const [from, to] = [row * a.cols, i * cols.length];
    for (let j = 0; j < cols.length; j++) out.data[to + j] = a.data[from + cols[j]!]!;
  });
  return out;
}

function unitRows({ cols, data }: Matrix): Float32Array<ArrayBuffer> {
  const rows = Float32Array.from(data);
  normalizeRows(rows, cols);
  return rows;
}
