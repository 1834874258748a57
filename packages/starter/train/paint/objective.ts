import { np, type DeviceArray } from '@cognate/nn';
import type { ImageModel } from '../image/model.ts';
import { decodeLatents, encodePictures, type Codec } from './codec.ts';
import { denoise, type Denoiser } from './denoiser.ts';
import { lookAt } from './look.ts';

/** One batch of pictures for the codec, on the device. */
export type CodecBatch<Leaf = DeviceArray> = {
  /** `[n, 64, 64, 4]`, premultiplied, 0..1. */
  pictures: Leaf;
  /** `[n, latentDim]`, added to the latents. */
  noise: Leaf;
};

/** The codec's loss: pictures come back from noisy latents. */
export function codecLoss(params: Codec, { pictures, noise }: CodecBatch): DeviceArray {
  const latents = encodePictures(params.encoder, pictures.ref).add(noise);
  return pictureLoss(decodeLatents(params.decoder, latents), pictures);
}

/**
 * Absolute differences of colours, of neighbouring pixels' steps (which keeps edges where they are) and of means over
 * 4 x 4 pixels (which keeps areas in their colour). `[n, 64, 64, 4]` each; a scalar.
 */
export function pictureLoss(painted: DeviceArray, pictures: DeviceArray): DeviceArray {
  const difference = painted.sub(pictures);
  const [n, h, w, c] = difference.shape as [number, number, number, number];
  const across = difference.ref.slice([], [], [1, w], []).sub(difference.ref.slice([], [], [0, w - 1], []));
  const down = difference.ref.slice([], [1, h], [], []).sub(difference.ref.slice([], [0, h - 1], [], []));
  const areas = difference.ref.reshape([n, h / 4, 4, w / 4, 4, c]).mean([2, 4]);
  return size(difference).add(size(across)).add(size(down)).add(size(areas));
}

/** Mean absolute value, rounded at 0 so that its gradient is smooth. */
function size(x: DeviceArray): DeviceArray {
  return np.sqrt(np.square(x).add(1e-4)).mean();
}

/** One batch for the denoiser, on the device. */
export type DenoiserBatch<Leaf = DeviceArray> = {
  /** `[n, latentDim]`: latents between noise and clean. */
  latents: Leaf;
  /** `[n]`, 0 is noise. */
  time: Leaf;
  /** `[n, 256]`. */
  points: Leaf;
  /** `[n, styleCount]`, one-hot. */
  styles: Leaf;
  /** `[n, concepts]`, 1 where the memory is not to recall a concept. */
  hidden: Leaf;
  /** `[n, latentDim]`. */
  clean: Leaf;
};

/** Squared error of the guess of the clean latent; its minimum is the field of conditional flow matching. */
export function denoiserLoss(params: Denoiser, batch: DenoiserBatch): DeviceArray {
  const guess = denoise(params, batch.latents, batch.time, batch.points, batch.styles, batch.hidden);
  return np.square(guess.sub(batch.clean)).mean();
}

/** One batch for the denoiser behind a decoder and an image encoder that stand still; the last rows are painted. */
export type PainterBatch<Leaf = DeviceArray> = DenoiserBatch<Leaf> & {
  /** `[n, 1]`: 1 where the clean latent is known, else 0. */
  known: Leaf;
  /** `[painted, 64, 64, 4]`; anything where `drawn` is 0. */
  pictures: Leaf;
  /** `[painted, 1, 1, 1]`: how much the true picture counts, 0 where none is known. */
  drawn: Leaf;
  /** `[painted, 256]`: unit rows that the painted pictures should be encoded to. */
  goals: Leaf;
  /** `[]`: weight of the distance from the goals. */
  cycle: Leaf;
};

/** What stands still while the denoiser learns to paint. */
export type Judges<Leaf = DeviceArray> = { encoder: ImageModel<Leaf>; decoder: Codec<Leaf>['decoder'] };

/**
 * Latents like the true ones, and of the last rows pictures like the true ones, where there are any, and like their
 * points to the image encoder everywhere.
 * @param judges stand still. Gradients are asked for them nevertheless: without, the engine runs their backward pass at a
 * quarter of the speed.
 */
export function painterLoss(params: Denoiser, batch: PainterBatch, judges: Judges): DeviceArray {
  const guess = denoise(params, batch.latents, batch.time, batch.points, batch.styles, batch.hidden);
  const n = guess.shape[0]!;
  const last = guess.ref.slice([n - batch.pictures.shape[0]!, n], []);
  const painted = decodeLatents(judges.decoder, last);
  const seen = lookAt(judges.encoder, painted.ref);
  const away = seen.mul(batch.goals).sum(-1).mean().mul(-1).add(1);
  return np
    .square(guess.sub(batch.clean))
    .mul(batch.known)
    .mean()
    .add(pictureLoss(painted.mul(batch.drawn.ref), batch.pictures.mul(batch.drawn)))
    .add(away.mul(batch.cycle));
}
