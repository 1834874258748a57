import { breather, untilAborted, yieldTask, type CallOptions, type Embeddings } from '@cognate/core';
import { engineTools } from '../algebra/accelerate.ts';
import type { Tools } from '../algebra/tools.ts';
import { applyInSlices, headPath, sharedDim, type Heads } from '../alignment/path.ts';
import { beats, judge, quality, type Examination, type Quality } from '../measure/judge.ts';
import { centred, type Pairs } from '../pairs.ts';
import type { Fold, Sample } from '../sample.ts';
import { fingerprint, keeper, type Checkpoints, type Keeper } from './checkpoints.ts';
import { requireLoss } from './check-options.ts';
import { contrastiveSettings, type ContrastiveOptions } from './contrastive.ts';
import {
  contrastiveTraining,
  trainedHeads,
  type ContrastiveTraining,
  type ContrastiveWeights,
} from './contrastive-training.ts';
import { meanOf } from './head-params.ts';

/** Points of either side. */
export interface Watch {
  readonly source: Embeddings;
  readonly target: Embeddings;
}

export interface ContrastiveRun extends ContrastiveOptions, CallOptions {
  /** Names the run's checkpoint. */
  readonly name: string;
  readonly checkpoints?: Checkpoints | undefined;
  /** Awaited between steps: while its promise is pending, the run is paused. */
  readonly gate?: (() => Promise<void>) | undefined;
  readonly watch?: Watch | undefined;
  /** Steps between two looks at the validation pairs. */
  readonly interval: number;
  /** Looks without a gain after which training ends. */
  readonly patience: number;
}

/** What the looks at the validation pairs have told. */
interface Seen {
  readonly best: Quality;
  /** Steps after which it was reached; 0 for the start. */
  readonly steps: number;
  readonly latest: Quality;
  readonly looksSinceGain: number;
}

/** Trains on the fold from `start` and keeps the heads that did best on its test pairs, `start` among them. */
export async function fitContrastive(
  fold: Fold,
  start: Heads,
  run: ContrastiveRun,
): Promise<{ heads: Heads; quality: Quality; steps: number }> {
  const tools = toolsOf(run);
  const { name, interval, patience, steps: total, watch, onProgress } = run;
  const pairs = pairsFor(start, fold.train);
  using training = contrastiveTraining(pairs, start, run);
  const identity = fingerprint([pairs, pairsFor(start, fold.test)], await training.weights(), [
    name,
    contrastiveSettings(run),
    interval,
    patience,
  ]);
  const kept = await keeper<Seen>(run.checkpoints, name, identity, run.signal);
  const lookFrom = onEngine(fold, start, training);
  const look = async (): Promise<Quality> => quality(await judge(await lookFrom(), tools));
  let best: ContrastiveWeights | undefined;
  let seen: Seen;
  if (kept.found) {
    training.restore(kept.found.state);
    best = kept.found.best;
    seen = kept.found.notes;
  } else {
    const first = await look();
    seen = { best: first, steps: 0, latest: first, looksSinceGain: 0 };
  }
  const save = async (): Promise<void> => kept.save({ state: await training.save(), best, notes: seen });
  while (training.done < total && seen.looksSinceGain < patience) {
    const loss = await untilAborted(training.step(), run.signal);
    const { done } = training;
    requireLoss('fit()', loss, done, run.learningRate);
    let watched: Watch | undefined;
    if (done % interval === 0 || done === total) {
      const latest = await look();
      const gain = beats(latest, seen.best);
      if (gain) best = await training.weights();
      seen = gain
        ? { best: latest, steps: done, latest, looksSinceGain: 0 }
        : { ...seen, latest, looksSinceGain: seen.looksSinceGain + 1 };
      watched = watch && (await inShared(trainedHeads(await training.weights(), pairs), watch, tools));
    }
    const heldOut = seen.latest.recallAt10;
    const tell = (more: { watched?: Watch } = {}): void =>
      onProgress?.({ phase: 'fit', done, total, loss, heldOut, saved: kept.saved, ...more });
    tell(watched && { watched });
    await between(run, kept, save, tell, tools);
  }
  await save();
  return { heads: best ? trainedHeads(best, pairs) : start, quality: seen.best, steps: seen.steps };
}

/** Trains from `start` for `until` steps of the run's schedule, on all of the sample. */
export async function trainOn(sample: Sample, start: Heads, until: number, run: ContrastiveRun): Promise<Heads> {
  const tools = toolsOf(run);
  const pairs = pairsFor(start, sample);
  using training = contrastiveTraining(pairs, start, run);
  const identity = fingerprint([pairs], await training.weights(), [run.name, contrastiveSettings(run), until]);
  const kept = await keeper<null>(run.checkpoints, run.name, identity, run.signal);
  if (kept.found) training.restore(kept.found.state);
  const save = async (): Promise<void> => kept.save({ state: await training.save(), notes: null });
  while (training.done < until) {
    const loss = await untilAborted(training.step(), run.signal);
    const { done } = training;
    requireLoss('fit()', loss, done, run.learningRate);
    const tell = (): void => run.onProgress?.({ phase: 'fit', done, total: until, loss, saved: kept.saved });
    tell();
    await between(run, kept, save, tell, tools);
  }
  await save();
  return trainedHeads(await training.weights(), pairs);
}

/** Their breather knows no gate: a run waits there between two steps, where what was reached can be kept. */
function toolsOf({ signal }: ContrastiveRun): Tools {
  return engineTools(breather(signal));
}

/**
 * What happens between two steps: saving when it is due, pausing while the gate is closed, aborting.
 * @param tell tells of the step once more: what is saved at a pause would otherwise be told when it is over.
 */
async function between(
  { gate, signal }: ContrastiveRun,
  kept: Keeper<unknown>,
  save: () => Promise<void>,
  tell: () => void,
  tools: Tools,
): Promise<void> {
  if (kept.due) await save();
  const opened = gate?.();
  // A pause may last: what was reached must be safe if the page is closed meanwhile.
  if (opened && (await isPending(opened))) {
    await save();
    if (kept.saved !== undefined) tell();
    await untilAborted(opened, signal);
  }
  await tools.breathe();
}

/**
 * The fold as it lies in the shared space at the time of the call, with nothing left for heads to do: rows go through
 * the weights where these are, many times as fast as through paths.
 */
function onEngine(fold: Fold, start: Heads, training: ContrastiveTraining): () => Promise<Examination> {
  const samples = [...new Set([fold.test, fold.candidates, fold.crowd])];
  const known = new Map(samples.map((sample) => [sample, pairsFor(start, sample)] as const));
  return async () => {
    const found = new Map<Sample, Sample>();
    let dim = 0;
    for (const [sample, pairs] of known) {
      const through = async (side: 'source' | 'target'): Promise<Embeddings> => {
        const data = await training.project(side, pairs[side]);
        dim = data.length / pairs[side].rows;
        return { space: { id: `shared ${side}`, dim, normalized: true }, count: pairs[side].rows, data };
      };
      found.set(sample, { source: await through('source'), target: await through('target'), groups: sample.groups });
    }
    const there = headPath(new Float32Array(dim));
    const [test, candidates, crowd] = [found.get(fold.test)!, found.get(fold.candidates)!, found.get(fold.crowd)!];
    return { heads: { source: there, target: there }, test, candidates, crowd };
  };
}

/** Rows as the trained part of the paths meets them. */
function pairsFor({ source, target }: Heads, sample: Sample): Pairs {
  return {
    source: centred(sample.source, meanOf(source)),
    target: centred(sample.target, meanOf(target)),
    groups: sample.groups,
  };
}

/** The watched points in the shared space. */
async function inShared(heads: Heads, { source, target }: Watch, tools: Tools): Promise<Watch> {
  const space = { id: 'shared', dim: sharedDim(heads), normalized: true };
  const through = async (side: 'source' | 'target', points: Embeddings): Promise<Embeddings> => ({
    space,
    count: points.count,
    data: await applyInSlices(heads[side], points, tools),
  });
  return { source: await through('source', source), target: await through('target', target) };
}

/** Whether it takes longer than the tasks that wait already. */
async function isPending(promise: Promise<void>): Promise<boolean> {
  return Promise.race([promise.then(() => false), yieldTask().then(() => true)]);
}
