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
  /** Of the noise that sketches are shaken by, for all points or one for each; 0, the likeliest and the default, is without. */
  readonly seed?: number | readonly number[] | undefined;
  /** Looks at the picture, each of which improves it; as the painter was tuned unless told. 0 leaves the sketch as it is. */
  readonly steps?: number | undefined;
}

/** Paints pictures from points. */
export interface Painter extends Decoder<ImageData> {
  readonly styles: readonly string[];
  /** Pixels per side. */
  readonly size: number;
  readonly steps: number;
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
  /**
   * `points` `[b, dim]`, `styles` `[b]` -> `latents` `[b, latent]`, a guess at the picture, and `goals` `[b, dim]`, the point
   * that its encoder should find in it.
   */
  readonly sketch: Session;
  /**
   * `latents` `[1, latent]`, `goals` `[1, dim]`, `styles` `[1]` -> `pictures` `[1, 4, size, size]`, RGBA from 0 to 1, premultiplied, and
   * `direction` `[1, latent]`, of mean square 1: which way the latents should go to come nearer to the goal.
   */
  readonly canvas: Session;
  /** Whose points it paints from. */
  readonly space: Space;
  /** What each number of the input `styles` stands for. */
  readonly styles: readonly string[];
  readonly size: number;
  readonly latent: number;
  readonly steps: number;
  /** Length of the first step, in root mean square of latents; steps grow shorter, the last being the least. */
  readonly rate: number;
  /** Deviation of the noise that is added to a sketch, but for seed 0. */
  readonly noise: number;
  readonly calibration?: CycleCalibration | undefined;
}

/** Looks at a picture that are told, at most. */
const looks = 6;

/**
 * A painter on loaded graphs, which it owns: releasing the painter releases both. It sketches, then looks at what it has
 * painted as its encoder would, and improves it step by step: a gradient in latent space leads to where the encoder sees
 * what the point asks for.
 * @see Bansal et al. 2023, Universal Guidance for Diffusion Models, arXiv:2302.07121.
 */
export function painter(settings: PainterSettings): Painter {
  const { sketch, canvas, space, styles, size, latent, rate, noise, calibration } = settings;
  let disposed = false;

  const begin = async (point: Float32Array, style: number, signal: AbortSignal | undefined): Promise<Canvas> => {
    const results = await sketch.run(
      {
        points: { type: 'float32', dims: [1, space.dim], data: point },
        styles: { type: 'int64', dims: [1], data: BigInt64Array.of(BigInt(style)) },
      },
      { outputs: ['latents', 'goals'], signal },
    );
    return { latents: floatTensor(results, 'latents')!.data, goals: floatTensor(results, 'goals')!.data, style };
  };

  const look = async ({ latents, goals, style }: Canvas, signal: AbortSignal | undefined): Promise<Look> => {
    const results = await canvas.run(
      {
        latents: { type: 'float32', dims: [1, latent], data: latents },
        goals: { type: 'float32', dims: [1, space.dim], data: goals },
        styles: { type: 'int64', dims: [1], data: BigInt64Array.of(BigInt(style)) },
      },
      { outputs: ['pictures', 'direction'], signal },
    );
    return {
      picture: () => toPicture(floatTensor(results, 'pictures')!.data, size),
      direction: floatTensor(results, 'direction')!.data,
    };
  };

  return {
    space,
    styles,
    size,
    steps: settings.steps,
    calibration,
    async decode(asked, options = {}) {
      if (disposed) throw new CognateError('disposed', 'decode() was called on a painter after it had been released');
      const { style = styles[0]!, steps = settings.steps, signal, onProgress } = options;
      const points = unitPoints('decode()', asked, space);
      const seeds = seedsFor('decode()', options.seed ?? 0, points.count);
      const index = styles.indexOf(style);
      if (index < 0) {
        const known = styles.join(', ');
        throw new CognateError('invalid-input', `decode() paints in ${known}, not in ${JSON.stringify(style)}`);
      }
      if (!(Number.isInteger(steps) && steps >= 0))
        throw new CognateError('invalid-input', `decode() needs a whole number of 0 or more as steps, got ${steps}`);
      signal?.throwIfAborted();

      const total = points.count;
      const every = Math.ceil((steps + 1) / looks);
      const pictures: ImageData[] = [];
      const breathe = breather(signal);
      // One after the other: a batch would hardly be faster, and its sums would depend on its size in the last bits.
      for (const [row, seed] of seeds.entries()) {
        await breathe();
        const { normal } = random(seed);
        const strength = seed === 0 ? 0 : noise;
        const { latents, ...wanted } = await begin(
          points.data.subarray(row * space.dim, (row + 1) * space.dim),
          index,
          signal,
        );
        const x = latents.map((value) => value + strength * normal());
        for (let step = 0; step < steps; step++) {
          await breathe();
          signal?.throwIfAborted();
          const { picture, direction } = await look({ latents: x, ...wanted }, signal);
          if (step % every === 0)
            onProgress?.({ phase: 'decode', done: row, total, partial: { index: row, picture: picture() } });
          const stride = rate * (1 - step / steps);
          for (let i = 0; i < latent; i++) x[i]! += stride * direction[i]!;
        }
        pictures.push((await look({ latents: x, ...wanted }, signal)).picture());
        signal?.throwIfAborted();
        onProgress?.({ phase: 'decode', done: row + 1, total });
      }
      return pictures;
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      await Promise.all([sketch[Symbol.asyncDispose](), canvas[Symbol.asyncDispose]()]);
    },
  };
}

/** A picture in the making, `[latent]`, the point that it is to have, `[dim]`, and the index of its style. */
interface Canvas {
  readonly latents: Float32Array;
  readonly goals: Float32Array;
  readonly style: number;
}

interface Look {
  picture(): ImageData;
  readonly direction: Float32Array;
}
