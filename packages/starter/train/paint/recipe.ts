import { random } from '@cognate/core';
import { mapTree, readCheckpoint, startEngine, tensor, treeLeaves, type Tensor } from '@cognate/nn';
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
import { loadPointPool, type PointPool } from './points.ts';
import { publishPainter, type Sampling } from './publish.ts';
import type { Sketch } from './sketch.ts';
import type { Sources } from './sources.ts';
import { latentsOf, trainCodec, trainPainter, trainSketch } from './stages.ts';

/** `node scripts/recipe.mjs paint --minutes 96 --resume`. */
export interface RecipeOptions {
  /** Training time of all stages together; learning rates fall to their floor at each stage's end. */
  readonly minutes?: number;
  readonly resume?: boolean;
  readonly seed?: number;
  /** Trains no further: publishes the averaged weights of the latest checkpoints. */
  readonly publish?: boolean;
}

/** Shares of the time: pictures to latents, points to latents, both together. */
const shares = { codec: 0.33, sketch: 0.25, painter: 0.42 } as const;

/** Pictures of parts of others. */
const madeUpCount = 8000;

/** How sketches are improved: chosen on validation concepts, see the card. */
const sampling: Sampling = { steps: 8, rate: 0.12, noise: 0.25 };

/** Trains the painter stage after stage, with checkpoints, and publishes it. */
export async function main(
  host: RecipeHost,
  { minutes = 96, resume = false, seed = 1, publish = false }: RecipeOptions,
): Promise<void> {
  const engine = await startEngine();
  const encoder = await loadImageWeights();
  const gallery = await loadGallery(host);
  const drawn = gallery.painted.filter(({ part }) => part === 'train');
  const inks = inksOf(drawn);
  if (publish) return publishLatest(host, { inks, encoder });
  host.log(
    `${engine.device}, ${engine.threads} threads; ${drawn.length} pictures to paint, ${gallery.others.length} others`,
  );
  const codec = await trainCodec(
    host,
    { painted: drawn, others: gallery.others },
    { minutes: minutes * shares.codec, resume, seed },
  );

  const world = await loadWorld();
  await using seeing = await loadShippedImage();
  const pool = await loadPointPool(host, seeing);
  const questions = [
    ...makeQuestions(world, gallery.painted, 'train', 96),
    ...makeQuestions(world, gallery.painted, 'validation', 96),
  ];
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
  const first = await trainSketch(host, sources, judging, { minutes: minutes * shares.sketch, resume, seed });
  const last = await trainPainter(host, sources, first, judging, { minutes: minutes * shares.painter, resume, seed });
  const sketch = between(first, last);
  host.log(`published: ${await publishPainter(host, { sketch, canvas: judging.canvas }, sampling)} bytes`);
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

/** What the latest checkpoints make; without those of the last stage, the one before it. */
async function publishLatest(host: RecipeHost, rest: Omit<Canvas<Tensor>, 'decoder'>): Promise<void> {
  const codec = await averaged<Codec<Tensor>>(host, 'codec');
  const [first, last] = [
    await averaged<Sketch<Tensor>>(host, 'sketch'),
    await averaged<Sketch<Tensor>>(host, 'painter'),
  ];
  if (!codec || !first) throw new Error('publish: there are no checkpoints; train first');
  const sketch = last ? between(first, last) : first;
  const canvas = { decoder: codec.decoder, ...rest };
  host.log(`published: ${await publishPainter(host, { sketch, canvas }, sampling)} bytes`);
}

async function averaged<P>(host: RecipeHost, stage: string): Promise<P | undefined> {
  const stored = await host.load(`${stage}.safetensors`);
  if (!stored) return undefined;
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
