import {
  breather,
  CognateError,
  dotProducts,
  requireSpace,
  type Alignment,
  type Breathe,
  type CycleScore,
  type Embeddings,
} from '@cognate/core';
import { plainTools, type Tools } from '../algebra/tools.ts';
import { requireRows } from '../measure/checks.ts';
import { centred, meanRow } from '../pairs.ts';
import { partsOf, type AlignmentParts } from './alignment.ts';
import { applyInSlices } from './path.ts';

/** How each point fared, and all of them. */
export interface Cycle extends CycleScore {
  /** `[count]`, -1 to 1: cosine of each point with what came back of it. */
  readonly cosines: Float32Array<ArrayBuffer>;
}

/**
 * Sends points to the other side and back: needs no pairs, so it can be asked of any points at any time. A low score
 * tells that the way lost them; a high one does not tell that they arrived at the right place.
 * @param points of either side of `alignment`; as many as are sent are told apart, so scores of different counts do not
 * compare. Cosines are taken after the points' own mean is subtracted from both.
 * @throws {CognateError} `space-mismatch`; `invalid-input` for fewer than two points, NaN or infinity; `shape-mismatch` for
 * missing numbers. Aborting rejects with
 * `signal.reason`.
 * @see Zhu et al. 2017, Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks,
 * arXiv:1703.10593, for the idea.
 */
export async function cycle(
  alignment: Alignment,
  points: Embeddings,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Cycle> {
  const { source, target, heads, returns } = partsOf('cycle()', alignment);
  const side = points.space.id === source.id ? 'source' : points.space.id === target.id ? 'target' : undefined;
  if (!side) {
    throw new CognateError(
      'space-mismatch',
      `cycle() needs points of ${source.id} or ${target.id}, which this alignment connects, got ${points.space.id}`,
    );
  }
  requireSpace('cycle()', points.space, alignment[side]);
  requireRows('cycle()', points, 2); // fewer cannot be told apart
  return sendRound({ heads, returns }, side, points, plainTools(breather(signal)));
}

/** How points of both sides fare, for a report. */
export async function cycleScores(
  ways: Ways,
  points: { readonly source: Embeddings; readonly target: Embeddings },
  tools: Tools,
): Promise<{ source: CycleScore; target: CycleScore }> {
  const score = async (side: 'source' | 'target'): Promise<CycleScore> => {
    const { cosine, recallAt1, points: count } = await sendRound(ways, side, points[side], tools);
    return { cosine, recallAt1, points: count };
  };
  return { source: await score('source'), target: await score('target') };
}

type Ways = Pick<AlignmentParts, 'heads' | 'returns'>;

async function sendRound(
  { heads, returns }: Ways,
  side: 'source' | 'target',
  points: Embeddings,
  tools: Tools,
): Promise<Cycle> {
  const other = side === 'source' ? 'target' : 'source';
  const there = [...heads[side], ...returns[other]];
  const data = await applyInSlices([...there, ...heads[other], ...returns[side]], points, tools);
  return compare(points, { ...points, data }, tools.breathe);
}

async function compare(points: Embeddings, returned: Embeddings, breathe: Breathe): Promise<Cycle> {
  const { dim } = points.space;
  const mean = meanRow(points);
  const [before, after] = [centred(points, mean).data, centred(returned, mean).data];
  const cosines = new Float32Array(points.count);
  let found = 0;
  for (let i = 0; i < points.count; i++) {
    const all = dotProducts(after.subarray(i * dim, (i + 1) * dim), before, dim);
    cosines[i] = all[i]!;
    if (all.every((value, j) => j === i || value < all[i]!)) found++;
    await breathe();
  }
  const cosine = cosines.reduce((sum, value) => sum + value, 0) / points.count;
  return { cosines, cosine, recallAt1: found / points.count, points: points.count };
}
