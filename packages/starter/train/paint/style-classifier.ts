import { random } from '@cognate/core';
import {
  activations,
  batches,
  compile,
  initMlp,
  mlp,
  release,
  startEngine,
  tensor,
  toDevice,
  trainer,
  type DeviceArray,
  type Mlp,
  type Tensor,
} from '@cognate/nn';
import { roughened, styleDim, styleFeatures } from './style-features.ts';

/** Tells drawing styles apart. */
export interface StyleClassifier {
  /** The likeliest style of each picture, by index. */
  classify(pictures: readonly Uint8Array[]): Promise<readonly number[]>;
}

type Batch<Leaf = DeviceArray> = { features: Leaf; labels: Leaf };

const batch = 256;
const steps = 700;
const hidden = 128;

/**
 * A small network on simple features of pixels, trained on real pictures as they are and on the same ones roughened, so
 * that it goes by colours and shapes and not by how clean they are.
 * @param pictures premultiplied RGBA, 0..255, `[64, 64, 4]` each. @param labels index of each one's style.
 */
export async function trainStyleClassifier(
  pictures: readonly Uint8Array[],
  labels: readonly number[],
  styles: number,
): Promise<StyleClassifier> {
  await startEngine();
  const draw = random(1);
  const rough = (): Uint8Array[] => pictures.map((picture) => roughened(picture, draw));
  const rows = [...pictures, ...rough(), ...rough()].map(styleFeatures);
  const targets = [...labels, ...labels, ...labels];
  const mean = new Float32Array(styleDim);
  for (const row of rows) for (let k = 0; k < styleDim; k++) mean[k]! += row[k]! / rows.length;
  const pack = (chosen: readonly Float32Array[]): Tensor => {
    const data = new Float32Array(batch * styleDim);
    chosen.forEach((row, i) => row.forEach((value, k) => (data[i * styleDim + k] = value - mean[k]!)));
    return tensor([batch, styleDim], data);
  };

  using training = trainer<Mlp<Tensor>, Batch, Record<string, never>>({
    params: initMlp(draw, styleDim, hidden, styles, 0.3),
    optimizer: { weightDecay: 0.2 },
    loss: (params, { features, labels: hot }) => {
      const logits = mlp(params, features);
      const right = logits.ref.mul(hot).sum(-1);
      return activations.logsumexp(logits, -1).sub(right).mean();
    },
  });
  const order = batches(rows.length, batch, 1);
  for (let step = 0; step < steps; step++) {
    const chosen = order.next();
    const hot = new Float32Array(batch * styles);
    chosen.forEach((index, i) => (hot[i * styles + targets[index]!] = 1));
    const features = pack([...chosen].map((index) => rows[index]!));
    await training.update({ features, labels: tensor([batch, styles], hot) }, 0.003 * (1 - step / steps));
  }
  const weights = await training.weights();

  return {
    async classify(asked) {
      using predict = compile<Mlp>((params, features: DeviceArray) => mlp(params, features));
      const device = toDevice<Mlp<Tensor>>(weights);
      const found: number[] = [];
      for (let start = 0; start < asked.length; start += batch) {
        const part = asked.slice(start, start + batch).map(styleFeatures);
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
