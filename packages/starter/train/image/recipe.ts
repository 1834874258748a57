import { random } from '@cognate/core';
import {
  compile,
  countParameters,
  readCheckpoint,
  startEngine,
  tensor,
  trainer,
  writeCheckpoint,
  type Tensor,
} from '@cognate/nn';
import { loadConcepts } from '../data/concepts.ts';
import type { RecipeHost } from '../data/recipe-host.ts';
import { startAugmenter, trainingSets } from './augmenter.ts';
import { encodeImages, type ImageModel } from './model.ts';
import { initTrained, objective, viewMasks, type Batch, type Trained } from './objective.ts';
import { publishBanks, publishModel } from './publish.ts';
import { validate, validationSets } from './validation.ts';

/** `node scripts/recipe.mjs image --minutes 75 --resume`. */
export interface RecipeOptions {
  /** Training time; the learning rate falls to its floor at its end, whatever the machine's speed. */
  readonly minutes?: number;
  readonly resume?: boolean;
  readonly seed?: number;
  /** Name of the checkpoint, for trials. */
  readonly run?: string;
  /** Concepts in a batch, pictures of each. */
  readonly concepts?: number;
  readonly views?: number;
  readonly rate?: number;
  /** Trains no further: writes the checkpoint's averaged weights and the banks into the repository. */
  readonly publish?: boolean;
  /** Input size to publish before the last stage, pixels per side. */
  readonly size?: number;
}

/**
 * Sizes that the encoder is trained at one after the other, with the share of the time at which each ends: small pictures
 * first, of which it sees four times as many in the same time. The last size is the shipped one.
 */
const stages = [
  { size: 24, until: 0.35 },
  { size: 32, until: 0.65 },
  { size: 40, until: 1 },
] as const;
const finalSize = 40;

/** What a checkpoint holds beside the weights. */
interface Notes {
  readonly seconds: number;
  readonly random: number;
  readonly curve: readonly Readonly<Record<string, number>>[];
}

/**
 * Trains the image encoder on pictures alone, with a checkpoint every few minutes and validation recall now and then,
 * and publishes it with its banks.
 */
export async function main(host: RecipeHost, options: RecipeOptions): Promise<void> {
  if (options.publish) return publish(host, options.run, options.size);
  const { minutes = 75, seed = 1, run = 'checkpoint', concepts: perBatch = 24, views = 4, rate = 2e-3 } = options;
  const concepts = await loadConcepts();
  const sets = await trainingSets(host);
  const drawn = new Set(sets.flatMap(({ hexcodes }) => hexcodes));
  const training = concepts.filter(({ part, hexcode }) => part === 'train' && drawn.has(hexcode));
  const worker = await startAugmenter(host, sets, training);
  const checks = await validationSets(host, concepts);

  const engine = await startEngine();
  const subgroups = 1 + concepts.reduce((most, { subgroup }) => Math.max(most, subgroup), 0);
  const params = initTrained(seed, training.length, subgroups);
  host.log(
    `${engine.device}, ${engine.threads} threads; ${training.length} concepts; ` +
      `${countParameters(params.model)} parameters`,
  );
  using fit = trainer<Trained<Tensor>, Batch, Record<string, never>>({
    params,
    loss: objective,
    optimizer: { weightDecay: 0.05 },
    emaDecay: 0.998,
  });
  let notes: Notes = { seconds: 0, random: seed, curve: [] };
  const stored = options.resume ? await host.load(`${run}.safetensors`) : undefined;
  if (stored) {
    const checkpoint = readCheckpoint<Trained<Tensor>>(stored);
    fit.restore(checkpoint.trainer);
    notes = checkpoint.notes as Notes;
    host.log(`resumed at step ${fit.step}, ${Math.round(notes.seconds)} s`);
  }
  const curve = [...notes.curve];
  const draw = random(notes.random);
  let spent = notes.seconds;
  const budget = minutes * 60;
  const encode = compile<ImageModel>(encodeImages);
  const count = perBatch * views;
  const masks = viewMasks(count, views);
  const sizeAt = (seconds: number): number => stages.find(({ until }) => seconds < budget * until)?.size ?? finalSize;

  let order = draw.permutation(training.length);
  let at = 0;
  const request = (): {
    chosen: Uint32Array<ArrayBuffer>;
    size: number;
    pixels: Promise<Float32Array<ArrayBuffer>>;
  } => {
    if (at + perBatch > order.length) {
      order = draw.permutation(training.length);
      at = 0;
    }
    const chosen = order.slice(at, at + perBatch);
    at += perBatch;
    const size = sizeAt(spent);
    const strength = Math.min(1, 0.2 + spent / (0.25 * budget));
    return { chosen, size, pixels: worker({ seed: draw.below(2 ** 31), chosen, views, size, strength }) };
  };

  const save = async (): Promise<void> => {
    const state = await fit.save();
    const written = { seconds: spent, random: draw.state, curve } satisfies Notes;
    await host.save(`${run}.safetensors`, writeCheckpoint({ trainer: state, notes: written }));
  };
  let waiting = [request(), request()];
  let [sum, steps] = [0, 0];
  let lastReport = performance.now();
  let [lastSave, lastCheck] = [lastReport, lastReport];
  while (spent < budget) {
    const started = performance.now();
    const { chosen, size, pixels } = waiting.shift()!;
    const data = await pixels;
    waiting = [...waiting, request()];
    const label = (of: (index: number) => number): Tensor =>
      tensor(
        [count],
        Int32Array.from({ length: count }, (_, i) => of(chosen[Math.floor(i / views)]!)),
      );
    const progress = spent / budget;
    const result = await fit.update(
      {
        pixels: tensor([count, size, size, 3], data),
        concepts: label((index) => index),
        subgroups: label((index) => training[index]!.subgroup),
        ...masks,
      },
      rate * Math.min(1, (fit.step + 1) / 200) * (0.01 + 0.99 * 0.5 * (1 + Math.cos(Math.PI * progress))),
    );
    const now = performance.now();
    spent += (now - started) / 1000;
    sum += result.loss;
    steps++;
    if (now - lastReport > 60_000 || spent >= budget) {
      const perStep = (now - lastReport) / steps;
      const line = { step: fit.step, size, loss: sum / steps, msPerStep: perStep, seconds: spent };
      host.log(JSON.stringify(line, round));
      [sum, steps, lastReport] = [0, 0, now];
    }
    const ended = spent >= budget;
    if (now - lastCheck > 480_000 || ended) {
      const { model } = await fit.weights();
      const scores = await validate(model, checks, encode, sizeAt(spent));
      curve.push({ step: fit.step, seconds: Math.round(spent), size: sizeAt(spent), loss: result.loss, ...scores });
      host.log(JSON.stringify(curve.at(-1), round));
      lastCheck = performance.now();
    }
    if (now - lastSave > 180_000 || ended) {
      await save();
      lastSave = performance.now();
    }
    lastReport += performance.now() - now;
  }
  await publish(host, run);
}

const round = (_: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(4)) : value;

/** Model and banks from a checkpoint. */
async function publish(host: RecipeHost, run = 'checkpoint', size: number = finalSize): Promise<void> {
  const stored = await host.load(`${run}.safetensors`);
  if (!stored) throw new Error(`publish: there is no checkpoint ${run}; train first`);
  const { trainer: state } = readCheckpoint<Trained<Tensor>>(stored);
  await startEngine();
  const bytes = await publishModel(host, (state.ema ?? state.params).model, size);
  host.log(`published step ${state.step}: ${bytes} bytes`);
  await publishBanks(host);
}
