import { startEngine } from '@cognate/nn';
import type { RecipeHost } from '../data/recipe-host.ts';
import { loadPictures } from '../image/pictures.ts';
import { imageSpace } from '../image/publish.ts';
import { paintStyles } from './denoiser.ts';
import { loadGallery } from './gallery.ts';
import { loadFrozenEncoder } from './image-encoder.ts';
import { loadWorld, makeQuestions, namedPoints, type World } from './judge.ts';
import { loadPointPool } from './points.ts';
import { publishPainter } from './publish.ts';
import type { Sources } from './sources.ts';
import { latentsOf, trainCodec, trainDenoiser, trainPainter } from './stages.ts';

/** `node scripts/recipe.mjs paint --minutes 70 --resume`. */
export interface RecipeOptions {
  /** Training time of all stages together; learning rates fall to their floor at each stage's end. */
  readonly minutes?: number;
  readonly resume?: boolean;
  readonly seed?: number;
}

/** Shares of the time: pictures to latents, points to latents, both together. */
const shares = { codec: 0.17, denoiser: 0.28, painter: 0.55 } as const;

/** Trains the painter stage after stage, with checkpoints, and publishes it. */
export async function main(host: RecipeHost, { minutes = 70, resume = false, seed = 1 }: RecipeOptions): Promise<void> {
  const engine = await startEngine();
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
  const sources: Sources = { painted, latents: await latentsOf(codec, painted), pool, noise, startShare: 0.5 };
  const judging = { world, questions, encoder };
  const denoiser = await trainDenoiser(host, sources, codec.decoder, judging, {
    minutes: minutes * shares.denoiser,
    resume,
    seed,
  });
  const painter = await trainPainter(
    host,
    { ...sources, startShare: 1 },
    { denoiser, decoder: codec.decoder },
    judging,
    { minutes: minutes * shares.painter, resume, seed },
  );
  const bytes = await publishPainter(host, painter, { steps: 1, guidance: 1 });
  host.log(`published: ${bytes} bytes`);
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
