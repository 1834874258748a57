import { dotProducts, random, topK, type Suspect } from '@cognate/core';
import type { Tools } from '../algebra/tools.ts';
import type { MatrixLike } from '../algebra/matrix.ts';
import { applyInSlices, sharedDim, type Heads } from '../alignment/path.ts';
import { deal } from '../groups.ts';
import { subset, type Sample } from '../sample.ts';
import { median } from './statistics.ts';

export interface SuspectOptions {
  readonly sample: Sample;
  /** The method, ready to learn. */
  readonly fit: (train: Sample) => Promise<Heads>;
  readonly seed: number;
  readonly tools: Tools;
  /** Called after each fit. */
  readonly onFit: (done: number, total: number) => void;
}

/** Parts that are left out in turn. */
const foldCount = 5;

/** Fewer pairs than this do not tell what is usual. */
const leastPairs = 30;

/** More pairs than this are not looked at: those of later groups in a random order. */
const mostPairs = 20_000;

/** Wrong partners that a pair is compared with. */
const bankSize = 1000;

/** Pairs looked at between two breaths. */
const slice = 200;

/**
 * Beyond this many robust standard deviations below the usual a pair stands out. Where all pairs are right that is 1 in
 * 300 of them, and up to 1 in 100, on pictures and captions, radiographs, proteins, emoji, and rotated points in noise.
 */
const outstanding = 2.75;

/** And only if its partner fits hardly better than wrong ones do: fewer than this many of their standard deviations. */
const unremarkable = 2;

/**
 * Pairs whose two sides disagree by a map learned from other pairs; groups are left out together. A pair's score is how
 * much nearer its partner lies than the ten nearest wrong ones on either side; scores are compared with their median.
 * Where the map itself is bad, nothing stands out.
 * @returns the worst first.
 */
export async function findSuspects({ sample, fit, seed, tools, onFit }: SuspectOptions): Promise<Suspect[]> {
  const groupCount = new Set(sample.groups).size;
  const looked = deal(sample.groups, [groupCount], seed)[0]!.slice(0, mostPairs);
  if (looked.length < leastPairs || groupCount < 2 * foldCount) return [];
  const pairs = subset(sample, looked);
  const size = Math.ceil(new Set(pairs.groups).size / foldCount);
  const folds = deal(
    pairs.groups,
    Array.from({ length: foldCount - 1 }, () => size),
    seed,
  );
  const bank = random(seed).permutation(pairs.source.count).subarray(0, bankSize);
  const scores = new Float64Array(looked.length);
  const edges = new Float64Array(looked.length);
  const maps: Heads[] = [];
  for (const [at, fold] of folds.entries()) {
    const rest = folds.flatMap((other) => (other === fold ? [] : other));
    const heads = await fit(subset(pairs, rest));
    const shared = await project(heads, pairs, tools);
    const wrong = { source: picked(shared.source, bank, shared.dim), target: picked(shared.target, bank, shared.dim) };
    for (let from = 0; from < fold.length; from += slice) {
      const rows = fold.slice(from, from + slice);
      const lookAround = async (side: 'source' | 'target', other: 'source' | 'target'): Promise<Surroundings[]> => {
        const points = picked(shared[side], rows, shared.dim);
        const cosines = (await tools.times(asRows(points, shared.dim), asRows(wrong[other], shared.dim), 'b')).data;
        return rows.map((row, i) => {
          const own = dot(points.subarray(i * shared.dim, (i + 1) * shared.dim), shared[other], row * shared.dim);
          const line = cosines.subarray(i * bank.length, (i + 1) * bank.length);
          return surroundings(
            own,
            line.filter((_, j) => pairs.groups[bank[j]!] !== pairs.groups[row]),
          );
        });
      };
      const there = await lookAround('source', 'target');
      const back = await lookAround('target', 'source');
      rows.forEach((row, i) => {
        const [a, b] = [there[i]!, back[i]!];
        scores[row] = fisher(a.own) - (fisher(a.crowding) + fisher(b.crowding)) / 2;
        edges[row] = (a.edge + b.edge) / 2;
      });
    }
    maps.push(heads);
    onFit(at + 1, foldCount);
  }
  const deviations = robustDeviations(scores);
  const out: Suspect[] = [];
  for (const [at, fold] of folds.entries()) {
    const found = fold.filter((row) => deviations[row]! > outstanding && edges[row]! < unremarkable);
    if (found.length === 0) continue;
    const { source, target, dim } = await project(maps[at]!, pairs, tools);
    for (const row of found) {
      const forward = standing(row, source, target, pairs.groups, dim);
      const backward = standing(row, target, source, pairs.groups, dim);
      await tools.breathe();
      out.push({
        pair: looked[row]!,
        deviation: deviations[row]!,
        rank: { forward: forward.rank, backward: backward.rank },
        nearest: { forward: looked[forward.nearest]!, backward: looked[backward.nearest]! },
      });
    }
  }
  return out.sort((a, b) => b.deviation - a.deviation);
}

function asRows(data: Float32Array, cols: number): MatrixLike {
  return { rows: data.length / cols, cols, data };
}

type Shared = Record<'source' | 'target', Float32Array> & { readonly dim: number };

async function project(heads: Heads, { source, target }: Sample, tools: Tools): Promise<Shared> {
  return {
    source: await applyInSlices(heads.source, source, tools),
    target: await applyInSlices(heads.target, target, tools),
    dim: sharedDim(heads),
  };
}

/** How a row lies among the other side's rows of other groups. */
interface Surroundings {
  /** Cosine with its own partner. */
  readonly own: number;
  /** Mean cosine with the ten nearest wrong ones. */
  readonly crowding: number;
  /** How much nearer its partner is than wrong ones are on average, in their standard deviations. */
  readonly edge: number;
}

/** @param wrong cosines with rows of other groups. */
function surroundings(own: number, wrong: Float64Array): Surroundings {
  const mean = wrong.reduce((sum, value) => sum + value, 0) / wrong.length;
  const variance = wrong.reduce((sum, value) => sum + (value - mean) ** 2, 0) / wrong.length;
  const nearest = topK(wrong, 10);
  const crowding = nearest.reduce((sum, at) => sum + wrong[at]! / nearest.length, 0);
  return { own, crowding, edge: variance > 0 ? (own - mean) / Math.sqrt(variance) : 0 };
}

/** The chosen rows, `[indices, dim]`, copied. */
function picked(rows: Float32Array, indices: ArrayLike<number>, dim: number): Float32Array {
  const out = new Float32Array(indices.length * dim);
  for (let i = 0; i < indices.length; i++) out.set(rows.subarray(indices[i]! * dim, (indices[i]! + 1) * dim), i * dim);
  return out;
}

/**
 * Fisher's transform: near 1 cosines crowd together, so that in few dimensions the usual ones would be too alike.
 * @see Fisher 1915, Frequency Distribution of the Values of the Correlation Coefficient.
 */
function fisher(cosine: number): number {
  return Math.atanh(Math.max(-0.9999, Math.min(0.9999, cosine)));
}

function dot(point: Float32Array, rows: Float32Array, start: number): number {
  let sum = 0;
  for (let i = 0; i < point.length; i++) sum += point[i]! * rows[start + i]!;
  return sum;
}

/** How far each value lies below the median, in standard deviations of a normal distribution with the same middle half. */
function robustDeviations(values: Float64Array): Float64Array {
  const middle = median(values);
  const spread = 1.4826 * median(values.map((value) => Math.abs(value - middle)));
  return values.map((value) => (spread > 0 ? (middle - value) / spread : 0));
}

/** Where a row's own partner stands among all rows of other groups, and which row stands first. */
function standing(
  row: number,
  from: Float32Array,
  to: Float32Array,
  groups: Int32Array,
  dim: number,
): { readonly rank: number; readonly nearest: number } {
  const cosines = dotProducts(from.subarray(row * dim, (row + 1) * dim), to, dim);
  const own = cosines[row]!;
  let rank = 1;
  let nearest = row;
  for (let other = 0; other < cosines.length; other++) {
    if (groups[other] === groups[row]) continue;
    if (cosines[other]! > own) rank++;
    if (cosines[other]! > cosines[nearest]!) nearest = other;
  }
  return { rank, nearest };
}
