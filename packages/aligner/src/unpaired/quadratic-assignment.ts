import type { Breathe, Random } from '@cognate/core';
import type { Matrix } from '../algebra/matrix.ts';

/** Two weighted graphs of as many nodes, and how well single nodes go together. */
export interface GraphPair {
  /** `[nodes, nodes]`, symmetric. */
  readonly source: Matrix;
  /** `[nodes, nodes]`, symmetric. */
  readonly target: Matrix;
  /** `[nodes, nodes]`: gain of giving node i of `source` to node j of `target`, counted twice; none when absent. */
  readonly nodes?: Matrix | undefined;
}

export interface Matching {
  /** `[nodes]`: the target node of each source node. */
  readonly order: Int32Array<ArrayBuffer>;
  /** `Tr(source P target Pᵀ) + 2 Tr(nodesᵀ P)`. */
  readonly score: number;
}

/** Random orders to begin from. */
const starts = 30;

/** Moves from each start for every node: many short searches find more than few long ones. */
const movesANode = 10;

/**
 * The quadratic assignment problem: the order of the target's nodes in which both graphs look most alike. From many
 * random orders, the best exchange of two nodes is made again and again, also when it is for the worse, but none is
 * taken back for a while (robust tabu search): unlike plain 2-opt, this leaves local optima. All exchanges are kept
 * priced, so that a move costs O(nodes²). Best effort: nothing proves the optimum.
 * @see Taillard 1991, Robust Taboo Search for the Quadratic Assignment Problem, for the search and the price updates.
 */
export async function matchGraphs(graphs: GraphPair, random: Random, breathe: Breathe): Promise<Matching> {
  const nodes = graphs.source.rows;
  let best: Matching | undefined;
  for (let start = 0; start < starts; start++) {
    const found = search(graphs, Int32Array.from(random.permutation(nodes)), movesANode * nodes, random);
    if (!best || found.score > best.score) best = found;
    await breathe();
  }
  return best!;
}

/** The objective, from its definition. */
export function matchingScore({ source, target, nodes }: GraphPair, order: ArrayLike<number>): number {
  const n = source.rows;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) sum += source.data[i * n + j]! * target.data[order[i]! * n + order[j]!]!;
    if (nodes) sum += 2 * nodes.data[i * n + order[i]!]!;
  }
  return sum;
}

/** One tabu search; `order` is used up. */
function search(graphs: GraphPair, order: Int32Array<ArrayBuffer>, moves: number, random: Random): Matching {
  const n = order.length;
  const gains = new Float64Array(n * n); // of exchanging r < s
  for (let r = 0; r < n; r++) for (let s = r + 1; s < n; s++) gains[r * n + s] = exchangeGain(graphs, order, r, s);
  // The first move that may give source node i target node j again.
  const allowed = new Int32Array(n * n);
  let score = matchingScore(graphs, order);
  let best: Matching = { order: order.slice(), score };
  for (let move = 0; move < moves; move++) {
    let [u, v, most] = [-1, -1, -Infinity];
    for (let r = 0; r < n; r++) {
      for (let s = r + 1; s < n; s++) {
        const gain = gains[r * n + s]!;
        if (gain <= most) continue;
        const forbidden = allowed[r * n + order[s]!]! > move && allowed[s * n + order[r]!]! > move;
        if (forbidden && score + gain <= best.score + tiny(best.score)) continue;
        [u, v, most] = [r, s, gain];
      }
    }
    if (u < 0) continue;
    allowed[u * n + order[u]!] = move + tenure(n, random);
    allowed[v * n + order[v]!] = move + tenure(n, random);
    updateGains(graphs, order, gains, u, v);
    [order[u], order[v]] = [order[v]!, order[u]!];
    for (const x of [u, v]) {
      for (let k = 0; k < n; k++) {
        if (k !== x) gains[Math.min(x, k) * n + Math.max(x, k)] = exchangeGain(graphs, order, x, k);
      }
    }
    score += most;
    if (score > best.score + tiny(best.score)) best = { order: order.slice(), score };
  }
  return { order: best.order, score: matchingScore(graphs, best.order) };
}

/** Differences that rounding makes. */
function tiny(score: number): number {
  return 1e-12 * Math.abs(score);
}

/** Moves for which an exchange is not taken back: around the number of nodes. */
function tenure(nodes: number, random: Random): number {
  return Math.round(nodes * (0.9 + 0.2 * random.next()));
}

/** What exchanging the targets of nodes r and s adds to the score. */
function exchangeGain({ source, target, nodes }: GraphPair, order: Int32Array, r: number, s: number): number {
  const n = order.length;
  const [a, b] = [source.data, target.data];
  const [p, q] = [order[r]! * n, order[s]! * n];
  let sum = 0;
  for (let k = 0; k < n; k++) sum += (a[r * n + k]! - a[s * n + k]!) * (b[q + order[k]!]! - b[p + order[k]!]!);
  // The loop counts k = r and k = s as if their targets stayed where they are.
  const [across, alongR, alongS] = [b[p + order[s]!]!, b[p + order[r]!]!, b[q + order[s]!]!];
  sum -= (a[r * n + r]! - a[s * n + r]!) * (across - alongR) + (a[r * n + s]! - a[s * n + s]!) * (alongS - across);
  let gain = 2 * sum + (a[r * n + r]! - a[s * n + s]!) * (alongS - alongR);
  if (nodes) {
    const { data } = nodes;
    gain +=
      2 * (data[r * n + order[s]!]! + data[s * n + order[r]!]! - data[r * n + order[r]!]! - data[s * n + order[s]!]!);
  }
  return gain;
}

/** Gains of exchanges that touch neither u nor v, before u and v are exchanged. */
function updateGains(
  { source, target }: GraphPair,
  order: Int32Array,
  gains: Float64Array,
  u: number,
  v: number,
): void {
  const n = order.length;
  const [a, b] = [source.data, target.data];
  const [p, q] = [order[u]! * n, order[v]! * n];
  for (let r = 0; r < n; r++) {
    if (r === u || r === v) continue;
    const fromR = a[u * n + r]! - a[v * n + r]!;
    const toR = b[q + order[r]!]! - b[p + order[r]!]!;
    for (let s = r + 1; s < n; s++) {
      if (s === u || s === v) continue;
      const toS = b[q + order[s]!]! - b[p + order[s]!]!;
      gains[r * n + s]! += 2 * (fromR - (a[u * n + s]! - a[v * n + s]!)) * (toS - toR);
    }
  }
}
