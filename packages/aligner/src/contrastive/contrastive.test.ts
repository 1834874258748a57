import { normalize, random, type Embeddings } from '@cognate/core';
import { startEngine, tensor, toDevice, type Tensor } from '@cognate/nn';
import { expect } from '@open-wc/testing';
import {
  contrastiveDefaults,
  contrastiveLoss,
  type ContrastiveOptions,
  type ContrastiveParams,
} from './contrastive.ts';
import { contrastiveTraining, trainedHeads } from './contrastive-training.ts';
import { fit } from '../fit.ts';
import {
  applyPath,
  asMatrix,
  headPath,
  type FloatMatrix,
  type Heads,
  type Layer,
  type Path,
  type Step,
} from '../alignment/path.ts';
import { centred, type Pairs } from '../pairs.ts';

function rowsOf(id: string, count: number, dim: number, seed: number): Embeddings {
  const { normal } = random(seed);
  const data = Float32Array.from({ length: count * dim }, normal);
  return normalize({ space: { id, dim, normalized: true }, count, data });
}

/** Target rows are an elementwise function of turned source rows: no linear map is right. */
function bent(source: Embeddings, id: string, dim: number): Embeddings {
  const { normal } = random(3);
  const mix = Float32Array.from({ length: source.space.dim * dim }, normal);
  const data = new Float32Array(source.count * dim);
  for (let i = 0; i < source.count; i++) {
    for (let j = 0; j < dim; j++) {
      let sum = 0;
      for (let k = 0; k < source.space.dim; k++) sum += source.data[i * source.space.dim + k]! * mix[k * dim + j]!;
      data[i * dim + j] = 0.3 * sum + sum * sum;
    }
  }
  return normalize({ space: { id, dim, normalized: true }, count: source.count, data });
}

async function lossOf(params: ContrastiveParams<Tensor>, x: Tensor, y: Tensor): Promise<number> {
  const device: ContrastiveParams = toDevice(params);
  const loss = contrastiveLoss(device, { source: toDevice(x), target: toDevice(y) });
  return (await loss.data())[0]!;
}

describe('contrastive heads', function () {
  this.timeout(120_000);
  before(() => startEngine());

  it('have the loss that the definition gives', async () => {
    const identity = tensor([2, 2], Float32Array.of(1, 0, 0, 1));
    const scale = (value: number): Tensor => tensor([], Float32Array.of(Math.log(value)));
    // Cosines .8 .2 / .4 .6 cannot come from unit rows in the plane; those of the unit vectors below can.
    const angle = (degrees: number): number[] => [
      Math.cos((degrees * Math.PI) / 180),
      Math.sin((degrees * Math.PI) / 180),
    ];
    const x = tensor([2, 2], Float32Array.from([...angle(0), ...angle(90)]));
    const y = tensor([2, 2], Float32Array.from([...angle(30), ...angle(80)]));
    const cosines = [[30, 80], [60, 10]].map((line) => line.map((d) => Math.cos((d * Math.PI) / 180))); // prettier-ignore
    const [[a, b], [c, d]] = cosines as [[number, number], [number, number]];
    const off = (right: number, wrong: number): number => Math.log(1 + Math.exp(10 * (wrong - right)));
    const wanted = (off(a, b) + off(d, c) + off(a, c) + off(d, b)) / 4;
    const params = { source: { linear: identity }, target: { linear: identity }, logScale: scale(10) };
    expect(await lossOf(params, x, y)).to.be.closeTo(wanted, 1e-5);
  });

  it('begin as the closed form that they start from, also with a residual MLP', async () => {
    const pairs = pairsOf(rowsOf('a', 60, 6, 1), rowsOf('b', 60, 5, 2));
    const start = headsFor(pairs, 4);
    const points = rowsOf('a', 10, 6, 7);
    const options = { ...contrastiveDefaults, steps: 1, batch: 16, hidden: 8, learningRate: 0, mixup: 0.5, seed: 1 };
    const first = await trained(pairs, start, options);
    const wanted = applyPath(start.source, asMatrix(points)).data; // kept in half precision
    applyPath(first.source, asMatrix(points)).data.forEach((value, i) => expect(value).to.be.closeTo(wanted[i]!, 1e-3));
    expect(residualOf(first.source).up.weight.cols).to.equal(8);
  });

  it('run outside the engine as they do inside', async () => {
    const pairs = pairsOf(rowsOf('a', 40, 6, 1), rowsOf('b', 40, 5, 2));
    const options = { ...contrastiveDefaults, steps: 8, batch: 40, hidden: 8, learningRate: 3e-2, mixup: 0, seed: 1 };
    const heads = await trained(pairs, headsFor(pairs, 4), options);
    const source = rowsOf('a', 8, 6, 5);
    const target = rowsOf('b', 8, 5, 6);
    const { source: from, target: to } = heads;
    const [p, q] = [applyPath(from, asMatrix(source)).data, applyPath(to, asMatrix(target)).data];
    // The engine's loss of the trained heads, next to the loss of the rows that came out here.
    const params = {
      source: paramsOf(from),
      target: paramsOf(to),
      logScale: tensor([], Float32Array.of(1)),
    };
    const inside = await lossOf(params, sideTensor(source, pairs.source.mean), sideTensor(target, pairs.target.mean));
    const eye = tensor(
      [4, 4],
      Float32Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 1 : 0)),
    );
    const plain = { source: { linear: eye }, target: { linear: eye }, logScale: tensor([], Float32Array.of(1)) };
    expect(await lossOf(plain, tensor([8, 4], p), tensor([8, 4], q))).to.be.closeTo(inside, 1e-5);
  });

  it('learn what no linear map can, and auto then keeps them', async () => {
    const source = rowsOf('a', 1200, 6, 1);
    const target = bent(source, 'b', 10);
    const losses: number[] = [];
    const fitted = await fit(source, target, {
      seed: 1,
      steps: 60,
      batch: 96,
      hidden: 48,
      learningRate: 2e-2,
      onProgress: (progress) => progress.phase === 'fit' && losses.push(progress.loss),
    });
    const { report } = fitted;
    expect(report.method).to.equal('contrastive');
    expect(report.tried.at(-1)!.recallAt10).to.be.above(Math.max(...report.tried.slice(0, 3).map((t) => t.recallAt10)));
    expect(report.forward!.recallAt10).to.be.above(report.chance.recallAt10 + 0.3);
    expect(report.shuffled!.recallAt10).to.be.below(report.chance.recallAt10 + 0.15);
    expect(losses.at(-1)).to.be.below(losses[10]!);
  });

  it('come out the same for one seed, and otherwise for another', async () => {
    const source = rowsOf('a', 240, 6, 1);
    const target = bent(source, 'b', 5);
    const once = async (seed: number): Promise<Uint8Array> =>
      (await fit(source, target, { method: 'contrastive', seed, steps: 5, batch: 32, hidden: 8 })).shared.id as never;
    const [first, again, other] = [await once(1), await once(1), await once(2)];
    expect(again).to.equal(first);
    expect(other).not.to.equal(first);
  });

  it('stop at the next step after an abort, and at once while paused', async () => {
    const source = rowsOf('a', 400, 32, 1);
    const target = bent(source, 'b', 32);
    for (const paused of [false, true]) {
      const controller = new AbortController();
      let abortedAt = 0;
      let stepsAfter = 0;
      const running = fit(source, target, {
        method: 'contrastive',
        steps: 100_000,
        signal: controller.signal,
        gate: () => (paused ? new Promise(() => {}) : Promise.resolve()),
        onProgress: ({ phase, done }) => {
          if (phase !== 'fit') return;
          if (abortedAt > 0) stepsAfter++;
          if (done !== 3 && !(paused && done === 1)) return;
          setTimeout(() => {
            abortedAt = performance.now();
            controller.abort('stop');
          }, 50);
        },
      });
      const error = await running.catch((reason: unknown) => reason);
      expect(error).to.equal('stop');
      expect(stepsAfter).to.be.at.most(1);
      // 200 ms on a machine of one's own; tests share theirs.
      expect(performance.now() - abortedAt).to.be.below(1000);
    }
  });

  it('wait while the gate is closed, and go on when it opens', async () => {
    const source = rowsOf('a', 240, 6, 1);
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const steps: number[] = [];
    const running = fit(source, bent(source, 'b', 5), {
      method: 'contrastive',
      steps: 5,
      batch: 32,
      hidden: 0,
      gate: () => gate,
      onProgress: ({ phase, done }) => phase === 'fit' && steps.push(done),
    });
    while (steps.length < 1) await new Promise((resolve) => setTimeout(resolve, 20));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(steps).to.deep.equal([1]);
    open();
    await running;
    expect(steps).to.deep.equal([1, 2, 3, 4, 5]);
  });
});

/** The heads after all steps. */
async function trained(pairs: Pairs, start: Heads, options: ContrastiveOptions): Promise<Heads> {
  using training = contrastiveTraining(pairs, start, options);
  while (training.done < options.steps) await training.step();
  return trainedHeads(await training.weights(), pairs);
}

function pairsOf(source: Embeddings, target: Embeddings): Pairs {
  return {
    source: centred(source),
    target: centred(target),
    groups: Int32Array.from({ length: source.count }, (_, i) => i),
  };
}

/** Random linear heads whose rows have unit length on average, as a start expects them to be. */
function headsFor({ source, target }: Pairs, dim: number): Heads {
  const { normal } = random(11);
  const head = (mean: Float32Array<ArrayBuffer>): Path => {
    const data = Float32Array.from({ length: mean.length * dim }, normal);
    return headPath(mean, { kind: 'linear', weight: { rows: mean.length, cols: dim, data } });
  };
  return { source: head(source.mean), target: head(target.mean) };
}

function sideTensor(points: Embeddings, mean: Float32Array<ArrayBuffer>): Tensor {
  const { rows, cols, data } = centred(points, mean);
  return tensor([rows, cols], data);
}

function residualOf(path: Path): Step & { kind: 'residual' } {
  return path.find((step) => step.kind === 'residual')!;
}

function paramsOf(path: Path): ContrastiveParams<Tensor>['source'] {
  const { linear, up, down } = residualOf(path);
  const weight = ({ rows, cols, data }: FloatMatrix): Tensor => tensor([rows, cols], data);
  const layer = (each: Layer) => ({ weight: weight(each.weight), bias: tensor([each.bias.length], each.bias) });
  return { linear: weight(linear), mlp: { up: layer(up), down: layer(down) } };
}
