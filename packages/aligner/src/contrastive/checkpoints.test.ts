import { normalize, random, type Embeddings } from '@cognate/core';
import { startEngine } from '@cognate/nn';
import { expect } from '@open-wc/testing';
import { headPath, type Heads } from '../alignment/path.ts';
import { fit } from '../fit.ts';
import type { FitOptions } from '../fit-options.ts';
import { centred } from '../pairs.ts';
import { subset, type Fold, type Sample } from '../sample.ts';
import type { Checkpoints } from './checkpoints.ts';
import { contrastiveDefaults } from './contrastive.ts';
import { fitContrastive, trainOn, type ContrastiveRun } from './fit-contrastive.ts';

const count = 120;

/** Pairs that no linear map fits, so that training gains; `skip` gives others. */
function bentPairs(skip = 0): Sample {
  const { normal } = random(1);
  const mix = Float32Array.from({ length: 6 * 10 }, normal);
  const x = Float32Array.from({ length: (count + skip) * 6 }, normal).slice(skip * 6);
  const y = new Float32Array(count * 10);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < 10; j++) {
      let sum = 0;
      for (let k = 0; k < 6; k++) sum += x[i * 6 + k]! * mix[k * 10 + j]!;
      y[i * 10 + j] = 0.3 * sum + sum * sum;
    }
  }
  const side = (id: string, dim: number, data: Float32Array<ArrayBuffer>): Embeddings =>
    normalize({ space: { id, dim, normalized: true }, count, data });
  return { source: side('a', 6, x), target: side('b', 10, y), groups: Int32Array.from({ length: count }, (_, i) => i) };
}

function foldOf(sample: Sample): Fold {
  const indices = Array.from({ length: count }, (_, i) => i);
  const test = subset(sample, indices.slice(0, 40));
  return { train: subset(sample, indices.slice(40)), test, candidates: test, crowd: test };
}

/** The same for whoever asks. */
function startOf({ train }: Fold): Heads {
  const { normal } = random(2);
  const head = (points: Embeddings): Heads['source'] => {
    const { mean } = centred(points);
    const data = Float32Array.from({ length: points.space.dim * 5 }, normal);
    return headPath(mean, { kind: 'linear', weight: { rows: points.space.dim, cols: 5, data } });
  };
  return { source: head(train.source), target: head(train.target) };
}

interface Store extends Checkpoints {
  readonly files: Map<string, Uint8Array<ArrayBuffer>>;
  saves: number;
}

function memory(everyMs = 0): Store {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const store: Store = {
    files,
    saves: 0,
    everyMs,
    load: async (name) => files.get(name),
    save: async (name, bytes) => {
      files.set(name, bytes);
      store.saves++;
    },
  };
  return store;
}

function runOf(changes: Partial<ContrastiveRun> = {}): ContrastiveRun {
  const small = { steps: 60, batch: 32, hidden: 8, learningRate: 1e-2, seed: 3 };
  return { ...contrastiveDefaults, ...small, name: 'fit', interval: 10, patience: 4, ...changes };
}

/** A store whose run is cut off at its given save. */
function cutOff(store: Store, at: number): Partial<ContrastiveRun> {
  const killed = new AbortController();
  const save: Checkpoints['save'] = async (name, bytes) => {
    await store.save(name, bytes);
    if (store.saves === at) killed.abort('killed');
  };
  return { checkpoints: { ...store, save }, signal: killed.signal };
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'no rejection',
    (error: unknown) => error,
  );
}

describe('checkpoints', function () {
  this.timeout(120_000);
  before(() => startEngine());
  const fold = foldOf(bentPairs());
  const start = startOf(fold);

  it('let training that was cut off twice end as it would have, to the last bit', async () => {
    const straight = await fitContrastive(fold, start, runOf());
    expect(straight.steps).to.be.above(10);
    const store = memory();
    for (const at of [3, 9]) {
      expect(await rejection(fitContrastive(fold, start, runOf(cutOff(store, at))))).to.equal('killed');
    }
    const steps: number[] = [];
    const onProgress: ContrastiveRun['onProgress'] = (progress) => {
      if (progress.phase !== 'fit') return;
      steps.push(progress.done);
      expect(progress.saved).to.be.above(1);
    };
    const resumed = await fitContrastive(fold, start, runOf({ checkpoints: store, onProgress }));
    expect(steps[0]).to.be.above(2);
    expect(resumed).to.deep.equal(straight);
    const again = await fitContrastive(fold, start, runOf({ checkpoints: store }));
    expect(again).to.deep.equal(straight);
  });

  it('do so for training on all pairs, too', async () => {
    const { train } = fold;
    const straight = await trainOn(train, start, 25, runOf());
    const store = memory();
    expect(await rejection(trainOn(train, start, 25, runOf(cutOff(store, 4))))).to.equal('killed');
    expect(await trainOn(train, start, 25, runOf({ checkpoints: store }))).to.deep.equal(straight);
  });

  it('are ignored when they are of other pairs, another start, other settings, or torn', async () => {
    const store = memory();
    await rejection(fitContrastive(fold, start, runOf(cutOff(store, 3))));
    const firstStep = async (changes: Partial<ContrastiveRun> = {}, pairs = fold, from = start): Promise<number> => {
      const stop = new AbortController();
      let done = 0;
      const onProgress: ContrastiveRun['onProgress'] = (progress) => {
        if (progress.phase === 'fit') done ||= progress.done;
        stop.abort('seen');
      };
      const checkpoints = { ...store, save: async () => {} };
      const run = runOf({ checkpoints, onProgress, signal: stop.signal, ...changes });
      expect(await rejection(fitContrastive(pairs, from, run))).to.equal('seen');
      return done;
    };
    expect(await firstStep()).to.be.above(1);
    expect(await firstStep({ seed: 4 })).to.equal(1);
    expect(await firstStep({ learningRate: 2e-2 })).to.equal(1);
    expect(await firstStep({ loss: 'sigmoid' })).to.equal(1);
    expect(await firstStep({}, foldOf(bentPairs(1)))).to.equal(1);
    const elsewhere = start.source.map((step) =>
      step.kind === 'linear' ? { ...step, weight: { ...step.weight, data: step.weight.data.with(0, 2) } } : step,
    );
    expect(await firstStep({}, fold, { ...start, source: elsewhere })).to.equal(1);
    const whole = store.files.get('fit')!;
    store.files.set('fit', whole.slice(0, -100));
    expect(await firstStep()).to.equal(1);
    const notANumber = whole.slice();
    notANumber.fill(0xff, -4);
    store.files.set('fit', notANumber);
    expect(await firstStep()).to.equal(1);
  });

  it('do not hold up an abort, however long the store takes', async () => {
    const never = new Promise<never>(() => {});
    for (const hanging of [{ load: () => never }, { save: () => never }]) {
      const stopped = new AbortController();
      const checkpoints = { ...memory(), ...hanging };
      const run = fitContrastive(fold, start, runOf({ checkpoints, signal: stopped.signal }));
      setTimeout(() => stopped.abort('enough'), 300);
      expect(await rejection(run)).to.equal('enough');
    }
  });

  it('are written and told of when a run is paused, so that the page may be closed', async () => {
    const runs = {
      validated: (run: ContrastiveRun) => fitContrastive(fold, start, run),
      plain: (run: ContrastiveRun) => trainOn(fold.train, start, 25, run),
    };
    for (const [name, begin] of Object.entries(runs)) {
      const store = memory(1e9);
      const stop = new AbortController();
      let passed = 0;
      const gate = (): Promise<void> => (++passed === 7 ? new Promise(() => {}) : Promise.resolve());
      const told: (number | undefined)[] = [];
      const seen = Promise.withResolvers<number>();
      const onProgress: ContrastiveRun['onProgress'] = (progress) => {
        if (progress.phase !== 'fit') return;
        told.push(progress.saved);
        if (progress.saved !== undefined) seen.resolve(progress.saved);
      };
      const running = rejection(begin(runOf({ checkpoints: store, gate, onProgress, signal: stop.signal })));
      expect(await Promise.race([seen.promise, running]), name).to.equal(7);
      expect(passed, name).to.equal(7);
      expect(store.saves, name).to.equal(1);
      expect(told.slice(0, -1), name).to.deep.equal(new Array(7).fill(undefined));
      stop.abort('stop');
      expect(await running, name).to.equal('stop');
    }
  });
});

describe('fit()', function () {
  this.timeout(120_000);
  const settings = { method: 'contrastive', seed: 3, steps: 80, batch: 48, hidden: 24, learningRate: 2e-2 } as const;
  const { source, target } = bentPairs();

  it('ends the same after it was cut off, goes on from an alignment, and only from one of the same spaces', async () => {
    const loss = async (options: FitOptions): Promise<number> => {
      const first: number[] = [];
      const stop = new AbortController();
      const onProgress: FitOptions['onProgress'] = (progress) => {
        if (progress.phase !== 'fit') return;
        first.push(progress.loss);
        stop.abort('seen');
      };
      const running = fit(source, target, { ...settings, mixup: 0, onProgress, signal: stop.signal, ...options });
      expect(await rejection(running)).to.equal('seen');
      return first[0]!;
    };
    const straight = await fit(source, target, settings);
    const store = memory();
    const cut = cutOff(store, 2);
    expect(await rejection(fit(source, target, { ...settings, ...cut }))).to.equal('killed');
    const resumed = await fit(source, target, { ...settings, checkpoints: store });
    expect(resumed.project(source).data).to.deep.equal(straight.project(source).data);
    expect(resumed.report.forward).to.deep.equal(straight.report.forward);

    expect(await loss({ from: straight })).to.be.below(0.9 * (await loss({})));
    const elsewhere = { ...source, space: { ...source.space, id: 'c' } };
    const error = await rejection(fit(elsewhere, target, { from: straight }));
    expect(error).to.have.property('code', 'space-mismatch');
  });
});
