import { normalizeRows, random } from '@cognate/core';
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
import type { ImageModel } from '../image/model.ts';
import { imageSpace } from '../image/publish.ts';
import { decodeLatents, encodePictures, initCodec, latentDim, type Codec } from './codec.ts';
import { initDenoiser, styleCount, type Denoiser } from './denoiser.ts';
import { drawPictures, pictureLength, stackPictures, type Framed } from './gallery.ts';
import { createEasel, judge, type Question, type Verdict, type World } from './judge.ts';
import { normals } from './noise.ts';
import {
  codecLoss,
  denoiserLoss,
  painterLoss,
  type CodecBatch,
  type DenoiserBatch,
  type Judges,
  type PainterBatch,
} from './objective.ts';
import type { Painter } from './painter.ts';
import { sheet } from './sheet.ts';
import { draft, firstMemory, type Draft, type Sources } from './sources.ts';
import { runStage } from './stage.ts';

/** What every stage is told. */
export interface StageOptions {
  readonly minutes: number;
  readonly resume: boolean;
  readonly seed: number;
}

/** What paintings are judged by while training runs. */
export interface Judging {
  readonly world: World;
  readonly questions: readonly Question[];
  readonly encoder: ImageModel<Tensor>;
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
  using encode = compile<Codec['encoder']>((params, x: DeviceArray) => encodePictures(params, x));
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

const denoiserBatch = 256;

/** Second stage: points to latents, for pictures of training concepts. */
export async function trainDenoiser(
  host: RecipeHost,
  sources: Sources,
  decoder: Codec<Tensor>['decoder'],
  judging: Judging,
  { minutes, resume, seed }: StageOptions,
): Promise<Denoiser<Tensor>> {
  const { keys, codes } = firstMemory(random(seed), sources);
  const params = initDenoiser(seed + 1, keys, codes);
  host.log(`denoiser: ${countParameters(params)} parameters`);
  return runStage<Denoiser<Tensor>, DenoiserBatch, Record<string, never>>(
    host,
    {
      name: 'denoiser',
      params,
      loss: denoiserLoss,
      frozen: {},
      minutes,
      rate: 2e-3,
      warmup: 100,
      emaDecay: 0.995,
      seed: seed + 1,
      batch(draw) {
        const batch = draft(draw, sources, denoiserBatch);
        return { ...conditions(batch), clean: cleanLatents(batch.chosen, sources) };
      },
      check: (denoiser) => checkPainter(host, 'denoiser', { denoiser, decoder }, judging, [1, 8]),
      checkSeconds: 200,
    },
    resume,
  );
}

/** Rows of a batch, how many of them are painted, and how many of those have points between concepts. */
const painterBatch = 128;
const paintedRows = 32;
const betweenRows = 16;

/** Third stage: the denoiser learns by the pictures that come out and by what the image encoder sees in them. */
export async function trainPainter(
  host: RecipeHost,
  sources: Sources,
  { denoiser: params, decoder }: Painter<Tensor>,
  judging: Judging,
  { minutes, resume, seed }: StageOptions,
): Promise<Painter<Tensor>> {
  const nothing = new Uint8Array(pictureLength);
  const denoiser = await runStage<Denoiser<Tensor>, PainterBatch, Judges>(
    host,
    {
      name: 'painter',
      params,
      loss: painterLoss,
      frozen: { encoder: judging.encoder, decoder },
      minutes,
      rate: 7e-4,
      warmup: 30,
      emaDecay: 0.99,
      seed: seed + 2,
      batch(draw) {
        const batch = draft(draw, sources, painterBatch, betweenRows);
        const { chosen, hidden } = batch;
        const slots = hidden.length / painterBatch;
        const madeUp = [...chosen].map((row, i) => row < 0 || hidden.subarray(i * slots, (i + 1) * slots).includes(1));
        const first = painterBatch - paintedRows;
        const rowGoals = goals(batch, madeUp, sources).slice(first * imageSpace.dim);
        const drawn = Float32Array.from({ length: paintedRows }, (_, i) => Number(chosen[first + i]! >= 0));
        return {
          ...conditions(batch),
          clean: cleanLatents(chosen, sources),
          known: tensor(
            [painterBatch, 1],
            Float32Array.from(chosen, (row) => Number(row >= 0)),
          ),
          pictures: stackPictures([...chosen.slice(first)].map((row) => sources.painted[row]?.picture ?? nothing)),
          drawn: tensor([paintedRows, 1, 1, 1], drawn),
          goals: tensor([paintedRows, imageSpace.dim], rowGoals),
          cycle: tensor([], Float32Array.of(0.8)),
        };
      },
      check: (weights) => checkPainter(host, 'painter', { denoiser: weights, decoder }, judging, [1]),
      checkSeconds: 180,
    },
    resume,
  );
  return { denoiser, decoder };
}

/** Latents of the chosen pictures, zeros where there is none. */
function cleanLatents(chosen: Int32Array, { latents }: Sources): Tensor {
  const clean = new Float32Array(chosen.length * latentDim);
  chosen.forEach((row, i) => {
    if (row >= 0) clean.set(latents.subarray(row * latentDim, (row + 1) * latentDim), i * latentDim);
  });
  return tensor([chosen.length, latentDim], clean);
}

/** The middle of the concept's points, where the memory may recall it; else the point painted from. */
function goals(
  { chosen, pure }: Draft,
  madeUp: readonly boolean[],
  { painted, pool }: Sources,
): Float32Array<ArrayBuffer> {
  const { dim } = imageSpace;
  const out = pure.slice();
  chosen.forEach((row, i) => {
    if (madeUp[i]) return;
    for (const other of pool.of.get(painted[row]!.hexcode)!) {
      for (let k = 0; k < dim; k++) out[i * dim + k]! += pool.rows[other * dim + k]!;
    }
  });
  normalizeRows(out, dim);
  return out;
}

function conditions(batch: Draft): MapTree<Omit<DenoiserBatch, 'clean'>, Tensor> {
  const count = batch.time.length;
  return {
    latents: tensor([count, latentDim], batch.latents),
    time: tensor([count], batch.time),
    points: tensor([count, imageSpace.dim], batch.points),
    styles: tensor([count, styleCount], batch.styles),
    hidden: tensor([count, batch.hidden.length / count], batch.hidden),
  };
}

/** Scores of every question, and a sheet of the first of its pictures: input, truth, then paintings by number of steps. */
export async function checkPainter(
  host: RecipeHost,
  name: string,
  weights: Painter<Tensor>,
  { world, questions, encoder }: Judging,
  steps: readonly number[],
): Promise<Record<string, number>> {
  using easel = createEasel(weights, encoder);
  const scores: Record<string, number> = {};
  for (const question of questions) {
    const rows: Float32Array[][] = [question.inputs.slice(0, 16), question.truths.slice(0, 16)].map((list) =>
      list.map(unitPicture),
    );
    for (const count of steps) {
      const { pictures, seen } = await easel.paint(question.points, question.styles, { steps: count });
      const verdict = judge(world, question, pictures, seen);
      for (const key of ['r1', 'cycle', 'truth', 'ssim'] satisfies (keyof Verdict)[]) {
        scores[`${question.name}.${count}.${key}`] = Number(verdict[key].toFixed(3));
      }
      rows.push(question.truths.slice(0, 16).map((_, i) => pictureAt(pictures, i)));
    }
    await host.save(`${name}-${question.name}.png`, await sheet(rows));
  }
  return scores;
}

export function unitPicture(picture: Uint8Array): Float32Array {
  return Float32Array.from(picture, (value) => value / 255);
}

export function pictureAt(pictures: Float32Array, index: number): Float32Array {
  return pictures.slice(index * pictureLength, (index + 1) * pictureLength);
}
