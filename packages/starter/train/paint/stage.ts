import { random, type Random } from '@cognate/core';
import { readCheckpoint, trainer, writeCheckpoint, type Loss, type MapTree, type Tensor } from '@cognate/nn';
import type { RecipeHost } from '../data/recipe-host.ts';

/** One of the trainings that follow each other. */
export interface Stage<P, B, L> {
  /** Names the checkpoint. */
  readonly name: string;
  readonly params: P;
  readonly loss: Loss<P, B, L>;
  readonly minutes: number;
  /** Peak of the learning rate; it falls along half a cosine to 2 % at the end of the time. */
  readonly rate: number;
  readonly warmup: number;
  readonly emaDecay: number;
  readonly seed: number;
  /** The next batch, drawn at `progress` of the time, 0 to 1. */
  batch(draw: Random, progress: number): MapTree<B, Tensor>;
  /** Arrays that the loss needs and nothing moves, such as another model's weights; their gradients are not used. */
  readonly frozen: MapTree<L, Tensor>;
  /** Scores for the curve, of the averaged weights. */
  check(weights: P): Promise<Readonly<Record<string, number>>>;
  readonly checkSeconds: number;
}

/** What a checkpoint holds beside the weights. */
interface Notes {
  readonly seconds: number;
  readonly random: number;
  readonly curve: readonly Readonly<Record<string, number>>[];
}

/** Trains a stage, or what is left of it, and resolves to its averaged weights. */
export async function runStage<P, B, L>(host: RecipeHost, stage: Stage<P, B, L>, resume: boolean): Promise<P> {
  const { name, params, loss, emaDecay, rate, warmup } = stage;
  const budget = stage.minutes * 60;
  const file = `${name}.safetensors`;
  const stored = resume ? await host.load(file) : undefined;
  const checkpoint = stored && readCheckpoint<P>(stored);
  let notes: Notes = { seconds: 0, random: stage.seed, curve: [] };
  if (checkpoint) {
    notes = checkpoint.notes as Notes;
    if (notes.seconds >= budget) return checkpoint.trainer.ema ?? checkpoint.trainer.params;
  }
  using fit = trainer<P, B, L>({ params, loss, optimizer: { weightDecay: 0.01 }, emaDecay });
  if (checkpoint) {
    fit.restore(checkpoint.trainer);
    host.log(`${name}: resumed at step ${fit.step}, ${Math.round(notes.seconds)} s`);
  }
  const curve = [...notes.curve];
  const draw = random(notes.random);
  let spent = notes.seconds;
  let [sum, steps] = [0, 0];
  let lastReport = performance.now();
  let [lastSave, lastCheck] = [lastReport, lastReport];
  const save = async (): Promise<void> => {
    const written = { seconds: spent, random: draw.state, curve } satisfies Notes;
    await host.save(file, writeCheckpoint({ trainer: await fit.save(), notes: written }));
  };
  while (spent < budget) {
    const started = performance.now();
    const progress = spent / budget;
    const falling = 0.02 + 0.98 * 0.5 * (1 + Math.cos(Math.PI * progress));
    const { loss: value } = await fit.update(
      stage.batch(draw, progress),
      rate * Math.min(1, (fit.step + 1) / warmup) * falling,
      stage.frozen,
    );
    const now = performance.now();
    spent += (now - started) / 1000;
    sum += value;
    steps++;
    const ended = spent >= budget;
    if (now - lastReport > 30_000 || ended) {
      const line = { step: fit.step, loss: sum / steps, msPerStep: (now - lastReport) / steps, seconds: spent };
      host.log(`${name} ${JSON.stringify(line, round)}`);
      [sum, steps, lastReport] = [0, 0, now];
    }
    if (now - lastCheck > stage.checkSeconds * 1000 || ended) {
      const scores = await stage.check(await fit.weights());
      curve.push({ step: fit.step, seconds: Math.round(spent), loss: value, ...scores });
      host.log(`${name} ${JSON.stringify(curve.at(-1), round)}`);
      lastCheck = performance.now();
    }
    if (now - lastSave > 120_000 || ended) {
      await save();
      lastSave = performance.now();
    }
    lastReport += performance.now() - now;
  }
  return fit.weights();
}

export const round = (_: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(4)) : value;
