import type { Breathe } from '@cognate/core';
import type { MatrixLike } from '../algebra/matrix.ts';

/**
 * Gives every row a column of its own so that the sum of the chosen scores is largest. Exact; O(rows² cols) at worst.
 * @param scores `[rows, cols]`, finite, at least as many columns as rows; kept.
 * @returns `[rows]`: the column of each row.
 * @see Jonker and Volgenant 1987, A Shortest Augmenting Path Algorithm for Dense and Sparse Linear Assignment Problems.
 * Differs from the paper: columns are not reduced first, which would not hold where some columns stay free.
 */
export async function assign(scores: MatrixLike, breathe: Breathe): Promise<Int32Array<ArrayBuffer>> {
  const { rows, cols } = scores;
  if (rows > cols) throw new RangeError(`assign() needs at least as many columns as rows, got [${rows}, ${cols}]`);
  const state: State = {
    costs: Float64Array.from(scores.data, (score) => -score),
    cols,
    prices: new Float64Array(cols),
    rowOf: new Int32Array(cols).fill(-1),
    columnOf: new Int32Array(rows).fill(-1),
    distances: new Float64Array(cols),
    before: new Int32Array(cols),
    open: new Int32Array(cols),
  };
  let free = Array.from({ length: rows }, (_, i) => i);
  for (let pass = 0; pass < 2; pass++) free = reduceRows(state, free);
  for (const row of free) {
    augment(state, row);
    await breathe();
  }
  return state.columnOf;
}

/** A partial assignment that is the best of its size, and the prices that prove it. */
interface State {
  readonly costs: Float64Array;
  readonly cols: number;
  /** Of columns; a row's cheapest column is the one of least cost minus price. Columns that are free have price 0. */
  readonly prices: Float64Array;
  /** -1 where free. */
  readonly rowOf: Int32Array;
  readonly columnOf: Int32Array<ArrayBuffer>;
  /** Scratch of `augment()`, `[cols]` each. */
  readonly distances: Float64Array;
  readonly before: Int32Array;
  readonly open: Int32Array;
}

/** Each free row takes its cheapest column and bids it down to its second choice; returns the rows left without one. */
function reduceRows({ costs, cols, prices, rowOf, columnOf }: State, free: number[]): number[] {
  const left: number[] = [];
  if (cols < 2) return free;
  // A row that was outbid bids again at once, unless nothing was gained: then it waits for its augmenting path.
  for (const first of free) {
    let row = first;
    for (let bids = 0; row >= 0; bids++) {
      const start = row * cols;
      let best = -1;
      let second = -1;
      let low = Infinity;
      let next = Infinity;
      for (let j = 0; j < cols; j++) {
        const cost = costs[start + j]! - prices[j]!;
        if (cost < low) {
          [second, next] = [best, low];
          [best, low] = [j, cost];
        } else if (cost < next) {
          [second, next] = [j, cost];
        }
      }
      const gain = next - low;
      if (gain <= 0 && rowOf[best]! >= 0) best = second;
      const loser = rowOf[best]!;
      // Ties, and long bidding wars, are settled exactly by the augmenting paths.
      if (loser >= 0 && (gain <= 0 || bids >= 20)) {
        left.push(row);
        break;
      }
      prices[best]! -= gain;
      rowOf[best] = row;
      columnOf[row] = best;
      if (loser >= 0) columnOf[loser] = -1;
      row = loser;
    }
  }
  return left;
}

/** Assigns one more row along the cheapest path of reassignments (Dijkstra), and updates the prices. */
function augment(state: State, row: number): void {
  const { costs, cols, prices, rowOf, columnOf, distances, before, open } = state;
  for (let j = 0; j < cols; j++) {
    open[j] = j;
    before[j] = row;
    distances[j] = costs[row * cols + j]! - prices[j]!;
  }
  // open[0, closed) are columns whose distance is final, the rest are waiting.
  let closed = 0;
  let end = -1;
  let distance = 0;
  for (;;) {
    let at = closed;
    for (let k = closed + 1; k < cols; k++) if (distances[open[k]!]! < distances[open[at]!]!) at = k;
    const column = open[at]!;
    distance = distances[column]!;
    if (rowOf[column]! < 0) {
      end = column;
      break;
    }
    open[at] = open[closed]!;
    open[closed++] = column;
    const start = rowOf[column]! * cols;
    const offset = distance - (costs[start + column]! - prices[column]!);
    for (let k = closed; k < cols; k++) {
      const j = open[k]!;
      const through = offset + costs[start + j]! - prices[j]!;
      if (through < distances[j]!) {
        distances[j] = through;
        before[j] = rowOf[column]!;
      }
    }
  }
  for (let k = 0; k < closed; k++) prices[open[k]!]! += distances[open[k]!]! - distance;
  for (let column = end; ;) {
    const from = before[column]!;
    rowOf[column] = from;
    const previous = columnOf[from]!;
    columnOf[from] = column;
    if (from === row) return;
    column = previous;
  }
}
