import { fromHalf, random, toHalf, type Random } from '@cognate/core';
import {
  infoNce,
  l2Normalize,
  mlp,
  np,
  tensor,
  trainer,
  warmupCosine,
  type DeviceArray,
  type MapTree,
  type Mlp,
  type Tensor,
} from '@cognate/nn';
import { members } from '../groups.ts';
import { headPath, type FloatMatrix, type Heads, type Layer, type Path } from '../alignment/path.ts';
import type { Pairs, Side } from '../pairs.ts';

/** How contrastive heads are trained. */
export interface ContrastiveOptions {
  /** Steps at most. */
  readonly steps: number;
  /** Pairs a step, at most one of each group. */
  readonly batch: number;
  /** Width of the residual MLP; 0 for linear heads. */
  readonly hidden: number;
  /** Highest learning rate. */
  readonly learningRate: number;
  /** Share of pairs that are mixed with another pair of the batch, 0 to 1. */
  readonly mixup: number;
  readonly seed: number;
}

export const contrastiveDefaults: ContrastiveOptions = {
  steps: 240,
  batch: 256,
  hidden: 512,
  learningRate: 1e-3,
  mixup: 1,
  seed: 0,
};

/** Parameters on the device. */
export type HeadParams<Leaf = DeviceArray> = { linear: Leaf; mlp?: Mlp<Leaf> | undefined };
export type ContrastiveParams<Leaf = DeviceArray> = {
  source: HeadParams<Leaf>;
  target: HeadParams<Leaf>;
  /** Logarithm of the inverse temperature. */
  logScale: Leaf;
};
export type ContrastiveBatch = { source: DeviceArray; target: DeviceArray };

/** `[n, from]` -> `[n, shared]`, unit rows; consumes both. */
function projected({ linear, mlp: residual }: HeadParams, x: DeviceArray): DeviceArray {
  if (!residual) return l2Normalize(np.dot(x, linear));
  return l2Normalize(np.dot(x.ref, linear).add(mlp(residual, x)));
}

/**
 * Symmetric InfoNCE of a batch in which no two pairs belong to one group. Consumes all arrays.
 * @returns mean loss in nats; ln(batch) is chance.
 * @see Radford et al. 2021, Learning Transferable Visual Models, arXiv:2103.00020.
 */
export function contrastiveLoss(params: ContrastiveParams, { source, target }: ContrastiveBatch): DeviceArray {
  return infoNce(projected(params.source, source), projected(params.target, target), params.logScale);
}

/** What a training run tells between two steps. */
export interface ContrastiveStep {
  /** Steps done. */
  readonly done: number;
  /** In nats. */
  readonly loss: number;
  /** The heads as they are now, copied. */
  readonly heads: () => Promise<Heads>;
}

/**
 * Trains heads for the two sides from `start`, which they equal at first: its matrices go on as the linear part, and
 * the residual MLP begins at zero. Pairs are mixed with one another, by the same share on both sides, as in FuseMix.
 * @param afterStep called after each step; ends the training by returning true, or by rejecting.
 * @see Vouitsis et al. 2024, Data-Efficient Multimodal Fusion on a Single GPU, arXiv:2312.10144, for the mixing.
 */
export async function trainContrastive(
  pairs: Pairs,
  start: Heads,
  options: ContrastiveOptions,
  afterStep: (step: ContrastiveStep) => Promise<boolean>,
): Promise<void> {
  const { steps, hidden, learningRate, mixup, seed } = options;
  const draw = random(seed);
  const byGroup = [...members(pairs.groups).values()];
  const batch = Math.min(options.batch, byGroup.length);
  using training = trainer<ContrastiveParams<Tensor>, ContrastiveBatch>({
    params: {
      source: initialHead(pairs.source, start.source, hidden, draw),
      target: initialHead(pairs.target, start.target, hidden, draw),
      logScale: tensor([], Float32Array.of(Math.log(1 / 0.07))),
    },
    loss: contrastiveLoss,
  });
  const warmup = Math.min(20, Math.ceil(steps / 10));
  const batches = batchesOf(pairs, byGroup, batch, mixup, draw);
  for (let done = 1; done <= steps; done++) {
    const rate = warmupCosine(done - 1, { peak: learningRate, warmup, steps });
    const { loss } = await training.update(batches.next().value, rate);
    const heads = async (): Promise<Heads> => {
      const { source, target } = await training.weights();
      return { source: toHead(pairs.source, source), target: toHead(pairs.target, target) };
    };
    if (await afterStep({ done, loss, heads })) return;
  }
}

/** The linear part from `start`, scaled so that rows come out with unit length on average; the MLP's last layer zero. */
function initialHead(side: Side, start: Path, hidden: number, draw: Random): HeadParams<Tensor> {
  const from = side.cols;
  const weight = start.find((step) => step.kind === 'linear')?.weight ?? identity(from);
  const to = weight.cols;
  const linear = tensor([from, to], rescaled(side, weight));
  if (hidden === 0) return { linear };
  const normal = Float32Array.from({ length: from * hidden }, () => draw.normal());
  return {
    linear,
    mlp: {
      up: { weight: tensor([from, hidden], normal), bias: tensor([hidden], new Float32Array(hidden)) },
      down: {
        weight: tensor([hidden, to], new Float32Array(hidden * to)),
        bias: tensor([to], new Float32Array(to)),
      },
    },
  };
}

function identity(dim: number): FloatMatrix {
  const data = new Float32Array(dim * dim);
  for (let i = 0; i < dim; i++) data[i * dim + i] = 1;
  return { rows: dim, cols: dim, data };
}

function rescaled(side: Side, weight: FloatMatrix): Float32Array<ArrayBuffer> {
  let square = 0;
  const count = Math.min(side.rows, 256);
  const row = new Float64Array(weight.cols);
  for (let i = 0; i < count; i++) {
    row.fill(0);
    for (let k = 0; k < side.cols; k++) {
      const x = side.data[i * side.cols + k]!;
      for (let j = 0; j < weight.cols; j++) row[j]! += x * weight.data[k * weight.cols + j]!;
    }
    for (const value of row) square += value * value;
  }
  const scale = square > 0 ? Math.sqrt(count / square) : 1;
  return weight.data.map((value) => value * scale);
}

/**
 * Batches without end: groups in random order, of each one a random source row and a random target row, since any two
 * rows of a group are right for each other. So no batch holds a false negative.
 */
function* batchesOf(
  { source, target }: Pairs,
  byGroup: readonly number[][],
  batch: number,
  mixup: number,
  draw: Random,
): Generator<MapTree<ContrastiveBatch, Tensor>, never> {
  let order = draw.permutation(byGroup.length);
  let at = 0;
  for (;;) {
    if (at + batch > order.length) {
      order = draw.permutation(byGroup.length);
      at = 0;
    }
    const groups = order.subarray(at, at + batch);
    at += batch;
    const pick = (side: Side): Float32Array<ArrayBuffer> => {
      const out = new Float32Array(batch * side.cols);
      groups.forEach((group, i) => {
        const rows = byGroup[group]!;
        const row = rows[draw.below(rows.length)]!;
        out.set(side.data.subarray(row * side.cols, (row + 1) * side.cols), i * side.cols);
      });
      return out;
    };
    const x = pick(source);
    const y = pick(target);
    // Row i takes in a share of row i + 1, the same share on both sides; some rows stay as they are.
    const shares = Float32Array.from({ length: batch }, () => (draw.next() < mixup ? draw.next() : 0));
    yield {
      source: tensor([batch, source.cols], mixed(x, source.cols, shares)),
      target: tensor([batch, target.cols], mixed(y, target.cols, shares)),
    };
  }
}

function mixed(rows: Float32Array<ArrayBuffer>, dim: number, shares: Float32Array): Float32Array<ArrayBuffer> {
  const count = shares.length;
  return rows.map((value, at) => {
    const i = Math.floor(at / dim);
    const share = shares[i]!;
    return share === 0 ? value : (1 - share) * value + share * rows[((i + 1) % count) * dim + (at % dim)]!;
  });
}

/** Heads with an MLP are rounded to half precision, as their file keeps them, so that a loaded alignment is the same. */
function toHead({ mean }: Side, { linear, mlp: residual }: HeadParams<Tensor>): Path {
  if (!residual) return headPath(mean, { kind: 'linear', weight: floatMatrix(linear) });
  const layer = ({ weight, bias }: Mlp<Tensor>['up']): Layer => ({
    weight: halved(floatMatrix(weight)),
    bias: bias.data as Float32Array<ArrayBuffer>,
  });
  const [up, down] = [layer(residual.up), layer(residual.down)];
  return headPath(mean, { kind: 'residual', linear: halved(floatMatrix(linear)), up, down });
}

function halved({ rows, cols, data }: FloatMatrix): FloatMatrix {
  return { rows, cols, data: fromHalf(toHalf(data)) };
}

function floatMatrix({ shape, data }: Tensor): FloatMatrix {
  return { rows: shape[0]!, cols: shape[1]!, data: data as Float32Array<ArrayBuffer> };
}
