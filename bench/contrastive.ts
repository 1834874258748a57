/**
 * One step of contrastive training, batch 256, heads 384 -> 512 -> 256 and 512 -> 512 -> 256: forward, backward and
 * update in the aligner next to the same model in TensorFlow.js, both on wasm with all threads, and next to PyTorch's own
 * CPU kernels where Python has it; there also its multiply-adds alone, at the peak of wasm on this machine. Where the
 * browser offers a real GPU, which the aligner then trains on, the same step there.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { random } from '@cognate/core';
import { mapTree, startEngine, tensor, trainer, type MapTree, type Tensor } from '@cognate/nn';
import {
  contrastiveLoss,
  type ContrastiveBatch,
  type ContrastiveParams,
  type HeadParams,
} from '../packages/aligner/src/contrastive/contrastive.ts';
import type { Row } from './lib/row.ts';
import { wasmPeak } from './lib/wasm-peak.ts';
import { lacking, pythonMs, type BenchHost, type PythonPeer } from './peers/peer.ts';

const batch = 256;
const hidden = 512;
const shared = 256;
const dims = { source: 384, target: 512 };
const learningRate = 1e-3;
/** Of the products of a step: forward and for the weights' gradients, for the hidden layers', for the logits and theirs. */
const multiplyAdds =
  batch *
  (2 * [dims.source, dims.target].reduce((sum, dim) => sum + dim * shared + dim * hidden + hidden * shared, 0) +
    2 * hidden * shared +
    3 * batch * shared);
const rounds = 15;

export async function run(host: BenchHost, { peer }: { readonly peer: PythonPeer }): Promise<Row[]> {
  const { threads } = await startEngine({ device: 'wasm' });
  setWasmPaths('/node_modules/@tensorflow/tfjs-backend-wasm/dist/');
  setThreadsCount(threads);
  await tf.setBackend('wasm');
  await tf.ready();

  const { normal } = random(1);
  const filled = (shape: number[], deviation: number): Tensor =>
    tensor(
      shape,
      Float32Array.from({ length: shape.reduce((n, d) => n * d, 1) }, () => deviation * normal()),
    );
  const head = (from: number): Required<HeadParams<Tensor>> => ({
    linear: filled([from, shared], 1 / Math.sqrt(from)),
    mlp: {
      up: { weight: filled([from, hidden], 1), bias: filled([hidden], 0.1) },
      down: { weight: filled([hidden, shared], 0.05), bias: filled([shared], 0.1) },
    },
  });
  const [source, target] = [head(dims.source), head(dims.target)];
  const logScale = tensor([], Float32Array.of(Math.log(1 / 0.07)));
  const params: ContrastiveParams<Tensor> = { source, target, logScale };
  const straight = { source: { linear: source.linear }, target: { linear: target.linear }, logScale };
  const data = {
    source: filled([batch, dims.source], 1 / Math.sqrt(dims.source)),
    target: filled([batch, dims.target], 1 / Math.sqrt(dims.target)),
  };

  using training = trainer<ContrastiveParams<Tensor>, ContrastiveBatch>({ params, loss: contrastiveLoss });
  const ours = async (): Promise<number> => (await training.update(data, learningRate)).loss;
  using linear = trainer<ContrastiveParams<Tensor>, ContrastiveBatch>({ params: straight, loss: contrastiveLoss });
  const ofMaps = async (): Promise<number> => (await linear.update(data, learningRate)).loss;
  const theirs = tensorflow(params, data);

  // The first step compiles, and shows that both compute the same.
  const [a, b] = [await ours(), await theirs()];
  if (Math.abs(a - b) > 1e-3 * Math.abs(b)) throw new Error(`The two losses differ: ${a} and ${b}`);
  const lack = lacking(peer, 'torch');
  if (lack) host.log(`contrastive.vs-pytorch is left out: ${lack}`);
  // Ours, theirs and PyTorch's by turns: a busy machine slows all of them.
  const spent: Record<'ours' | 'linear' | 'theirs' | 'native', number[]> = {
    ours: [],
    linear: [],
    theirs: [],
    native: [],
  };
  for (let round = 0; round < rounds; round++) {
    spent.theirs.push(await timed(theirs));
    await pause(); // its threads spin for a while after their work
    if (!lack) spent.native.push(await pythonMs(peer, 'contrastive'));
    await pause();
    await ours();
    spent.ours.push(median([await timed(ours), await timed(ours), await timed(ours)]));
    await ofMaps();
    spent.linear.push(median([await timed(ofMaps), await timed(ofMaps), await timed(ofMaps)]));
  }
  const ratio = median(spent.theirs.map((time, i) => time / spent.ours[i]!));
  const peak = lack ? NaN : await wasmPeak(threads);
  const leastMs = (multiplyAdds / peak) * 1000;
  const native: Row[] = lack
    ? []
    : [
        {
          id: 'contrastive.vs-pytorch',
          value: median(spent.native.map((time, i) => spent.ours[i]! / time)),
          unit: 'x the time',
          baseline: 1.3,
          n: rounds,
          note: `${median(spent.ours).toFixed(0)} ms next to ${median(spent.native).toFixed(1)} ms a step in PyTorch ${peer.torch}`,
        },
        {
          id: 'contrastive.floor',
          value: leastMs / median(spent.native),
          unit: 'x the time',
          baseline: 1.3,
          n: 1,
          note: `${(multiplyAdds / 1e6).toFixed(0)} million multiply-adds, and nothing else, at ${(peak / 1e9).toFixed(0)} thousand million a second, the peak of wasm here: ${leastMs.toFixed(1)} ms`,
        },
      ];
  return [
    {
      id: 'contrastive.vs-tfjs',
      value: ratio,
      unit: 'x',
      baseline: 6,
      n: rounds,
      note: `${median(spent.ours).toFixed(0)} ms next to ${median(spent.theirs).toFixed(0)} ms a step, ${threads} threads, wasm`,
    },
    ...native,
    ...(await onGpu(params, data, lack ? undefined : peer)),
    { id: 'contrastive.step', value: median(spent.ours), unit: 'ms', n: rounds },
    {
      id: 'contrastive.linear',
      value: median(spent.linear.map((time, i) => time / spent.ours[i]!)),
      unit: 'x the time',
      baseline: 1,
      n: rounds,
      note: `${median(spent.linear).toFixed(0)} ms a step of heads without MLP, which must not take longer than with`,
    },
  ];
}

/** The step on a real GPU, next to PyTorch where `peer` has it; no row where there is no GPU. */
async function onGpu(
  params: ContrastiveParams<Tensor>,
  data: MapTree<ContrastiveBatch, Tensor>,
  peer: PythonPeer | undefined,
): Promise<Row[]> {
  const { device } = await startEngine();
  if (device !== 'webgpu') return [];
  using training = trainer<ContrastiveParams<Tensor>, ContrastiveBatch>({ params, loss: contrastiveLoss });
  const step = (): Promise<unknown> => training.update(data, learningRate);
  await step(); // compiles
  const [spent, native]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    spent.push(median([await timed(step), await timed(step), await timed(step)]));
    if (peer) native.push(await pythonMs(peer, 'contrastive'));
  }
  const alone: Row = { id: 'contrastive.webgpu.step', value: median(spent), unit: 'ms', n: rounds };
  if (!peer) return [alone];
  return [
    {
      id: 'contrastive.webgpu.vs-pytorch',
      value: median(native.map((time, i) => spent[i]! / time)),
      unit: 'x the time',
      baseline: 1.3,
      n: rounds,
      note: `next to ${median(native).toFixed(1)} ms a step on the CPU in PyTorch ${peer.torch}`,
    },
    alone,
  ];
}

/** The same loss and the same optimizer family (Adam) in TensorFlow.js; weight decay and clipping are left out there. */
function tensorflow(params: ContrastiveParams<Tensor>, data: MapTree<ContrastiveBatch, Tensor>): () => Promise<number> {
  const load = ({ shape, data: values }: Tensor): tf.Tensor => tf.tensor(values, [...shape]);
  const { source, target, logScale } = mapTree(params, (leaf: Tensor) => tf.variable(load(leaf))) as Peer<tf.Variable>;
  const x = load(data.source) as tf.Tensor2D;
  const y = load(data.target) as tf.Tensor2D;
  const optimizer = tf.train.adam(learningRate, 0.9, 0.98);
  return async () => {
    const loss = optimizer.minimize(() => {
      const logits = tf.mul(tf.matMul(project(source, x), project(target, y), false, true), tf.exp(logScale));
      const right = tf.sum(tf.mul(logits, tf.eye(batch)), 1);
      const rows = tf.mean(tf.sub(tf.logSumExp(logits, 1), right));
      const columns = tf.mean(tf.sub(tf.logSumExp(logits, 0), right));
      return tf.mul<tf.Scalar>(tf.add(rows, columns), 0.5);
    }, true)!;
    const [value] = await loss.data();
    loss.dispose();
    return value!;
  };
}

type PeerHead<Leaf> = {
  linear: Leaf;
  mlp: { up: { weight: Leaf; bias: Leaf }; down: { weight: Leaf; bias: Leaf } };
};
type Peer<Leaf> = { source: PeerHead<Leaf>; target: PeerHead<Leaf>; logScale: Leaf };

function project({ linear, mlp: { up, down } }: PeerHead<tf.Variable>, x: tf.Tensor2D): tf.Tensor2D {
  const layer = ({ weight, bias }: typeof up | typeof down, from: tf.Tensor): tf.Tensor =>
    tf.add(tf.matMul(from as tf.Tensor2D, weight as tf.Tensor2D), bias);
  const before = layer(up, x);
  const after = tf.mul(tf.mul(before, 0.5), tf.add(tf.erf(tf.mul(before, Math.SQRT1_2)), 1));
  const out = tf.add(tf.matMul(x, linear as tf.Tensor2D), layer(down, after));
  return tf.div(out, tf.sqrt(tf.sum(tf.square(out), 1, true)));
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100));
}

async function timed(step: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await step();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
