import type { Random } from '@cognate/core';
import type { Tools } from '../closed-form/closed-forms.ts';
import { add, matrix, type Matrix } from '../algebra/matrix.ts';
import { matchClusters, type ClusterMap } from './cluster-map.ts';
import type { Clouds } from './clouds.ts';
import { matchRows, refine } from './refine.ts';

export interface RunSettings {
  readonly clusters: number;
  /** Cluster matchings over all runs. */
  readonly restarts: number;
  /** Refinement batches of each run. */
  readonly rounds: number;
  /** Called after each cluster matching. */
  readonly onRestart?: (() => void) | undefined;
}

/** One map, from its own cluster matchings. */
export interface Run {
  /** `[dim, dim]`, orthogonal. */
  readonly map: Matrix;
  /** Mean cosine of rows matched under the map, one to one. */
  readonly score: number;
}

export interface Runs {
  /** From cluster matchings of their own each. */
  readonly independent: readonly Run[];
  /** From all cluster matchings together. */
  readonly joint: Run;
  readonly matchings: readonly ClusterMap[];
}

/** Cluster matchings averaged into the start of one independent run. */
const perRun = 5;

/** Rows matched at a time; some 60 ms. */
const largestBatch = 500;

/** Matches clusters `restarts` times and refines the average over all, and over five at a time. */
export async function makeRuns(
  clouds: Clouds,
  { clusters, restarts, rounds, onRestart }: RunSettings,
  random: Random,
  tools: Tools,
): Promise<Runs> {
  const matchings: ClusterMap[] = [];
  for (let i = 0; i < restarts; i++) {
    matchings.push(await matchClusters(clouds, clusters, random, tools));
    onRestart?.();
  }
  const rows = Math.min(clouds.source.rows, clouds.target.rows);
  const batch = Math.min(largestBatch, Math.ceil(rows / 2));
  const run = async (some: readonly ClusterMap[]): Promise<Run> => {
    const map = await refine(clouds, average(some), { batch, rounds }, random, tools);
    const { score } = await matchRows(clouds, map, 1, largestBatch, random, tools);
    return { map, score };
  };
  const joint = await run(matchings);
  const independent: Run[] = [];
  for (let at = 0; at + perRun <= restarts; at += perRun) independent.push(await run(matchings.slice(at, at + perRun)));
  return { independent, joint, matchings };
}

/** The run whose rows match best. */
export function bestRun({ independent, joint }: Runs): Run {
  return independent.reduce((best, each) => (each.score > best.score ? each : best), joint);
}

function average(matchings: readonly ClusterMap[]): Matrix {
  const { rows, cols } = matchings[0]!.correlation;
  const sum = matchings.reduce((total, { correlation }) => add(total, correlation), matrix(rows, cols));
  return matrix(
    rows,
    cols,
    sum.data.map((value) => value / matchings.length),
  );
}
