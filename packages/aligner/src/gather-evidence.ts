import { methodName, type Forecast } from '@cognate/core';
import type { Tools } from './algebra/tools.ts';
import type { Heads } from './alignment/path.ts';
import type { FitOptions } from './fit-options.ts';
import {
  calibrateBoth,
  examine,
  meanScores,
  measured,
  pooled,
  quality,
  type Examination,
  type Examined,
  type Quality,
} from './measure/judge.ts';
import { chanceScores } from './measure/retrieval.ts';
import { lookAgain } from './measure/second-look.ts';
import type { Evidence } from './measure/verdict.ts';
import { closedFormOf, shuffledControl, type Candidate, type Method } from './methods.ts';
import { joined, thinned, type Plan, type Sample } from './sample.ts';

/** Heads, and the pairs that they have learned from. */
export interface Learned {
  readonly heads: Heads;
  readonly learned: Sample;
}

/** What is measured, which has not seen the pairs that it is asked about, and what is given away. */
export interface LearnedTwice extends Learned {
  readonly final: Learned;
}

/** What was planned, what became of it, and what was kept. */
export interface Choice {
  readonly planned: readonly Method[];
  readonly tried: readonly Candidate[];
  readonly kept: Candidate;
}

/** Everything that the report says but the verdict. */
export async function gatherEvidence(
  { planned, tried, kept }: Choice,
  { heads, learned, final }: LearnedTwice,
  sample: Sample,
  plan: Plan,
  outlook: Forecast | undefined,
  options: FitOptions & { readonly seed: number },
  tools: Tools,
): Promise<Evidence> {
  const { seed, onProgress } = options;
  const asked: Examination[] = [];
  if (plan.heldOut) asked.push({ heads, test: plan.heldOut, candidates: plan.heldOut, crowd: learned });
  else for (const [i, fold] of plan.folds.entries()) asked.push({ ...fold, heads: await kept.heads(i) });
  const examined: Examined[] = [];
  for (const each of asked) examined.push(await examine(each, tools));
  // What scores are worth depends on how many candidates there are: one of each thing that is known.
  const bank = plan.heldOut ? joined(oneOfEach(learned), oneOfEach(plan.heldOut)) : oneOfEach(sample);
  const candidates = asked[0]!.candidates.groups;
  const scores = measured(examined, candidates.length);
  const atLength = async (): Promise<Pick<Evidence, 'forward' | 'backward' | 'suspects'> & Partial<Evidence>> => ({
    shuffled: meanScores(await shuffledControl(kept, plan, options, tools), candidates.length),
    ...(outlook && { forecast: outlook }),
    ...(await lookAgain(
      {
        ...closedFormOf(kept, plan, tools),
        sample,
        scores,
        folds: asked.length,
        queries: new Set(asked.flatMap(({ test }) => [...test.groups])).size,
        comparable: !kept.start && !options.heldOut && kept.method !== 'unpaired',
        seed,
        onProgress,
      },
      tools,
    )),
    calibration: await calibrateBoth(
      asked.map((each) => ({ ...each, candidates: bank })),
      tools,
    ),
  });
  return {
    method: kept.method,
    reason: reasonFor(kept, tried, planned, plan, options),
    tried: tried.map((each) => ({ method: each.method, ...compared(each, tried), seconds: each.seconds })),
    trainPairs: final.learned.source.count,
    heldOutPairs: asked.reduce((sum, { test }) => sum + test.source.count, 0),
    chance: chanceScores(candidates),
    ...(options.report === 'brief' ? { ...scores, suspects: [] } : await atLength()),
    seed,
  };
}

const hasTrained = (tried: readonly Candidate[]): boolean => tried.some(({ method }) => method === 'contrastive');

/** What a method has shown where all that were tried have: heads are trained for the first fold alone. */
function compared({ ranked }: Candidate, tried: readonly Candidate[]): Quality {
  return quality(pooled(hasTrained(tried) ? ranked.slice(0, 1) : ranked));
}

/** Why the kept method was kept, for people. */
function reasonFor(
  kept: Candidate,
  tried: readonly Candidate[],
  planned: readonly Method[],
  { folds }: Plan,
  { trainHeads }: FitOptions,
): string {
  if (planned.length === 1) return `${methodName(kept.method)} was asked for.`;
  const others = tried.filter((each) => each !== kept);
  const mean = (each: Candidate): number => compared(each, tried).mrr;
  const score = (each: Candidate): string => mean(each).toFixed(3);
  const looked = hasTrained(tried) ? folds.slice(0, 1) : folds;
  const pairs = looked.reduce((sum, { test }) => sum + test.source.count, 0);
  const how = looked.length > 1 ? `${pairs} pairs, each left out once` : `${pairs} validation pairs`;
  const rest = others.map((each) => `${methodName(each.method)} ${score(each)}`).join(', ');
  const spared = planned.filter((each) => !tried.some(({ method }) => method === each)).map(methodName);
  const first = others.every((each) => mean(each) <= mean(kept));
  const why = first
    ? `${methodName(kept.method)} placed right answers highest`
    : `${methodName(kept.method)} was kept, since no other method was better by more than chance`;
  const few =
    planned.includes('contrastive') || trainHeads === false
      ? ''
      : ' There are too few pairs to train contrastive heads.';
  const idle = spared.length > 0 ? ` There was nothing to gain from ${spared.join(' or ')}.` : '';
  return `${why}: mean reciprocal rank ${score(kept)} over ${how}${rest && ` (${rest})`}.${few}${idle}`;
}

/** A pair of each group, of 5,000 groups at most. */
function oneOfEach(sample: Sample): Sample {
  return thinned(sample, Math.min(5000, new Set(sample.groups).size));
}
