import type { Random } from '@cognate/core';
import type { Tools } from '../algebra/tools.ts';
import { centreColumns, gathered, matrix, type Matrix, type MatrixLike } from '../algebra/matrix.ts';
import { sampled, type Clouds } from './clouds.ts';
import { kMeans } from './k-means.ts';
import { matchGraphs } from './quadratic-assignment.ts';

/** What one matching of clusters came to. */
export interface ClusterMap {
  /** `[dim, dim]`: mean over clusters of (source centre)ᵀ (its target centre). */
  readonly correlation: Matrix;
  /** Correlation between the clusters' similarities on both sides, -1 to 1, in the order that was found. */
  readonly fit: number;
  /** The same in a random order. */
  readonly chance: number;
}

/**
 * Guesses how both spaces lie to each other from their shapes alone: rows are clustered on either side, and the
 * clusters matched so that similar clusters have similar partners. Known pairs count as clusters whose partners are known.
 * @see Shared Geometry as a Rosetta Stone, 2026, arXiv:2610.09411; Schnaus et al. 2025, It's a (Blind) Match!,
 * arXiv:2503.24129, for the quadratic assignment of clusters.
 */
export async function matchClusters(
  { source, target, known }: Clouds,
  clusters: number,
  random: Random,
  { times, breathe }: Tools,
): Promise<ClusterMap> {
  const centres = async (rows: MatrixLike): Promise<Matrix> =>
    (await kMeans(sampled(rows, clusteredRows, random), clusters, random, times, breathe)).centres;
  const [a, b] = [await centres(source), await centres(target)];
  const graphs = { source: await centredGram(a, times), target: await centredGram(b, times) };
  const nodes =
    known.source.rows > 0
      ? await times(await times(a, known.source, 'b'), await times(b, known.target, 'b'), 'b')
      : undefined;
  const { order } = await matchGraphs({ ...graphs, nodes }, random, breathe);
  const sum = await times(a, gathered(b, order), 'a');
  return {
    correlation: matrix(
      sum.rows,
      sum.cols,
      sum.data.map((value) => value / clusters),
    ),
    fit: correlation(graphs.source, graphs.target, order),
    chance: correlation(graphs.source, graphs.target, random.permutation(clusters)),
  };
}

/** Rows that are enough to place some tens of centres. */
const clusteredRows = 1000;

/** How alike rows are around their mean. */
function centredGram(a: Matrix, times: Tools['times']): Promise<Matrix> {
  const centred = centreColumns(matrix(a.rows, a.cols, a.data.slice()));
  return times(centred, centred, 'b');
}

/** Pearson's correlation of the entries off the diagonal. */
function correlation(a: Matrix, b: Matrix, order: ArrayLike<number>): number {
  const n = a.rows;
  let [count, sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const x = a.data[i * n + j]!;
      const y = b.data[order[i]! * n + order[j]!]!;
      count++;
      sa += x;
      sb += y;
      saa += x * x;
      sbb += y * y;
      sab += x * y;
    }
  }
  const spread = Math.sqrt((saa - (sa * sa) / count) * (sbb - (sb * sb) / count));
  return spread > 0 ? (sab - (sa * sb) / count) / spread : 0;
}
