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
  type PainterBatch,
} from './objective.ts';
import type { Painter } from './painter.ts';
import { sheet } from './sheet.ts';
import { draft, firstMemory, type Sources } from './sources.ts';
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
        const clean = new Float32Array(denoiserBatch * latentDim);
        batch.chosen.forEach((row, i) => {
          clean.set(sources.latents.subarray(row * latentDim, (row + 1) * latentDim), i * latentDim);
        });
        return { ...conditions(batch), clean: tensor([denoiserBatch, latentDim], clean) };
      },
      check: (denoiser) => checkPainter(host, 'denoiser', { denoiser, decoder }, judging, [1, 8]),
      checkSeconds: 200,
    },
    resume,
  );
}

const painterBatch = 32;
const betweenRows = 8;

/** Third stage: denoiser and decoder together, by the picture that comes out and by what the image encoder sees in it. */
export async function trainPainter(
  host: RecipeHost,
  sources: Sources,
  params: Painter<Tensor>,
  judging: Judging,
  { minutes, resume, seed }: StageOptions,
): Promise<Painter<Tensor>> {
  const nothing = new Uint8Array(pictureLength);
  return runStage<Painter<Tensor>, PainterBatch, ImageModel>(
    host,
    {
      name: 'painter',
      params,
      loss: painterLoss,
      frozen: judging.encoder,
      minutes,
      rate: 5e-4,
      warmup: 50,
      emaDecay: 0.995,
      seed: seed + 2,
      batch(draw) {
        const batch = draft(draw, sources, painterBatch, betweenRows);
        const { chosen, hidden } = batch;
        const perRow = (of: (i: number) => number): Tensor =>
          tensor(
            [painterBatch, 1, 1, 1],
            Float32Array.from({ length: painterBatch }, (_, i) => of(i)),
          );
        const slots = hidden.length / painterBatch;
        const madeUp = [...chosen].map((row, i) => row < 0 || hidden.subarray(i * slots, (i + 1) * slots).includes(1));
        return {
          ...conditions(batch),
          pictures: stackPictures([...chosen].map((row) => sources.painted[row]?.picture ?? nothing)),
          known: perRow((i) => (chosen[i]! < 0 ? 0 : madeUp[i] ? 0.5 : 1)),
          flat: perRow((i) => (madeUp[i] ? 0.25 : 0.03)),
          goals: tensor([painterBatch, imageSpace.dim], goals(batch, sources, judging.world)),
          cycle: tensor([], Float32Array.of(0.3)),
        };
      },
      check: (weights) => checkPainter(host, 'painter', weights, judging, [1]),
      checkSeconds: 200,
    },
    resume,
  );
}

/** Halfway between the point painted from and that of the true picture, where there is one. */
function goals(
  { chosen, pure }: ReturnType<typeof draft>,
  { painted }: Sources,
  { pictures }: World,
): Float32Array<ArrayBuffer> {
  const out = pure.slice();
  chosen.forEach((row, i) => {
    const picture = painted[row];
    const point = picture && pictures.get(picture.style)?.get(picture.hexcode);
    point?.forEach((value, k) => (out[i * imageSpace.dim + k]! += value));
  });
  normalizeRows(out, imageSpace.dim);
  return out;
}

function conditions(batch: ReturnType<typeof draft>): MapTree<Omit<DenoiserBatch, 'clean'>, Tensor> {
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
