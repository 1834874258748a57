import { random } from '@cognate/core';
import {
  activations,
  batches,
  compile,
  initLinear,
  linear,
  release,
  startEngine,
  tensor,
  toDevice,
  trainer,
  type DeviceArray,
  type Linear,
  type Tensor,
} from '@cognate/nn';
import { pictureSize } from './frames.ts';

/** Tells drawing styles apart by simple features of pixels. */
export interface StyleClassifier {
  /** The likeliest style of each picture, by index. */
  classify(pictures: readonly Uint8Array[]): Promise<readonly number[]>;
}

/** Side of the small picture, levels of each colour in the histogram, and bounds of the steps between pixels. */
const side = 12;
const levels = 6;
const bounds = [0.003, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64];
const dim = side * side * 4 + levels ** 3 + bounds.length + 1;

type Batch<Leaf = DeviceArray> = { features: Leaf; labels: Leaf };

/**
 * Multinomial logistic regression, trained on real pictures and on the same ones a little blurred, so that sharpness alone
 * decides nothing.
 * @param pictures premultiplied RGBA, 0..255, `[64, 64, 4]` each. @param labels index of each one's style.
 */
export async function trainStyleClassifier(
  pictures: readonly Uint8Array[],
  labels: readonly number[],
  styles: number,
): Promise<StyleClassifier> {
  await startEngine();
  const rows = [...pictures, ...pictures.map(blurred)].map(featuresOf);
  const targets = [...labels, ...labels];
  const mean = new Float32Array(dim);
  for (const row of rows) for (let k = 0; k < dim; k++) mean[k]! += row[k]! / rows.length;
  const batch = 256;
  const order = batches(rows.length, batch, 1);
  const pack = (chosen: readonly Float32Array[]): Tensor => {
    const data = new Float32Array(batch * dim);
    chosen.forEach((row, i) => row.forEach((value, k) => (data[i * dim + k] = value - mean[k]!)));
    return tensor([batch, dim], data);
  };
  using training = trainer<Linear<Tensor>, Batch, Record<string, never>>({
    params: initLinear(random(1), dim, styles, 0.1),
    optimizer: { weightDecay: 0.02 },
    loss: (params, { features, labels: hot }) => {
      const logits = linear(params, features);
      const right = logits.ref.mul(hot).sum(-1);
      return activations.logsumexp(logits, -1).sub(right).mean();
    },
  });
  const steps = 600;
  for (let step = 0; step < steps; step++) {
    const chosen = order.next();
    const hot = new Float32Array(batch * styles);
    chosen.forEach((index, i) => (hot[i * styles + targets[index]!] = 1));
    const features = pack([...chosen].map((index) => rows[index]!));
    await training.update({ features, labels: tensor([batch, styles], hot) }, 0.01 * (1 - step / steps) + 1e-4);
  }
  const weights = await training.weights();

  return {
    async classify(asked) {
      using predict = compile<Linear>((params, features: DeviceArray) => linear(params, features));
      const device = toDevice<Linear<Tensor>>(weights);
      const found: number[] = [];
      for (let start = 0; start < asked.length; start += batch) {
        const part = asked.slice(start, start + batch).map(featuresOf);
        const { data } = await predict(device, pack(part));
        part.forEach((_, i) => {
          const own = data.subarray(i * styles, (i + 1) * styles) as Float32Array;
          found.push(own.indexOf(Math.max(...own)));
        });
      }
      release(device);
      return found;
    },
  };
}

/** The small picture; how often each colour is, where it covers; and how steep steps between neighbours are. */
function featuresOf(picture: Uint8Array): Float32Array<ArrayBuffer> {
  const out = new Float32Array(dim);
  const histogram = side * side * 4;
  const steps = histogram + levels ** 3;
  let [covered, inside] = [0, 0];
  for (let y = 0; y < pictureSize; y++) {
    for (let x = 0; x < pictureSize; x++) {
      const at = (y * pictureSize + x) * 4;
      const cell = (Math.floor((y * side) / pictureSize) * side + Math.floor((x * side) / pictureSize)) * 4;
      for (let c = 0; c < 4; c++) out[cell + c]! += (picture[at + c]! / 255) * (side / pictureSize) ** 2;
      if (picture[at + 3]! < 230) continue;
      const level = (c: number): number => Math.min(levels - 1, Math.floor((picture[at + c]! * levels) / 256));
      out[histogram + (level(0) * levels + level(1)) * levels + level(2)]!++;
      covered++;
      if (x + 1 === pictureSize || y + 1 === pictureSize) continue;
      let step = 0;
      for (let c = 0; c < 3; c++) {
        for (const next of [4, 4 * pictureSize]) step += Math.abs(picture[at + c]! - picture[at + next + c]!) / 255;
      }
      const bin = bounds.findIndex((bound) => step <= bound);
      out[steps + (bin < 0 ? bounds.length : bin)]!++;
      inside++;
    }
  }
  // Roots of shares, so that what is rare counts as well.
  for (let k = histogram; k < dim; k++) out[k] = 2 * Math.sqrt(out[k]! / Math.max(1, k < steps ? covered : inside));
  return out;
}

/** Each pixel as the mean of itself, twice, and its four neighbours. */
function blurred(picture: Uint8Array): Uint8Array {
  const row = 4 * pictureSize;
  return picture.map((value, i) => {
    const near = [i - 4, i + 4, i - row, i + row].map((at) => picture[at] ?? value);
    return Math.round((2 * value + near.reduce((a, b) => a + b, 0)) / 6);
  });
}
