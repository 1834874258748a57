import type { Breathe } from '../breather.ts';
import { rows, type Embeddings } from '../embeddings.ts';
import { bank, type Bank, type Crowding } from './bank.ts';
import { exactDots } from './exact-dots.ts';

/** Neighbours that make a crowd: the paper's value. */
export const neighbours = 10;

/** Rows of its own that a bank is measured against where nothing is known of those who ask, at most. */
const ownAnchors = 1024;

/** Mean of the largest dot products, given largest first. */
export function crowd(dots: readonly number[]): number {
  return Math.fround(dots.reduce((sum, dot) => sum + dot, 0) / Math.max(1, dots.length));
}

/** Every point is measured against `anchors`, or against some of the points and itself. */
export async function measureCrowding(
  call: string,
  points: Embeddings,
  anchors: Embeddings | undefined,
  breathe: Breathe,
  onRow?: (done: number) => void,
): Promise<Crowding> {
  const { dim } = points.space;
  const own = anchors ? undefined : spread(points.count, ownAnchors);
  const asking: Bank = await bank(call, anchors ?? rows(points, own!), breathe);
  const isAnchor = new Set(own);
  const values = new Float32Array(points.count);
  let largest = 0;
  await asking.lookUp(call, points, breathe, (query, j) => {
    let { dots } = query.byDot(neighbours);
    if (own && !isAnchor.has(j)) {
      const [itself] = exactDots(points.data.subarray(j * dim, (j + 1) * dim), points.data, [j]);
      dots = [...dots, itself!].sort((a, b) => b - a).slice(0, neighbours);
    }
    values[j] = crowd(dots);
    largest = Math.max(largest, Math.abs(values[j]));
    if (j % 256 === 255) onRow?.(j + 1);
  });
  return { values, largest };
}

/** At most `limit` of `count` positions, evenly spread. */
function spread(count: number, limit: number): number[] {
  const length = Math.min(count, limit);
  return Array.from({ length }, (_, i) => Math.floor((i * count) / length));
}
