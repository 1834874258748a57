import { np, type DeviceArray } from '@cognate/nn';
import { draw, type Canvas } from './canvas.ts';
import { decodeLatents, encodePictures, type Codec } from './codec.ts';
import { lookAt } from './look.ts';
import { sketch, type Sketch } from './sketch.ts';

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

/** One batch for the sketch, on the device. */
export type SketchBatch<Leaf = DeviceArray> = {
  /** `[n, 256]`. */
  points: Leaf;
  /** `[n, styleCount]`, one-hot. */
  styles: Leaf;
  /** `[n, concepts]`, 1 where the memory is not to recall a concept. */
  hide: Leaf;
  /** `[n, latentDim]`: of the true pictures. */
  latents: Leaf;
  /** `[n, 256]`: unit rows that the painted pictures should be encoded to. */
  goals: Leaf;
  /** `[n]`: 1 for rows of which the memory holds nothing. */
  unseen: Leaf;
};

/**
 * Latents like the true ones in squares, goals like the true ones by cosine. Goals are learned from what the memory does not
 * hold: of what it holds it would give the concept's own, and then miss whatever is new.
 */
export function sketchLoss(params: Sketch, batch: SketchBatch): DeviceArray {
  const { latents, goals } = sketch(params, batch.points, batch.styles, batch.hide);
  const missed = away(goals, batch.goals).mul(batch.unseen).mean();
  return np.square(latents.sub(batch.latents)).mean().add(missed);
}

/** One less the cosine of unit rows, row by row. */
function away(a: DeviceArray, b: DeviceArray): DeviceArray {
  return a.mul(b).sum(-1).mul(-1).add(1);
}

/** One batch for the sketch behind a decoder and an image encoder that stand still; the last rows are painted. */
export type PainterBatch<Leaf = DeviceArray> = SketchBatch<Leaf> & {
  /** `[painted, 64, 64, 4]`. */
  pictures: Leaf;
};

/** How much it counts that the encoder sees in a painted picture what it should. */
const cycleWeight = 0.8;

/**
 * As `sketchLoss`, and of the last rows pictures like the true ones, to the eye and to the image encoder.
 * @param canvas stands still. Gradients are asked for it nevertheless: without, the engine runs the backward pass at a
 * quarter of the speed.
 */
export function painterLoss(params: Sketch, batch: PainterBatch, canvas: Canvas): DeviceArray {
  const { latents, goals } = sketch(params, batch.points, batch.styles.ref, batch.hide);
  const n = latents.shape[0]!;
  const first = n - batch.pictures.shape[0]!;
  const { encoder, ...rest } = canvas;
  const painted = draw(rest, latents.ref.slice([first, n], []), batch.styles.slice([first, n], []), { small: true });
  const seen = lookAt(encoder, painted.ref);
  const wanted = batch.goals.ref.slice([first, n], []);
  return np
    .square(latents.sub(batch.latents))
    .mean()
    .add(away(goals, batch.goals).mul(batch.unseen).mean())
    .add(pictureLoss(painted, batch.pictures))
    .add(away(seen, wanted).mean().mul(cycleWeight));
}
