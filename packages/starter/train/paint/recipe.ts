import { random } from '@cognate/core';
import { mapTree, readCheckpoint, startEngine, tensor, treeLeaves, type Tensor } from '@cognate/nn';
import { isValidation } from '../../src/split.ts';
import { learnedParts } from '../data/concepts.ts';
import type { RecipeHost } from '../data/recipe-host.ts';
import { imageSpace, loadImageWeights } from '../image/publish.ts';
import { loadShippedImage } from '../image/shipped.ts';
import type { Canvas } from './canvas.ts';
import type { Codec } from './codec.ts';
import { toImageData } from './frames.ts';
import { loadGallery } from './gallery.ts';
import { inksOf } from './inks.ts';
import { loadWorld, makeQuestions, namedPoints, type World } from './judge.ts';
import { makeUp } from './made-up.ts';
import type { Painter } from './painter.ts';
import { loadPointPool, type PointPool } from './points.ts';
import { shippedTrust } from '../trust/shipped-trust.ts';
import { painterFolder, publishPainter, type Sampling } from './publish.ts';
import { initSketch, remember, type Sketch } from './sketch.ts';
import { firstMemory, type Sources } from './sources.ts';
import { latentsOf, trainCodec, trainPainter, trainSketch } from './stages.ts';

/** `node scripts/recipe.mjs paint --resume`, then `node scripts/recipe.mjs paint --final --resume`. */
export interface RecipeOptions {
  /** Training time of all stages together, 96 unless told, or 44 with `final`; learning rates fall to their floor at each stage's end. */
  readonly minutes?: number;
  readonly resume?: boolean;
  /**
   * Once every choice is made, goes on from the checkpoints with the validation concepts among those that are learned. Codec
   * and inks stay as they are: they draw what they have not seen as well.
   */
  readonly final?: boolean;
  readonly seed?: number;
  /** Trains no further: publishes the averaged weights of the latest checkpoints, of the last run with `final`. */
  readonly publish?: boolean;
}

/** Shares of the time: pictures to latents, points to latents, both together. */
const shares = { codec: 0.33, sketch: 0.25, painter: 0.42 } as const;
const finalShares = { sketch: 0.35, painter: 0.65 } as const;

/** Learning rates of the last run, as a share of those before: its weights are trained already. */
const finalRate = 0.5;

/** Pictures of parts of others. */
const madeUpCount = 8000;

/** How sketches are improved: chosen on validation concepts, see the card. */
const sampling: Sampling = { steps: 8, rate: 0.12, noise: 0.25 };

/** Trains the painter stage after stage, with checkpoints, and publishes it. */
export async function main(
  host: RecipeHost,
  { final = false, minutes = final ? 44 : 96, resume = false, seed = 1, publish = false }: RecipeOptions,
): Promise<void> {
  const engine = await startEngine();
  const encoder = await loadImageWeights();
  const gallery = await loadGallery(host);
  const training = gallery.painted.filter(({ part }) => part === 'train');
  const inks = inksOf(training);
  if (publish) return publishLatest(host, { inks, encoder }, final);
  const parts = final ? learnedParts : learnedParts.slice(0, 1);
  const drawn = parts.flatMap((part) => gallery.painted.filter((each) => each.part === part));
  host.log(
    `${engine.device}, ${engine.threads} threads; ${drawn.length} pictures to paint, ${gallery.others.length} others`,
  );
  const codec = final
    ? await trained<Codec<Tensor>>(host, 'codec')
    : await trainCodec(
        host,
        { painted: training, others: gallery.others },
        { minutes: minutes * shares.codec, resume, seed },
      );

  const world = await loadWorld();
  await using seeing = await loadShippedImage();
  const pool = await loadPointPool(host, seeing, parts);
  const questions = learnedParts.flatMap((part) => makeQuestions(world, gallery.painted, part, 96));
  const cosine = agreement(world, questions[2]!.hexcodes);
  const noise = Math.sqrt((1 / cosine ** 2 - 1) / imageSpace.dim);
  host.log(`names agree with pictures by ${cosine.toFixed(3)}: noise of ${noise.toFixed(4)} a coordinate`);
  const painted = [...drawn, ...makeUp(random(seed + 7), drawn, madeUpCount)];
  const sources: Sources = {
    painted,
    latents: await latentsOf(codec, painted),
    own: (await seeing.encode(painted.map(({ picture }) => toImageData(picture)))).data,
    pool,
    gaps: gapsOf(world, pool),
    noise,
  };
  const judging = { world, questions, canvas: { decoder: codec.decoder, inks, encoder } };
  const { keys, codes } = firstMemory(random(seed), sources);
  const begin = initSketch(seed + 1, keys, codes);
  const known = pool.concepts.findIndex(isValidation);
  const first = await trainSketch(host, sources, judging, {
    ...(final
      ? { name: 'sketch-final', params: remember(await trained(host, 'sketch'), begin.memory, known), rate: finalRate }
      : { name: 'sketch', params: begin, rate: 1 }),
    ...{ minutes: minutes * (final ? finalShares : shares).sketch, resume, seed },
  });
  const last = await trainPainter(host, sources, judging, {
    ...(final
      ? { name: 'painter-final', params: remember(await trained(host, 'painter'), first.memory, known), rate: finalRate } // prettier-ignore
      : { name: 'painter', params: first, rate: 1 }),
    ...{ minutes: minutes * (final ? finalShares : shares).painter, resume, seed },
  });
  const sketch = between(first, last);
  await write(host, { sketch, canvas: judging.canvas }, final);
}

/**
 * The middle of both stages' weights: what squared error taught keeps shapes where they are, what the encoder taught makes
 * them say more; on the way from one to the other there is the best of both.
 * @see Wortsman et al. 2022, Robust Fine-Tuning of Zero-Shot Models, arXiv:2109.01903.
 */
function between(first: Sketch<Tensor>, last: Sketch<Tensor>): Sketch<Tensor> {
  const others = treeLeaves<Tensor>(last);
  return mapTree(first, ({ shape, data }: Tensor, path): Tensor => {
    const other = others.get(path)!.data;
    return tensor(
      shape,
      Float32Array.from(data, (value, i) => (value + other[i]!) / 2),
    );
  });
}

/** What the latest checkpoints make. */
async function publishLatest(host: RecipeHost, rest: Omit<Canvas<Tensor>, 'decoder'>, final: boolean): Promise<void> {
  const { decoder } = await trained<Codec<Tensor>>(host, 'codec');
  const of = (stage: string): Promise<Sketch<Tensor>> => trained(host, final ? `${stage}-final` : stage);
  const sketch = between(await of('sketch'), await of('painter'));
  const canvas = { decoder, ...rest };
  await write(host, { sketch, canvas }, final);
}

/** Into the repository. */
async function write(host: RecipeHost, painter: Painter<Tensor>, final: boolean): Promise<void> {
  const trust = final ? await shippedTrust(painterFolder) : undefined;
  host.log(`published: ${await publishPainter(host, painter, sampling, trust)} bytes`);
}

/** Averaged weights of the latest checkpoint of a stage. */
async function trained<P>(host: RecipeHost, stage: string): Promise<P> {
  const stored = await host.load(`${stage}.safetensors`);
  if (!stored) throw new Error(`paint: there is no checkpoint of ${stage}; train it first`);
  const { trainer, notes } = readCheckpoint<P>(stored);
  host.log(`${stage}: step ${trainer.step}, ${Math.round((notes as { seconds: number }).seconds)} s`);
  return trainer.ema ?? trainer.params;
}

/** What lies between the aligned names of training concepts and the mean points of their pictures, row by row. */
function gapsOf(world: World, { concepts, of, means }: PointPool): Float32Array {
  const { dim } = imageSpace;
  const named = concepts.filter((hexcode) => world.nameOf.has(hexcode));
  const gaps = namedPoints(world, named);
  named.forEach((hexcode, i) => {
    const at = of.get(hexcode)!.slot * dim;
    for (let k = 0; k < dim; k++) gaps[i * dim + k]! -= means[at + k]!;
  });
  return gaps;
}

/** Mean cosine of aligned names with pictures of their concepts, over all painted styles. */
function agreement(world: World, hexcodes: readonly string[]): number {
  const names = namedPoints(world, hexcodes);
  const { dim } = imageSpace;
  let [sum, count] = [0, 0];
  for (const rows of world.pictures.values()) {
    hexcodes.forEach((hexcode, i) => {
      const row = rows.get(hexcode);
      if (!row) return;
      for (let k = 0; k < dim; k++) sum += row[k]! * names[i * dim + k]!;
      count++;
    });
  }
  return sum / count;
}
