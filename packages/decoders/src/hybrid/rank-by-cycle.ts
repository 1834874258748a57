import {
  CognateError,
  isCognateError,
  normalize,
  requireSpace,
  type CallOptions,
  type Embeddings,
} from '@cognate/core';
import { cycleTrust, type CycleCalibration } from '../cycle-trust.ts';

/** The way back from samples to points, as functions: what encodes and what aligns is the caller's. */
export interface Cycle<Sample> {
  /** Row i is the point of `samples[i]`. */
  encode(samples: readonly Sample[], options?: Pick<CallOptions, 'signal'>): Promise<Embeddings>;
  /** Points of either side -> the space where both meet; unless told both are of one space already. */
  project?(points: Embeddings): Embeddings | Promise<Embeddings>;
  /** Turns scores into probabilities; there is no `trust` without it. */
  readonly calibration?: CycleCalibration | undefined;
}

/** A sample and how well it stands for its point. */
export interface Ranked<Sample> {
  readonly sample: Sample;
  /** Cosine of the sample, encoded again, with the point; -1 when the encoder knows nothing in it. */
  readonly score: number;
  /** Estimated probability, 0 to 1, that it is right. */
  readonly trust?: number;
}

/**
 * Encodes samples again and ranks them by how near they come to the points that they were made of.
 * @param samples `samples[i]` were made of row i.
 * @returns best first; of equals in the order given.
 * @throws {CognateError} `shape-mismatch` when points and lists differ in number, `space-mismatch` when there is no
 * space where both meet.
 */
export async function rankByCycle<Sample>(
  points: Embeddings,
  samples: readonly (readonly Sample[])[],
  cycle: Cycle<Sample>,
  { signal }: Pick<CallOptions, 'signal'> = {},
): Promise<readonly (readonly Ranked<Sample>[])[]> {
  if (samples.length !== points.count) {
    const message = `rankByCycle() needs samples for each point, got ${samples.length} lists for ${points.count} points`;
    throw new CognateError('shape-mismatch', message);
  }
  const meet = async (batch: Embeddings): Promise<Embeddings> =>
    normalize(cycle.project ? await cycle.project(batch) : batch);
  const wanted = await meet(points);
  const all = samples.flatMap((list, row) => list.map((sample) => ({ sample, row })));
  const found = await encodeEach(all.map(({ sample }) => sample), cycle, meet, signal); // prettier-ignore
  const { dim } = wanted.space;
  const ranked = samples.map((): Ranked<Sample>[] => []);
  all.forEach(({ sample, row }, i) => {
    const back = found[i];
    if (back) requireSpace('rankByCycle()', back.space, wanted.space);
    let score = back ? 0 : -1;
    if (back) for (let k = 0; k < dim; k++) score += wanted.data[row * dim + k]! * back.data[back.at * dim + k]!;
    const { calibration } = cycle;
    ranked[row]!.push({ sample, score, ...(calibration && { trust: cycleTrust(calibration, score) }) });
  });
  return ranked.map((list) => list.sort((a, b) => b.score - a.score));
}

interface Place extends Embeddings {
  /** The sample's row. */
  readonly at: number;
}

/** All at once; where that is refused one by one, so that a sample in which nothing is known stops no other. */
async function encodeEach<Sample>(
  samples: readonly Sample[],
  cycle: Cycle<Sample>,
  meet: (batch: Embeddings) => Promise<Embeddings>,
  signal: AbortSignal | undefined,
): Promise<readonly (Place | undefined)[]> {
  const encode = async (batch: readonly Sample[]): Promise<readonly (Place | undefined)[]> => {
    const points = await meet(await cycle.encode(batch, { signal }));
    return batch.map((_, at) => ({ ...points, at }));
  };
  if (samples.length === 0) return [];
  try {
    return await encode(samples);
  } catch (error) {
    if (!isCognateError(error) || error.code !== 'invalid-input') throw error;
    if (samples.length === 1) return [undefined];
  }
  const half = samples.length >> 1;
  const first = await encodeEach(samples.slice(0, half), cycle, meet, signal);
  return [...first, ...(await encodeEach(samples.slice(half), cycle, meet, signal))];
}
