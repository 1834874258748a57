import type { MatchingEvidence, Random } from '@cognate/core';
import type { Tools } from '../algebra/tools.ts';
import { add, frobenius, gathered, matrix, type Matrix, type MatrixLike } from '../algebra/matrix.ts';
import { hollow, unbiasedCka } from '../measure/metrics/cka.ts';
import { mean } from '../measure/statistics.ts';
import { sampled, unitRows, type Clouds } from './clouds.ts';
import { matchRows } from './refine.ts';
import { makeRuns, type Runs, type RunSettings } from './runs.ts';

/** Rows that the numbers are measured on. */
const measuredRows = 500;

/**
 * What the runs tell of themselves, next to the same for a target whose shape was destroyed: each of its directions
 * keeps its numbers, but in a random order of its own. Known pairs are then pairs of no meaning.
 * @param settings of the runs that are made for this comparison.
 */
export async function gatherEvidence(
  clouds: Clouds,
  runs: Runs,
  settings: RunSettings,
  random: Random,
  tools: Tools,
): Promise<MatchingEvidence> {
  const target = scrambled(clouds.target, random);
  const pairs = clouds.known.source.rows;
  const known = {
    source: sampled(clouds.source, pairs, random),
    target: sampled(target, pairs, random),
  };
  const blank: Clouds = { source: clouds.source, target, known };
  const found = await lookAt(clouds, runs, random, tools);
  const chance = await lookAt(blank, await makeRuns(blank, settings, random, tools), random, tools);
  const compared = (key: keyof Look): { value: number; chance: number } => ({ value: found[key], chance: chance[key] });
  return {
    runs: runs.single.length,
    agreement: compared('agreement'),
    fit: compared('fit'),
    cka: compared('cka'),
    clusters: { ...compared('clusters'), random: found.shuffled },
  };
}

interface Look {
  readonly agreement: number;
  readonly fit: number;
  readonly cka: number;
  readonly clusters: number;
  readonly shuffled: number;
}

async function lookAt(clouds: Clouds, runs: Runs, random: Random, tools: Tools): Promise<Look> {
  const { map, score } = runs.kept;
  const matched = await matchRows(clouds, map, 1, measuredRows, random, tools);
  const gramOf = async (x: MatrixLike, rows: Uint32Array): Promise<Matrix> => {
    const some = gathered(x, rows);
    return tools.times(some, some, 'b');
  };
  const x = hollow(await gramOf(clouds.source, matched.sources));
  const y = hollow(await gramOf(clouds.target, matched.targets));
  return {
    agreement: await agreementOf(sampled(clouds.source, measuredRows, random), runs, tools),
    fit: score,
    cka: unbiasedCka(x, y),
    clusters: mean(runs.single.map(({ matching }) => matching.fit)),
    shuffled: mean(runs.single.map(({ matching }) => matching.chance)),
  };
}

/** Mean cosine of the places that two runs, each from one cluster matching, give to a row. */
async function agreementOf(rows: Matrix, { single }: Runs, { times }: Tools): Promise<number> {
  // The mean over all pairs of runs follows from the length of the mean place: |sum|² = runs + sum over pairs.
  const sum = matrix(rows.rows, rows.cols);
  for (const { map } of single) add(sum, unitRows(await times(rows, map)));
  const count = single.length;
  return (frobenius(sum) ** 2 / rows.rows - count) / (count * Math.max(1, count - 1));
}

/** Each column in a random order of its own; unit rows. */
function scrambled(x: MatrixLike, random: Random): Matrix {
  const out = matrix(x.rows, x.cols);
  for (let j = 0; j < x.cols; j++) {
    const order = random.permutation(x.rows);
    for (let i = 0; i < x.rows; i++) out.data[i * x.cols + j] = x.data[order[i]! * x.cols + j]!;
  }
  return unitRows(out);
}
