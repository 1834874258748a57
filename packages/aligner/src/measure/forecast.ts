import {
  breather,
  random,
  rows,
  type CallOptions,
  type Embeddings,
  type Forecast,
  type Random,
  type Tested,
} from '@cognate/core';
import { startEngine } from '@cognate/nn';
import { engineTools } from '../algebra/accelerate.ts';
import type { Tools } from '../algebra/tools.ts';
import { groupsOfAlike, members, numbered } from '../groups.ts';
import { centred, requireDifferent, type Side } from '../pairs.ts';
import type { Sample } from '../sample.ts';
import { requirePaired, requireSameLength } from './checks.ts';
import { hollow, hsic, hsicOf, type Hollow } from './metrics/cka.ts';
import { rankOf } from './metrics/effective-rank.ts';
import { modalityGap } from './metrics/gap.ts';
import { skewness } from './metrics/hubness.ts';
import { nearestOf, sharedNeighbours } from './metrics/mutual-knn.ts';
import { percent } from './statistics.ts';

export interface ForecastOptions extends CallOptions {
  /** `[count]`: pairs of one group mean the same thing, and one of them takes part. By default, pairs that share a row, or nearly. */
  readonly groups?: ArrayLike<number> | undefined;
  /** Draws the pairs that take part and their random orders; 0 unless told. */
  readonly seed?: number | undefined;
}

/** Pairs that take part: with more, the numbers hardly move. */
const pairLimit = 1000;

/** Random orders that a number is compared with. */
const orders = 200;

/**
 * What two sets of points tell before anything is fitted: whether rows that belong together also lie alike, next to
 * what random orders of the pairs would show. Takes about a second for 1,000 pairs of 512 numbers.
 * @param source `[count, from]`, at least 4 different things. @param target `[count, to]`, row i belongs to row i.
 * @throws {CognateError} `shape-mismatch`, `invalid-input`. Aborting rejects with `signal.reason`.
 */
export async function forecast(
  source: Embeddings,
  target: Embeddings,
  { groups, seed = 0, signal, onProgress }: ForecastOptions = {},
): Promise<Forecast> {
  signal?.throwIfAborted();
  requirePaired('forecast()', source, target, 4);
  if (groups) requireSameLength('forecast()', 'groups as pairs', groups.length, source.count);
  await startEngine();
  const breathe = breather(signal);
  const sample = {
    source,
    target,
    groups: groups ? numbered(groups) : await groupsOfAlike(source, target, breathe),
  };
  requireDifferent('forecast()', new Set(sample.groups).size);
  onProgress?.({ phase: 'report', done: 0, total: 1 });
  const found = await forecastOf(sample, engineTools(breathe), seed);
  onProgress?.({ phase: 'report', done: 1, total: 1 });
  return found;
}

export async function forecastOf(sample: Sample, { times, breathe }: Tools, seed: number): Promise<Forecast> {
  const chance = random(seed);
  const { source, target } = onePerGroup(sample, chance);
  const count = source.count;
  const k = Math.min(10, Math.max(1, Math.floor(count / 5)));
  const look = async (side: Side, ties: number): Promise<Look> => {
    const gram = await times(side, side, 'b');
    await breathe();
    const nearest = nearestOf(gram, k, ties);
    await breathe();
    return { nearest, gram: hollow(gram), rank: await rankOf(side, times, breathe) };
  };
  const x = await look(centred(source), 1);
  const y = await look(centred(target), 2);
  const scale = Math.sqrt(Math.max(0, hsic(x.gram, x.gram) * hsic(y.gram, y.gram)));
  const agree = (order?: Uint32Array): Record<'cka' | 'knn', number> => ({
    cka: scale > 0 ? reorderedHsic(x.gram, y.gram, order) / scale : 0,
    knn: sharedNeighbours(x.nearest, y.nearest, k, order),
  });
  const value = agree();
  const drawn: Record<'cka' | 'knn', number>[] = [];
  for (let i = 0; i < orders; i++) {
    drawn.push(agree(chance.permutation(count)));
    await breathe();
  }
  const tested = (name: 'cka' | 'knn'): Tested => {
    const reached = drawn.filter((each) => each[name] >= value[name]).length;
    const mean = drawn.reduce((sum, each) => sum + each[name] / orders, 0);
    return { value: value[name], chance: mean, p: (1 + reached) / (1 + orders) };
  };
  const [cka, mutualKnn] = [tested('cka'), { ...tested('knn'), k }];
  return {
    pairs: count,
    cka,
    mutualKnn,
    effectiveRank: { source: x.rank, target: y.rank },
    hubness: { source: hubs(x.nearest, count), target: hubs(y.nearest, count) },
    ...(source.space.dim === target.space.dim && { gap: modalityGap(source, target) }),
    ...judged(cka, mutualKnn, count),
  };
}

/** What is known of one side by itself. */
interface Look {
  readonly gram: Hollow;
  readonly nearest: Int32Array;
  readonly rank: number;
}

/** One pair of each of some groups in random order: random orders of pairs must not find a group's own rows again. */
function onePerGroup({ source, target, groups }: Sample, chance: Random): Record<'source' | 'target', Embeddings> {
  const byGroup = [...members(groups).values()];
  const chosen = Array.from(chance.permutation(byGroup.length).subarray(0, pairLimit), (group) => byGroup[group]![0]!);
  return { source: rows(source, chosen), target: rows(target, chosen) };
}

/** `hsic()` when row i of `k` is taken to belong to row `order[i]` of `l`. */
function reorderedHsic(k: Hollow, l: Hollow, order?: Uint32Array): number {
  const n = k.sums.length;
  let products = 0;
  let sums = 0;
  for (let i = 0; i < n; i++) {
    const partner = order ? order[i]! : i;
    const [from, to] = [i * n, partner * n];
    sums += k.sums[i]! * l.sums[partner]!;
    let line = 0;
    // Both are symmetric: one half is enough.
    if (order) for (let j = 0; j < i; j++) line += k.gram.data[from + j]! * l.gram.data[to + order[j]!]!;
    else for (let j = 0; j < i; j++) line += k.gram.data[from + j]! * l.gram.data[to + j]!;
    products += 2 * line;
  }
  return hsicOf(products, sums, k, l);
}

function hubs(nearest: Int32Array, count: number): number {
  const times = new Float64Array(count);
  for (const row of nearest) times[row]!++;
  return skewness(times);
}

/** Two tests are made, so that each has to be passed at half of 5 %. */
const significant = 0.025;

/**
 * Above this, half and more of unseen pairs found their partner at once, and below it down to a tenth of them, on
 * pictures and captions, radiographs and reports, halves of one encoder, and rotated points in noise.
 */
const alike = 0.45;

function judged(
  cka: Tested,
  knn: Tested & { readonly k: number },
  count: number,
): Pick<Forecast, 'outlook' | 'reason'> {
  const numbers =
    `unbiased CKA ${cka.value.toFixed(2)} (${percent(cka.p)} of random orders reach it), and both agree on ` +
    `${percent(knn.value)} of the ${knn.k} nearest neighbours (${percent(knn.chance)} by chance)`;
  const beyond = (test: Tested): boolean => test.p <= significant;
  if (!beyond(cka) && !beyond(knn)) {
    const few = count < 100 ? ` With ${count} pairs a faint likeness would go unseen; more pairs may show one.` : '';
    return {
      outlook: 'poor',
      reason: `The two sides lie no more alike than pairs in random order: ${numbers}.${few}`,
    };
  }
  if (cka.value >= alike && beyond(cka) && beyond(knn)) {
    return { outlook: 'good', reason: `The two sides lie much alike: ${numbers}.` };
  }
  return { outlook: 'uncertain', reason: `The two sides lie somewhat alike: ${numbers}.` };
}
