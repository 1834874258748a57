import { breather, normalize, random, type Embeddings } from '@cognate/core';
import { startEngine, tensor, toDevice, type Tensor } from '@cognate/nn';
import { expect } from '@open-wc/testing';
import {
  contrastiveDefaults,
  contrastiveLoss,
  type ContrastiveOptions,
  type ContrastiveParams,
} from './contrastive.ts';
import { contrastiveTraining, trainedHeads } from './contrastive-training.ts';
import { fitContrastive, trainOn, type ContrastiveRun } from './fit-contrastive.ts';
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
import { engineMultiply } from '../algebra/accelerate.ts';
import { plainTools } from '../algebra/tools.ts';
import { closedForms } from '../closed-form/closed-forms.ts';
import { judge, quality, type Quality } from '../measure/judge.ts';
import { centred, type Pairs } from '../pairs.ts';
import { prepare, subset, type Fold, type Sample } from '../sample.ts';

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

  it('learn what no linear map can', async () => {
    const fold = foldOf(600, 6, 10);
    const { times, pairs } = { times: engineMultiply(breathe), pairs: prepare(fold.train) };
    const ranks = async (heads: Heads): Promise<Quality> => quality(await judge({ heads, ...fold }, tools));
    const linear = await closedForms.csa.fit(pairs, { strength: 1 }, { times, breathe });
    const losses: number[] = [];
    const settings = { steps: 100, batch: 96, hidden: 48, learningRate: 2e-2 };
    const onProgress: ContrastiveRun['onProgress'] = (progress) =>
      progress.phase === 'fit' && losses.push(progress.loss);
    const trained = await fitContrastive(fold, linear, runOf({ ...settings, onProgress }));
    // Seen on the engine while it trained, and of the heads in half precision: the same but for a rank or two.
    expect((await ranks(trained.heads)).mrr).to.be.closeTo(trained.quality.mrr, 0.01);
    expect(trained.quality.mrr).to.be.above((await ranks(linear)).mrr + 0.2);
    expect(losses.at(-1)).to.be.below(losses[10]!);
    // Shuffled pairs teach nothing.
    const order = [...random(5).permutation(fold.train.source.count)];
    const control = { ...fold, train: { ...fold.train, target: subset(fold.train, order).target } };
    const misled = await fitContrastive(control, headsFor(prepare(control.train), 5), runOf(settings));
    expect(misled.quality.recallAt10).to.be.below(10 / fold.test.source.count + 0.15);
  });

  it('come out the same for one seed, and otherwise for another', async () => {
    const fold = foldOf(100, 6, 5);
    const start = headsFor(prepare(fold.train), 4);
    const once = async (seed: number): Promise<Heads> => {
      const run = runOf({ name: 'refit', seed, batch: 32, hidden: 8 });
      return trainOn(fold.train, start, 5, run);
    };
    const [first, again, other] = [await once(1), await once(1), await once(2)];
    expect(again).to.deep.equal(first);
    expect(other).not.to.deep.equal(first);
  });

  it('learn from several targets of one source, and from rows that come twice', async () => {
    // Three texts to a picture, and each picture twice, under other groups.
    const pictures = rowsOf('a', 40, 6, 1);
    const rows = Array.from({ length: 240 }, (_, i) => (i >> 1) % 40);
    const source = { ...pictures, count: 240, data: subset(sampleOf(pictures, pictures), rows).source.data };
    const noise = rowsOf('b', 240, 8, 2);
    const clean = bent(source, 'b', 8);
    const target = { ...clean, data: clean.data.map((value, i) => value + 0.2 * noise.data[i]!) };
    const groups = Int32Array.from(rows, (row, i) => (i % 2 ? row : row + 40));
    const train = { source, target, groups };
    const fold = { train, test: train, candidates: train, crowd: train };
    const start = headsFor(prepare(train), 5);
    const losses: number[] = [];
    const onProgress: ContrastiveRun['onProgress'] = (progress) =>
      progress.phase === 'fit' && losses.push(progress.loss);
    const settings = { steps: 100, batch: 80, hidden: 32, learningRate: 2e-2, mixup: 0 };
    await fitContrastive(fold, start, runOf({ ...settings, onProgress }));
    // Each picture stands twice in a batch of all 80 groups: a loss that held its twin against it could not go under ln 2.
    expect(Math.min(...losses)).to.be.below(0.9 * Math.log(2));
    losses.length = 0;
    await fitContrastive(fold, start, runOf({ ...settings, twins: 1, onProgress }));
    expect(Math.min(...losses)).to.be.above(0.999 * Math.log(2));
  });

  it('stop within a moment of an abort, during any step and while paused', async () => {
    const fold = foldOf(300, 64, 64);
    const start = headsFor(prepare(fold.train), 32);
    for (const { at, paused } of [
      { at: 0, paused: false }, // while the first step compiles
      { at: 3, paused: false },
      { at: 1, paused: true },
    ]) {
      const controller = new AbortController();
      let [abortedAt, stepsAfter] = [0, 0];
      const abort = (): void => {
        abortedAt = performance.now();
        controller.abort('stop');
      };
      if (at === 0) setTimeout(abort, 60);
      const run = runOf({
        steps: 100_000,
        signal: controller.signal,
        gate: () => (paused ? new Promise(() => {}) : Promise.resolve()),
        onProgress: ({ done }) => {
          if (abortedAt > 0) stepsAfter++;
          if (done === at) setTimeout(abort, 20);
        },
      });
      const reason: unknown = await fitContrastive(fold, start, run).catch((error: unknown) => error);
      expect(reason).to.equal('stop');
      expect(stepsAfter).to.equal(0);
      // 200 ms on a machine of one's own; tests share theirs.
      expect(performance.now() - abortedAt).to.be.below(600);
    }
  });

  it('wait while the gate is closed, and go on when it opens', async () => {
    const fold = foldOf(100, 6, 5);
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const steps: number[] = [];
    const run = runOf({
      steps: 5,
      batch: 32,
      hidden: 0,
      gate: () => gate,
      onProgress: ({ phase, done }) => phase === 'fit' && steps.push(done),
    });
    const running = fitContrastive(fold, headsFor(prepare(fold.train), 4), run);
    while (steps.length < 1) await new Promise((resolve) => setTimeout(resolve, 20));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(steps).to.deep.equal([1]);
    open();
    await running;
    expect(steps).to.deep.equal([1, 2, 3, 4, 5]);
  });
});

const breathe = breather();
const tools = plainTools(breathe);

function runOf(changes: Partial<ContrastiveRun>): ContrastiveRun {
  return { ...contrastiveDefaults, name: 'fit', seed: 1, interval: 20, patience: 10, ...changes };
}

/** Pairs that no linear map fits, of which a fifth is kept apart to ask about. */
function foldOf(count: number, from: number, to: number): Fold {
  const source = rowsOf('a', count, from, 1);
  const sample = sampleOf(source, bent(source, 'b', to));
  const indices = Array.from({ length: count }, (_, i) => i);
  const test = subset(sample, indices.slice(0, count / 5));
  return { train: subset(sample, indices.slice(count / 5)), test, candidates: test, crowd: test };
}

function sampleOf(source: Embeddings, target: Embeddings): Sample {
  return { source, target, groups: Int32Array.from({ length: source.count }, (_, i) => i) };
}

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
