import {
  breather,
  CognateError,
  random,
  type CallOptions,
  type Decoder,
  type Embeddings,
  type Space,
} from '@cognate/core';
import { floatTensor, type Session } from '@cognate/runtime';
import { unitPoints } from '../check-points.ts';
import type { CycleCalibration } from '../cycle-trust.ts';
import { seedsFor } from '../seeds.ts';
import { toPicture } from './to-picture.ts';

export interface PaintOptions extends CallOptions {
  /** One of `styles`; the first unless told. */
  readonly style?: string | undefined;
  /** Of the noise that a picture begins as, for all points or one for each; 0 unless told. */
  readonly seed?: number | readonly number[] | undefined;
  /** Steps from noise to picture; as the painter was tuned unless told. */
  readonly steps?: number | undefined;
  /** How far pictures are pushed towards the point: 1 not at all, over 1 further; as the painter was tuned unless told. */
  readonly guidance?: number | undefined;
}

/** Paints pictures from points. */
export interface Painter extends Decoder<ImageData> {
  readonly styles: readonly string[];
  /** Pixels per side. */
  readonly size: number;
  readonly steps: number;
  readonly guidance: number;
  /** How far its cycle scores can be trusted, where that was estimated. */
  readonly calibration?: CycleCalibration | undefined;
  /**
   * A picture for each point, not premultiplied. Of points only the direction counts. The same seed gives the same picture
   * to the bit, alone or among others. Progress shows each picture as it forms.
   * @throws {CognateError} `space-mismatch`; `invalid-input` for a style that it does not paint, a row without direction
   * or a setting out of range; `disposed`. Aborting rejects with `signal.reason` before the next step.
   */
  decode(points: Embeddings, options?: PaintOptions): Promise<readonly ImageData[]>;
}

export interface PainterSettings {
  /** `latents` `[b, latent]`, `time` `[b]` (0 is noise, 1 is data), `points` `[b, dim]`, `styles` `[b]` -> `velocity`. */
  readonly velocity: Session;
  /** `latents` `[b, latent]` -> `pictures` `[b, 4, size, size]`, RGBA from 0 to 1, premultiplied. */
  readonly picture: Session;
  /** Whose points it paints from. */
  readonly space: Space;
  /** What each number of the input `styles` stands for; one more stands for no condition at all. */
  readonly styles: readonly string[];
  readonly size: number;
  readonly latent: number;
  readonly steps: number;
  readonly guidance: number;
  readonly calibration?: CycleCalibration | undefined;
}

/** Looks at a picture while it forms, at most: each costs about as much as a step. */
const looks = 6;

/**
 * A painter on loaded graphs, which it owns: releasing the painter releases both. Noise flows into a picture along the
 * velocities that a network learned; each step takes what the point asks for, and with guidance turns further away from
 * what no point at all would ask for.
 * @see Lipman et al. 2023, Flow Matching for Generative Modeling, arXiv:2210.02747.
 * @see Ho and Salimans 2022, Classifier-Free Diffusion Guidance, arXiv:2207.12598.
 */
export function painter(settings: PainterSettings): Painter {
  const { velocity, picture, space, styles, size, latent, calibration } = settings;
  let disposed = false;

  /** One point alone or, for guidance, beside none. @returns `[latent]`. */
  const direction = async (
    x: Float32Array,
    time: number,
    point: Float32Array,
    style: number,
    guidance: number,
    signal: AbortSignal | undefined,
  ): Promise<Float32Array> => {
    const rows = guidance === 1 ? [style] : [style, styles.length];
    const results = await velocity.run(
      {
        latents: { type: 'float32', dims: [rows.length, latent], data: repeated(x, rows.length) },
        time: { type: 'float32', dims: [rows.length], data: new Float32Array(rows.length).fill(time) },
        points: { type: 'float32', dims: [rows.length, space.dim], data: repeated(point, rows.length) },
        styles: { type: 'int64', dims: [rows.length], data: BigInt64Array.from(rows, BigInt) },
      },
      { outputs: ['velocity'], signal },
    );
    const { data } = floatTensor(results, 'velocity')!;
    const towards = data.subarray(0, latent);
    if (guidance === 1) return towards;
    const free = data.subarray(latent);
    return towards.map((value, i) => free[i]! + guidance * (value - free[i]!));
  };

  const render = async (x: Float32Array, signal: AbortSignal | undefined): Promise<ImageData> => {
    const latents = { type: 'float32', dims: [1, latent], data: x } as const;
    const results = await picture.run({ latents }, { outputs: ['pictures'], signal });
    return toPicture(floatTensor(results, 'pictures')!.data, size);
  };

  return {
    space,
    styles,
    size,
    steps: settings.steps,
    guidance: settings.guidance,
    calibration,
    async decode(asked, options = {}) {
      if (disposed) throw new CognateError('disposed', 'decode() was called on a painter after it had been released');
      const { style = styles[0]!, steps = settings.steps, guidance = settings.guidance, signal, onProgress } = options;
      const points = unitPoints('decode()', asked, space);
      const seeds = seedsFor('decode()', options.seed ?? 0, points.count);
      const index = styles.indexOf(style);
      if (index < 0) {
        const known = styles.join(', ');
        throw new CognateError('invalid-input', `decode() paints in ${known}, not in ${JSON.stringify(style)}`);
      }
      if (!(Number.isInteger(steps) && steps >= 1))
        throw new CognateError('invalid-input', `decode() needs a whole number of 1 or more as steps, got ${steps}`);
      if (!(guidance >= 0 && guidance < Infinity))
        throw new CognateError('invalid-input', `decode() needs a number of 0 or more as guidance, got ${guidance}`);
      signal?.throwIfAborted();

      const total = points.count;
      const every = Math.ceil(steps / (looks + 1));
      const pictures: ImageData[] = [];
      const breathe = breather(signal);
      // One after the other: a batch would hardly be faster, and its sums would depend on its size in the last bits.
      for (const [row, seed] of seeds.entries()) {
        const point = points.data.subarray(row * space.dim, (row + 1) * space.dim);
        const { normal } = random(seed);
        const x = Float32Array.from({ length: latent }, normal);
        for (let step = 0; step < steps; step++) {
          await breathe();
          signal?.throwIfAborted();
          const time = step / steps;
          const v = await direction(x, time, point, index, guidance, signal);
          if (onProgress && step > 0 && step % every === 0) {
            // Where the flow would lead if it went straight on.
            const ahead = x.map((value, i) => value + (1 - time) * v[i]!);
            const forming = { index: row, picture: await render(ahead, signal) };
            onProgress({ phase: 'decode', done: row, total, partial: forming });
          }
          for (let i = 0; i < latent; i++) x[i]! += v[i]! / steps;
        }
        pictures.push(await render(x, signal));
        signal?.throwIfAborted();
        onProgress?.({ phase: 'decode', done: row + 1, total });
      }
      return pictures;
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      await Promise.all([velocity[Symbol.asyncDispose](), picture[Symbol.asyncDispose]()]);
    },
  };
}

function repeated(row: Float32Array, count: number): Float32Array {
  if (count === 1) return row;
  const out = new Float32Array(count * row.length);
  for (let i = 0; i < count; i++) out.set(row, i * row.length);
  return out;
}
