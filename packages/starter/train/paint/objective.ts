import { np, type DeviceArray } from '@cognate/nn';
import type { ImageModel } from '../image/model.ts';
import { decodeLatents, encodePictures, type Codec } from './codec.ts';
import { denoise, type Denoiser } from './denoiser.ts';
import { lookAt } from './look.ts';
import type { Painter } from './painter.ts';

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

/** One batch for denoiser and picture decoder together. */
export type PainterBatch<Leaf = DeviceArray> = Omit<DenoiserBatch<Leaf>, 'clean'> & {
  /** `[n, 64, 64, 4]`; anything where `known` is 0. */
  pictures: Leaf;
  /** `[n, 1, 1, 1]`: how much the true picture counts, 0 where none is known. */
  known: Leaf;
  /** `[n, 1, 1, 1]`: how much faint slopes are to be flattened. */
  flat: Leaf;
  /** `[n, 256]`: unit rows that the painted picture should be encoded to. */
  goals: Leaf;
  /** `[]`: weight of the distance from the goals. */
  cycle: Leaf;
};

/**
 * Pictures like the true ones, where there are any, and like their points to the image encoder everywhere; where the
 * picture has to be made up, areas of one colour with sharp edges, as drawings have them.
 * @param encoder the image encoder, which stands still. Gradients are asked for it nevertheless: without, the engine runs
 * its backward pass at a quarter of the speed.
 */
export function painterLoss(params: Painter, batch: PainterBatch, encoder: ImageModel): DeviceArray {
  const { latents, time, points, styles, hidden } = batch;
  const painted = decodeLatents(params.decoder, denoise(params.denoiser, latents, time, points, styles, hidden));
  const seen = lookAt(encoder, painted.ref);
  const away = seen.mul(batch.goals).sum(-1).mean().mul(-1).add(1);
  const loss = pictureLoss(painted.ref.mul(batch.known.ref), batch.pictures.mul(batch.known));
  return loss.add(away.mul(batch.cycle)).add(slopes(painted, batch.flat));
}

/** Steps between neighbours up to about this size are slopes to be flattened; larger ones are edges, and free. */
const edge = 0.08;

/**
 * How much of each picture is neither flat nor an edge, times its weight: the mean of g^2 / (g^2 + edge^2), which rises
 * with small steps and no longer with large ones.
 * @see Geman and McClure 1987, Statistical Methods for Tomographic Image Reconstruction.
 */
function slopes(pictures: DeviceArray, weights: DeviceArray): DeviceArray {
  const [, h, w] = pictures.shape as [number, number, number, number];
  const across = pictures.ref.slice([], [], [1, w], []).sub(pictures.ref.slice([], [], [0, w - 1], []));
  const down = pictures.ref.slice([], [1, h], [], []).sub(pictures.slice([], [0, h - 1], [], []));
  const parts = [across, down].map((steps) => {
    const squares = np.square(steps).sum(-1, { keepdims: true });
    return squares.ref
      .div(squares.add(edge ** 2))
      .mul(weights.ref)
      .mean();
  });
  weights.dispose();
  return parts[0]!.add(parts[1]!);
}
