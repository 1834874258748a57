import { normalizeRows } from '@cognate/core';
import { readCheckpoint, startEngine, type Tensor } from '@cognate/nn';
import type { RecipeHost } from '../data/recipe-host.ts';
import { loadPictures } from '../image/pictures.ts';
import { imageSpace } from '../image/publish.ts';
import type { Codec } from './codec.ts';
import { paintStyles, type Denoiser } from './denoiser.ts';
import { loadGallery } from './gallery.ts';
import { loadFrozenEncoder } from './image-encoder.ts';
import { loadWorld, makeQuestions, namedPoints, type World } from './judge.ts';
import { loadPointPool, type PointPool } from './points.ts';
import { publishPainter } from './publish.ts';
import type { Sources } from './sources.ts';
import { latentsOf, trainCodec, trainDenoiser, trainPainter } from './stages.ts';

/** `node scripts/recipe.mjs paint --minutes 70 --resume`. */
export interface RecipeOptions {
  /** Training time of all stages together; learning rates fall to their floor at each stage's end. */
  readonly minutes?: number;
  readonly resume?: boolean;
  readonly seed?: number;
  /** Trains no further: publishes the averaged weights of the latest checkpoints. */
  readonly publish?: boolean;
}

/** Shares of the time: pictures to latents, points to latents, both together. */
const shares = { codec: 0.17, denoiser: 0.33, painter: 0.5 } as const;

/** Trains the painter stage after stage, with checkpoints, and publishes it. */
export async function main(
  host: RecipeHost,
  { minutes = 70, resume = false, seed = 1, publish = false }: RecipeOptions,
): Promise<void> {
  const engine = await startEngine();
  if (publish) return publishLatest(host);
  const gallery = await loadGallery(host);
  const painted = gallery.painted.filter(({ part }) => part === 'train');
  host.log(
    `${engine.device}, ${engine.threads} threads; ${painted.length} pictures to paint, ${gallery.others.length} others`,
  );
  const codec = await trainCodec(
    host,
    { painted, others: gallery.others },
    { minutes: minutes * shares.codec, resume, seed },
  );

  const world = await loadWorld();
  const encoder = await loadFrozenEncoder(await loadPictures(host, paintStyles[0]));
  const pool = await loadPointPool(host, encoder);
  const questions = [
    ...makeQuestions(world, gallery.painted, 'train', 96),
    ...makeQuestions(world, gallery.painted, 'validation', 96),
  ];
  const cosine = agreement(world, questions[2]!.hexcodes);
  const noise = Math.sqrt((1 / cosine ** 2 - 1) / imageSpace.dim);
  host.log(`names agree with pictures by ${cosine.toFixed(3)}: noise of ${noise.toFixed(4)} a coordinate`);
  const sources: Sources = {
    painted,
    latents: await latentsOf(codec, painted),
    pool,
    gaps: gapsOf(world, pool),
    noise,
    startShare: 0.5,
    hiddenShare: 0.25,
  };
  const judging = { world, questions, encoder };
  const denoiser = await trainDenoiser(host, sources, codec.decoder, judging, {
    minutes: minutes * shares.denoiser,
    resume,
    seed,
  });
  const painter = await trainPainter(
    host,
    { ...sources, startShare: 1, hiddenShare: 0.25 },
    { denoiser, decoder: codec.decoder },
    judging,
    { minutes: minutes * shares.painter, resume, seed },
  );
  host.log(`published: ${await publishPainter(host, painter, sampling)} bytes`);
}

/** One step: eight of them paint no better, see the card. */
const sampling = { steps: 1, guidance: 1 } as const;

/** Weights of the last stage, or of the one before it where that has not begun. */
async function publishLatest(host: RecipeHost): Promise<void> {
  const codec = await averaged<Codec<Tensor>>(host, 'codec');
  const denoiser = (await averaged<Denoiser<Tensor>>(host, 'painter')) ?? (await averaged(host, 'denoiser'));
  if (!codec || !denoiser) throw new Error('publish: there are no checkpoints; train first');
  host.log(`published: ${await publishPainter(host, { denoiser, decoder: codec.decoder }, sampling)} bytes`);
}

async function averaged<P>(host: RecipeHost, stage: string): Promise<P | undefined> {
  const stored = await host.load(`${stage}.safetensors`);
  if (!stored) return undefined;
  const { trainer, notes } = readCheckpoint<P>(stored);
  host.log(`${stage}: step ${trainer.step}, ${Math.round((notes as { seconds: number }).seconds)} s`);
  return trainer.ema ?? trainer.params;
}

/** What lies between the aligned names of training concepts and the mean points of their pictures, row by row. */
function gapsOf(world: World, { concepts, rows, of }: PointPool): Float32Array {
  const { dim } = imageSpace;
  const named = concepts.filter((hexcode) => world.nameOf.has(hexcode));
  const gaps = namedPoints(world, named);
  named.forEach((hexcode, i) => {
    const mean = new Float32Array(dim);
    for (const row of of.get(hexcode)!) for (let k = 0; k < dim; k++) mean[k]! += rows[row * dim + k]!;
    normalizeRows(mean, dim);
    for (let k = 0; k < dim; k++) gaps[i * dim + k]! -= mean[k]!;
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
