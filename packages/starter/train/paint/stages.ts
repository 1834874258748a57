import {
  compile,
  countParameters,
  release,
  tensor,
  toDevice,
  type DeviceArray,
  type MapTree,
  type Tensor,
} from '@cognate/nn';
import type { RecipeHost } from '../data/recipe-host.ts';
import { imageSpace } from '../image/publish.ts';
import type { Canvas } from './canvas.ts';
import { decodeLatents, encodePictures, initCodec, latentDim, type Codec } from './codec.ts';
import { drawPictures, pictureLength, stackPictures, type Framed } from './gallery.ts';
import { createEasel, judge, type Question, type World } from './judge.ts';
import { normals } from './noise.ts';
import {
  codecLoss,
  painterLoss,
  sketchLoss,
  type CodecBatch,
  type PainterBatch,
  type SketchBatch,
} from './objective.ts';
import { sheet } from './sheet.ts';
import { styleCount, type Sketch } from './sketch.ts';
import { draft, type Draft, type Sources } from './sources.ts';
import { runStage } from './stage.ts';

/** What every stage is told. */
export interface StageOptions {
  readonly minutes: number;
  readonly resume: boolean;
  readonly seed: number;
}

/** The same for sketches, which may have been trained before. */
export interface SketchOptions extends StageOptions {
  /** Names the checkpoint. */
  readonly name: string;
  readonly params: Sketch<Tensor>;
  /** What learning rates are multiplied by. */
  readonly rate: number;
}

/** What paintings are judged by while training runs. */
export interface Judging {
  readonly world: World;
  readonly questions: readonly Question[];
  readonly canvas: Canvas<Tensor>;
}

const codecBatch = 32;

/** First stage: pictures to latents and back, through noise. */
export async function trainCodec(
  host: RecipeHost,
  training: { readonly painted: readonly Framed[]; readonly others: readonly Framed[] },
  { minutes, resume, seed }: StageOptions,
): Promise<Codec<Tensor>> {
  const params = initCodec(seed);
  host.log(`codec: ${countParameters(params.encoder)} + ${countParameters(params.decoder)} parameters`);
  const watched = training.painted.filter((_, i) => i % 97 === 0).slice(0, codecBatch);
  const again = compile<Codec>((codec: Codec, pictures: DeviceArray) =>
    decodeLatents(codec.decoder, encodePictures(codec.encoder, pictures)),
  );
  return runStage<Codec<Tensor>, CodecBatch, Record<string, never>>(
    host,
    {
      name: 'codec',
      params,
      loss: codecLoss,
      frozen: {},
      minutes,
      rate: 3e-3,
      warmup: 50,
      emaDecay: 0.99,
      seed,
      batch(draw) {
        const noise = normals(draw, codecBatch * latentDim);
        for (let i = 0; i < codecBatch; i++) {
          const strength = 0.5 * draw.next();
          for (let k = 0; k < latentDim; k++) noise[i * latentDim + k]! *= strength;
        }
        return { pictures: drawPictures(draw, codecBatch, training), noise: tensor([codecBatch, latentDim], noise) };
      },
      async check(weights) {
        const device = toDevice<Codec<Tensor>>(weights);
        const { data } = await again(device, stackPictures(watched.map(({ picture }) => picture)));
        release(device);
        const rows: Float32Array[][] = [];
        let error = 0;
        for (let i = 0; i < watched.length; i++) {
          const [real, copy] = [unitPicture(watched[i]!.picture), pictureAt(data as Float32Array, i)];
          for (let k = 0; k < pictureLength; k++) error += (real[k]! - Math.min(1, Math.max(0, copy[k]!))) ** 2;
          if (i % 8 === 0) rows.push([], []);
          rows.at(-2)!.push(real);
          rows.at(-1)!.push(copy);
        }
        await host.save('codec.png', await sheet(rows));
        return { psnr: -10 * Math.log10(error / watched.length / pictureLength) };
      },
      checkSeconds: 60,
    },
    resume,
  );
}

/** Latents of pictures, `[pictures.length, latentDim]`. */
export async function latentsOf(codec: Codec<Tensor>, pictures: readonly Framed[]): Promise<Float32Array> {
  const batch = 64;
  using encode = compile<Codec['encoder']>(encodePictures);
  const device = toDevice(codec.encoder) as Codec['encoder'];
  const out = new Float32Array(pictures.length * latentDim);
  for (let start = 0; start < pictures.length; start += batch) {
    const part = pictures.slice(start, start + batch).map(({ picture }) => picture);
    while (part.length < batch) part.push(part[0]!);
    const { data } = await encode(device, stackPictures(part));
    const count = Math.min(batch, pictures.length - start);
    out.set(data.subarray(0, count * latentDim), start * latentDim);
  }
  release(device);
  return out;
}

const sketchBatch = 256;

/** Second stage: points to latents, for pictures of concepts and made-up ones. */
export async function trainSketch(
  host: RecipeHost,
  sources: Sources,
  judging: Judging,
  { name, params, minutes, resume, seed, rate }: SketchOptions,
): Promise<Sketch<Tensor>> {
  host.log(`${name}: ${countParameters(params)} parameters`);
  return runStage<Sketch<Tensor>, SketchBatch, Record<string, never>>(
    host,
    {
      name,
      params,
      loss: sketchLoss,
      frozen: {},
      minutes,
      rate: 2e-3 * rate,
      warmup: 100,
      emaDecay: 0.995,
      seed: seed + 1,
      batch: (draw) => rowsOf(draft(draw, sources, sketchBatch), sources),
      check: (sketch) => checkSketch(host, name, sketch, judging),
      checkSeconds: 240,
    },
    resume,
  );
}

/** Rows of a batch, and how many of them are painted. */
const painterBatch = 128;
const paintedRows = 32;

/** Third stage: the sketch learns by the pictures that come out and by what the image encoder sees in them. */
export async function trainPainter(
  host: RecipeHost,
  sources: Sources,
  judging: Judging,
  { name, params, minutes, resume, seed, rate }: SketchOptions,
): Promise<Sketch<Tensor>> {
  return runStage<Sketch<Tensor>, PainterBatch, Canvas>(
    host,
    {
      name,
      params,
      loss: painterLoss,
      frozen: judging.canvas,
      minutes,
      rate: 7e-4 * rate,
      warmup: 30,
      emaDecay: 0.99,
      seed: seed + 2,
      batch(draw) {
        const batch = draft(draw, sources, painterBatch);
        const last = [...batch.chosen.slice(painterBatch - paintedRows)];
        return {
          ...rowsOf(batch, sources),
          pictures: stackPictures(last.map((row) => sources.painted[row]!.picture)),
        };
      },
      check: (weights) => checkSketch(host, name, weights, judging),
      checkSeconds: 240,
    },
    resume,
  );
}

function rowsOf(
  { chosen, points, goals, styles, hide, unseen }: Draft,
  sources: Sources,
): MapTree<SketchBatch, Tensor> {
  const count = chosen.length;
  const latents = new Float32Array(count * latentDim);
  chosen.forEach((row, i) => latents.set(sources.latents.subarray(row * latentDim, (row + 1) * latentDim), i * latentDim)); // prettier-ignore
  return {
    points: tensor([count, imageSpace.dim], points),
    styles: tensor([count, styleCount], styles),
    hide: tensor([count, hide.length / count], hide),
    latents: tensor([count, latentDim], latents),
    goals: tensor([count, imageSpace.dim], goals),
    unseen: tensor([count], unseen),
  };
}

/** Scores of sketches as they are, before they are improved, and a sheet of them. */
async function checkSketch(
  host: RecipeHost,
  name: string,
  weights: Sketch<Tensor>,
  { world, questions, canvas }: Judging,
): Promise<Record<string, number>> {
  using easel = createEasel(weights, canvas);
  const scores: Record<string, number> = {};
  for (const question of questions) {
    const { pictures, seen, goals } = await easel.sketch(question.points, question.styles);
    const verdict = judge(world, question, { pictures, seen, goals });
    for (const [key, value] of Object.entries(verdict)) scores[`${question.name}.${key}`] = Number(value.toFixed(3));
    const shown = [question.inputs, question.truths].map((list) => list.slice(0, 16).map(unitPicture));
    await host.save(
      `${name}-${question.name}.png`,
      await sheet([...shown, shown[0]!.map((_, i) => pictureAt(pictures, i))]),
    );
  }
  return scores;
}

export function unitPicture(picture: Uint8Array): Float32Array {
  return Float32Array.from(picture, (value) => value / 255);
}

export function pictureAt(pictures: Float32Array, index: number): Float32Array {
  return pictures.slice(index * pictureLength, (index + 1) * pictureLength);
}
