import type { Random } from '@cognate/core';
import type { Tools } from '../algebra/tools.ts';
import { add, matrix, type Matrix } from '../algebra/matrix.ts';
import { leastPairs } from '../pairs.ts';
import { matchClusters, type ClusterMap } from './cluster-map.ts';
import type { Clouds } from './clouds.ts';
import { matchRows, refine } from './refine.ts';

export interface RunSettings {
  readonly clusters: number;
  /** Cluster matchings. */
  readonly restarts: number;
  /** Batches of the refinement. */
  readonly rounds: number;
  /** Called after each cluster matching. */
  readonly onRestart?: (() => void) | undefined;
}

/** A map that was refined. */
export interface Run {
  /** `[dim, dim]`, orthogonal. */
  readonly map: Matrix;
  /** Mean cosine of rows matched under the map, one to one. */
  readonly score: number;
}

export interface Runs {
  /**
   * From one cluster matching each, with little refinement; none where `leastPairs` are known: then no restart takes a
   * mirror image for the truth, and single runs tell nothing.
   */
  readonly single: readonly (Run & { readonly matching: ClusterMap })[];
  readonly kept: Run;
}

/** Rows matched at a time, some 60 ms, and with enough pairs known, when fits are also repeated to be measured. */
const largestBatch = { alone: 500, guided: 250 };

/** Batches for maps from one cluster matching: enough to tell which are worth more. */
const shortRounds = 10;

/** Averages of this many of the single maps whose rows match best stand against the average over all matchings. */
const elites = [3, 10];

/** By what an average of the best has to match better than the average over all: random batches make a third less. */
const clearly = 1.02;

/** Matches clusters `restarts` times and refines what comes of that, each by itself and together. */
export async function makeRuns(
  clouds: Clouds,
  { clusters, restarts, rounds, onRestart }: RunSettings,
  random: Random,
  tools: Tools,
): Promise<Runs> {
  const alone = clouds.known.source.rows < leastPairs;
  const largest = largestBatch[alone ? 'alone' : 'guided'];
  const batch = Math.min(largest, Math.ceil(Math.min(clouds.source.rows, clouds.target.rows) / 2));
  const run = async (start: Matrix, most: number): Promise<Run> => {
    const map = await refine(clouds, start, { batch, rounds: most }, random, tools);
    return { map, score: (await matchRows(clouds, map, 1, largest, random, tools)).score };
  };
  const matchings: ClusterMap[] = [];
  const single: (Run & { matching: ClusterMap })[] = [];
  for (let i = 0; i < restarts; i++) {
    const matching = await matchClusters(clouds, clusters, random, tools);
    matchings.push(matching);
    if (alone) single.push({ matching, ...(await run(matching.correlation, shortRounds)) });
    onRestart?.();
  }
  let kept = await run(mean(matchings.map(({ correlation }) => correlation)), rounds);
  if (!alone) return { single, kept };
  const best = single.toSorted((a, b) => b.score - a.score);
  for (const count of elites) {
    const other = await run(mean(best.slice(0, count).map(({ map }) => map)), rounds);
    if (other.score > clearly * kept.score) kept = other;
  }
  return { single, kept };
}

function mean(matrices: readonly Matrix[]): Matrix {
  const { rows, cols } = matrices[0]!;
  const sum = matrices.reduce(add, matrix(rows, cols));
  return matrix(
    rows,
    cols,
    sum.data.map((value) => value / matrices.length),
  );
}
