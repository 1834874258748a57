import {
  CognateError,
  requireSpace,
  row as rowOf,
  rows as pickRows,
  type CallOptions,
  type Embeddings,
} from '@cognate/core';
import { unitPoints } from '../check-points.ts';
import type { Memory } from '../memory.ts';
import { byConsensus, type Voice } from './consensus.ts';
import { rankByCycle, type Cycle, type Ranked } from './rank-by-cycle.ts';

/** What a sample was made of: the point itself, its projection onto known points, or a known point near to it. */
export type Origin = 'point' | 'memory' | 'known';

export interface Made<Sample> extends Ranked<Sample>, Voice<Sample> {
  readonly from: Origin;
  readonly seed: number;
}

/** How candidates agree on the one to be given. */
export interface Consensus<Sample> {
  /** How well a sample does where `meant` is right, 0 to 1. */
  likeness(sample: Sample, meant: Sample): number;
  /**
   * Inverse temperature of the known points' say: they share one by softmax(sharpness * cosine), whereas the point and its
   * projection have a half each.
   */
  readonly sharpness: number;
  /** Whether the point's own sample is beyond doubt, and comes first whatever the others say; never unless told. */
  isSure?(sample: Sample): boolean;
}

export interface HybridSettings<Sample> {
  /** Writes or paints: output i of row i with `seeds[i]`. Points are of the decoder's space. */
  decode(points: Embeddings, seeds: readonly number[], options: CallOptions): Promise<readonly Sample[]>;
  /**
   * Decodes roughly and fast: all candidates are drafted and ranked, and only those that are wanted are decoded in full. Their
   * scores stay those of the drafts: a decoder that climbs its score cannot be judged by it.
   */
  draft?(points: Embeddings, seeds: readonly number[], options: CallOptions): Promise<readonly Sample[]>;
  readonly cycle: Cycle<Sample>;
  /**
   * Known points of the decoder's space, looked for there or, by keys, where the points came from or where both sides
   * meet; without them, only the point itself is decoded.
   */
  readonly memory?: Memory | undefined;
  /**
   * What the first candidates are made of, in order; the n-th `known` is the n-th nearest. Further candidates begin again
   * with another seed. Point, memory, and two known ones unless told.
   */
  readonly origins?: readonly Origin[] | undefined;
  /** Samples with the same key are the same, and the first is kept. */
  keyOf?(sample: Sample): string;
  /**
   * Candidates come in the order of `byConsensus()`, not of their scores; the same sample from several has the say of all.
   */
  readonly consensus?: Consensus<Sample> | undefined;
}

export interface HybridOptions extends CallOptions {
  /** Samples wanted for each point, fewer where there are not as many different ones; 1 unless told. */
  readonly count?: number | undefined;
  /** Samples made for each point; `count` unless told. */
  readonly candidates?: number | undefined;
  /** Candidates use this seed, then the ones after it; 0 unless told. */
  readonly seed?: number | undefined;
  /** The same points where they came from, before they were aligned: what scores are measured against. */
  readonly asked?: Embeddings | undefined;
}

/**
 * Retrieval proposes, generation writes or paints, the cycle or a consensus decides: candidates are decoded from each
 * point, from its projection onto known points and from known points near to it, are encoded again, and come back best first.
 * @throws {CognateError} as the decoder and `rankByCycle()`; `invalid-input` for counts out of range.
 */
export async function decodeHybrid<Sample>(
  points: Embeddings,
  { decode, draft, cycle, memory, origins, keyOf, consensus }: HybridSettings<Sample>,
  options: HybridOptions = {},
): Promise<readonly (readonly Made<Sample>[])[]> {
  const { count = 1, candidates = count, seed = 0, asked = points, signal, onProgress } = options;
  if (!(Number.isInteger(count) && count >= 1 && Number.isInteger(candidates) && candidates >= count)) {
    const message = `decodeHybrid() needs a count of 1 or more and at least as many candidates, got ${count} and ${candidates}`;
    throw new CognateError('invalid-input', message);
  }
  const order = memory ? (origins ?? ['point', 'memory', 'known', 'known']) : (['point'] as const);
  const plan = Array.from({ length: candidates }, (_, i) => ({
    from: order[i % order.length]!,
    seed: seed + Math.floor(i / order.length),
    // Which of the nearest.
    nth: order.slice(0, i % order.length).filter((each) => each === 'known').length,
  }));
  // The memory is asked in the space of its keys: that of the points, the one they came from, or where both sides meet.
  const near = [points, asked].find(({ space }) => !memory || space.id === memory.asked.id);
  const cue = near ?? (await cycle.project?.(asked)) ?? points;
  const proposed = await propose(points, memory, cue, plan, consensus?.sharpness ?? 1, signal);
  const seeds = Array.from({ length: points.count }, () => plan.map((each) => each.seed)).flat();
  const owners = seeds.map((_, i) => Math.floor(i / candidates));
  const samples = await (draft ?? decode)(proposed.points, seeds, {
    signal,
    onProgress: draft ? undefined : byPoint(owners, points.count, onProgress),
  });
  const made = Array.from({ length: points.count }, (_, row) =>
    distinct(
      plan.map(({ from, seed }, i) => {
        const at = row * candidates + i;
        return { sample: samples[at]!, from, seed, weight: proposed.weights[at]!, at };
      }),
      keyOf,
    ),
  );
  const inner: Cycle<Candidate<Sample>> = {
    ...cycle,
    encode: (each, encodeOptions) => cycle.encode(each.map(({ sample }) => sample), encodeOptions), // prettier-ignore
  };
  const ranked = await rankByCycle(asked, made, inner, { signal });
  const chosen = ranked.map((list) => {
    const scored = list.map(({ sample, ...scores }) => ({ ...sample, ...scores }));
    return (consensus ? agree(scored, consensus) : scored).slice(0, count);
  });
  if (!draft) return chosen.map((list) => list.map(finished));
  const winners = chosen.flat();
  const places = chosen.flatMap((list, row) => list.map(() => row));
  const full = await decode(
    pickRows(
      proposed.points,
      winners.map(({ at }) => at),
    ),
    winners.map((each) => each.seed),
    {
      signal,
      onProgress: byPoint(places, points.count, onProgress),
    },
  );
  let next = 0;
  return chosen.map((list) => list.map((each) => finished({ ...each, sample: full[next++]! })));
}

/** What was made, before it is scored, and in which row. */
type Candidate<Sample> = Omit<Made<Sample>, keyof Ranked<Sample>> & Voice<Sample> & { readonly at: number };

const finished = <Sample>({ at: _, ...made }: Made<Sample> & { readonly at: number }): Made<Sample> => made;

/** Progress by rows, told as progress by the points that the rows belong to. */
function byPoint(
  owners: readonly number[],
  total: number,
  onProgress: CallOptions['onProgress'],
): CallOptions['onProgress'] {
  return (
    onProgress &&
    ((progress) => {
      if (progress.phase !== 'decode') return onProgress(progress);
      const { partial } = progress;
      const known = partial && { partial: { ...partial, index: owners[partial.index]! } };
      onProgress({ phase: 'decode', done: owners[progress.done] ?? total, total, ...known });
    })
  );
}

function agree<Sample, Item extends Made<Sample>>(
  made: readonly Item[],
  { likeness, isSure }: Consensus<Sample>,
): readonly Item[] {
  const sure = made.filter(({ from, sample }) => from === 'point' && isSure?.(sample));
  return [...sure, ...byConsensus(made, likeness).filter((each) => !sure.includes(each))];
}

interface Plan {
  readonly from: Origin;
  readonly nth: number;
}

interface Proposals {
  /** Row `i * plan.length + j` is what candidate j of point i is decoded from. */
  readonly points: Embeddings;
  /** How much each has to say. */
  readonly weights: Float32Array;
}

/** @param cue what the memory is asked. @param sharpness of the known points' say. */
async function propose(
  given: Embeddings,
  memory: Memory | undefined,
  cue: Embeddings,
  plan: readonly Plan[],
  sharpness: number,
  signal: AbortSignal | undefined,
): Promise<Proposals> {
  const { dim } = given.space;
  if (memory) requireSpace('decodeHybrid()', memory.space, given.space);
  const points = unitPoints('decodeHybrid()', given, given.space);
  const uses = (origin: Origin): boolean => plan.some(({ from }) => from === origin);
  const mixed = memory && uses('memory') ? await memory.project(cue, { signal }) : points;
  const wanted = 1 + Math.max(...plan.map(({ nth }) => nth));
  const nearest = memory && uses('known') ? await memory.nearest(cue, wanted, { signal }) : [];
  const data = new Float32Array(points.count * plan.length * dim);
  const weights = new Float32Array(points.count * plan.length);
  for (let i = 0; i < points.count; i++) {
    const near = nearest[i] ?? [];
    const shares = near.map(({ cosine }) => Math.exp(sharpness * (cosine - near[0]!.cosine)));
    const all = shares.reduce((sum, share) => sum + share, 0);
    for (const [j, { from, nth }] of plan.entries()) {
      const at = i * plan.length + j;
      const rank = from === 'known' ? Math.min(nth, near.length - 1) : -1;
      const known = near[rank];
      data.set(known ? memory!.rows([known.row]).data : rowOf(from === 'memory' ? mixed : points, i), at * dim);
      weights[at] = known ? shares[rank]! / all : 0.5;
    }
  }
  return { points: { space: points.space, count: points.count * plan.length, data }, weights };
}

/** The first of each key, with what all of them have to say. */
function distinct<Sample, Item extends Voice<Sample>>(
  items: readonly Item[],
  keyOf: ((sample: Sample) => string) | undefined,
): readonly Item[] {
  if (!keyOf) return items;
  const found = new Map<string, Item>();
  for (const item of items) {
    const key = keyOf(item.sample);
    const first = found.get(key);
    found.set(key, first ? { ...first, weight: first.weight + item.weight } : item);
  }
  return [...found.values()];
}
