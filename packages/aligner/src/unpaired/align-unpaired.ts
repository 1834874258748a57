import { random, type CallOptions, type Embeddings, type MatchingEvidence } from '@cognate/core';
import type { Tools } from '../algebra/tools.ts';
import { headPath, toFloats, type Heads } from '../alignment/path.ts';
import { multiply, transpose } from '../algebra/matrix.ts';
import { leastPairs } from '../pairs.ts';
import { components, type Clouds } from './clouds.ts';
import { gatherEvidence } from './evidence.ts';
import { makeRuns } from './runs.ts';

/** Rows of both spaces: those that nothing is known of, and those that belong together. */
export interface UnpairedRows {
  readonly source: Embeddings;
  readonly target: Embeddings;
  /** Row i of one belongs to row i of the other; may have no rows. */
  readonly known: { readonly source: Embeddings; readonly target: Embeddings };
}

export interface UnpairedOptions extends Pick<CallOptions, 'onProgress'> {
  readonly seed?: number | undefined;
}

export interface UnpairedFit {
  /** Both sides' ways to as many numbers, by matrices with orthonormal columns. */
  readonly heads: Heads;
  /** Absent where four or more pairs are known, which tell more. */
  readonly evidence?: MatchingEvidence | undefined;
}

/** Times that clusters are drawn and matched where fewer than `leastPairs` pairs are known, and where more are. */
const restartsOf = { alone: 30, guided: 10 };

/** Batches of the refinement at most. */
const rounds = 100;

/** Rows of either side, known ones included, without which there is no shape to compare. */
export const leastRows = 20;

/**
 * Finds the map between two spaces from rows of which no or few pairs are known, by the shapes of both sets of points.
 * Clusters of either side are matched by how similar they are to one another; the correspondences of many restarts,
 * averaged, begin a Wasserstein-Procrustes refinement. Dimensions may differ. One seed, one result.
 *
 * Shapes that look alike without meaning the same are matched as readily: nothing but pairs can tell that.
 * Under `leastRows` rows on a side there is no shape to go by.
 * @see Shared Geometry as a Rosetta Stone, 2026, arXiv:2610.09411. Differs from the paper: a) rows are first reduced to
 * few principal components, since with hundreds of rows in hundreds of dimensions refinement confirms whatever it began
 * with; b) each restart is also refined by itself, and the average of the few whose rows match best is kept where it
 * matches clearly better than the average of all, in which restarts that took a mirror image blur the rest; c) clusters
 * are matched by tabu search, not to proven optimality; d) batches are of 500 rows at most.
 */
export async function alignUnpaired(
  { source, target, known }: UnpairedRows,
  { seed = 0, onProgress }: UnpairedOptions,
  tools: Tools,
): Promise<UnpairedFit> {
  const alone = known.source.count < leastPairs;
  const restarts = restartsOf[alone ? 'alone' : 'guided'];
  const rows = Math.min(source.count, target.count) + known.source.count;
  const generator = random(seed);
  const a = await components(source, known.source, generator, tools);
  const b = await components(target, known.target, generator, tools);
  const dim = Math.min(128, Math.floor(rows / 4), a.rank, b.rank);
  const [x, y] = [await a.keep(dim), await b.keep(dim)];
  const clouds: Clouds = { source: x.all, target: y.all, known: { source: x.known, target: y.known } };

  const settings = { clusters: clustersFor(rows), rounds };
  const compared = alone ? Math.ceil(restarts / 3) : 0;
  const total = restarts + compared;
  let done = 0;
  const onRestart = (): void => onProgress?.({ phase: 'prepare', done: ++done, total });
  const runs = await makeRuns(clouds, { ...settings, restarts, onRestart }, generator, tools);
  const { map } = runs.kept;
  const heads: Heads = {
    source: headPath(x.mean, { kind: 'linear', weight: toFloats(multiply(x.directions, map, 'a')) }),
    target: headPath(y.mean, { kind: 'linear', weight: toFloats(transpose(y.directions)) }),
  };
  if (!alone) return { heads };
  const found = await gatherEvidence(clouds, runs, { ...settings, restarts: compared, onRestart }, generator, tools);
  return { heads, evidence: found };
}

/** Some 13 rows a cluster; with more than 30 clusters the paper finds little gain. */
function clustersFor(rows: number): number {
  return Math.max(3, Math.min(30, Math.floor(rows / 13)));
}
