import { normalize, random, type Alignment, type Embeddings } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { fit, type FitOptions } from '../fit.ts';
import type { Checkpoints } from './checkpoints.ts';

const count = 260;
const settings = { method: 'contrastive', seed: 3, steps: 60, batch: 32, hidden: 8, learningRate: 1e-2 } as const;

/** Pairs that no linear map fits, so that training gains. */
function bentPairs(from = 0): [Embeddings, Embeddings] {
  const { normal } = random(1);
  const mix = Float32Array.from({ length: 6 * 10 }, normal);
  const x = Float32Array.from({ length: (count + from) * 6 }, normal).slice(from * 6);
  const y = new Float32Array(count * 10);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < 10; j++) {
      let sum = 0;
      for (let k = 0; k < 6; k++) sum += x[i * 6 + k]! * mix[k * 10 + j]!;
      y[i * 10 + j] = 0.3 * sum + sum * sum;
    }
  }
  return [
    normalize({ space: { id: 'a', dim: 6, normalized: true }, count, data: x }),
    normalize({ space: { id: 'b', dim: 10, normalized: true }, count, data: y }),
  ];
}

function memory(everyMs = 0): Checkpoints & { readonly files: Map<string, Uint8Array>; readonly saved: string[] } {
  const files = new Map<string, Uint8Array>();
  const saved: string[] = [];
  return {
    files,
    saved,
    everyMs,
    load: async (name) => files.get(name),
    save: async (name, bytes) => {
      files.set(name, bytes);
      saved.push(name);
    },
  };
}

/** Fits, and is cut off at the given number of steps taken by all runs together, counted by the gate between them. */
async function cutOff(at: number, checkpoints: Checkpoints, options: FitOptions = settings): Promise<void> {
  const killed = new AbortController();
  let passed = 0;
  const gate = async (): Promise<void> => {
    if (++passed === at) killed.abort('killed');
  };
  const reason: unknown = await fit(...bentPairs(), { ...options, checkpoints, gate, signal: killed.signal }).catch(
    (error: unknown) => error,
  );
  expect(reason).to.equal('killed');
}

/** Fits, and is cut off after the third save of the run of that name. */
async function killedInside(name: string, store: Checkpoints, options: FitOptions): Promise<void> {
  const killed = new AbortController();
  let saves = 0;
  const save: Checkpoints['save'] = async (each, bytes) => {
    await store.save(each, bytes);
    if (each === name && ++saves === 3) killed.abort('killed');
  };
  const running = fit(...bentPairs(), { ...options, checkpoints: { ...store, save }, signal: killed.signal });
  expect(await running.catch((error: unknown) => error)).to.equal('killed');
}

function expectSame(a: Alignment, b: Alignment): void {
  for (const points of bentPairs()) {
    const [one, other] = [a.project(points).data, b.project(points).data];
    const difference = one.reduce((worst, value, i) => Math.max(worst, Math.abs(value - other[i]!)), 0);
    expect(difference).to.be.at.most(1e-6);
  }
  const timeless = ({ report }: Alignment) => ({
    ...report,
    tried: report.tried.map((each) => ({ ...each, seconds: 0 })),
  });
  expect(timeless(b)).to.deep.equal(timeless(a));
}

describe('checkpoints', function () {
  this.timeout(120_000);

  it('let a fit that was cut off in any of its runs end as it would have', async () => {
    const options = { ...settings, refit: true };
    const whole = memory();
    const straight = await fit(...bentPairs(), { ...options, checkpoints: whole });
    expect(new Set(whole.saved)).to.deep.equal(new Set(['fit', 'refit', 'control']));
    const store = memory();
    for (const name of ['fit', 'refit', 'control']) await killedInside(name, store, options);
    const steps: number[] = [];
    const resumed = await fit(...bentPairs(), {
      ...options,
      checkpoints: store,
      onProgress: ({ phase, done }) => phase === 'fit' && steps.push(done),
    });
    expectSame(straight, resumed);
    expect(steps).to.deep.equal([]); // both trainings that report had ended; the control had not
  });

  it('go on from where the last one was saved, not from the start', async () => {
    const store = memory();
    await cutOff(30, store);
    const steps: number[] = [];
    await fit(...bentPairs(), {
      ...settings,
      checkpoints: store,
      onProgress: ({ phase, done }) => phase === 'fit' && steps.push(done),
    });
    expect(steps[0]).to.be.above(1);
    expect(steps[0]).to.be.at.most(31);
  });

  it('are ignored when they are of other pairs, of other settings, or torn', async () => {
    const store = memory();
    await cutOff(30, store);
    const first = async (options: FitOptions, from = 0): Promise<number> => {
      const stop = new AbortController();
      let done = 0;
      const onProgress: FitOptions['onProgress'] = (progress) => {
        if (progress.phase !== 'fit' || done > 0) return;
        done = progress.done;
        stop.abort();
      };
      const checkpoints = { ...store, save: async () => {} };
      await fit(...bentPairs(from), { ...options, checkpoints, onProgress, signal: stop.signal }).catch(() => {});
      return done;
    };
    expect(await first(settings)).to.be.above(1);
    expect(await first({ ...settings, seed: 4 })).to.equal(1);
    expect(await first({ ...settings, learningRate: 2e-2 })).to.equal(1);
    expect(await first(settings, 1)).to.equal(1);
    store.files.set('fit', store.files.get('fit')!.slice(0, -100));
    expect(await first(settings)).to.equal(1);
  });

  it('are written when a run is paused, so that the page may be closed', async () => {
    const store = memory(1e9);
    const stop = new AbortController();
    let passed = 0;
    const running = fit(...bentPairs(), {
      ...settings,
      checkpoints: store,
      signal: stop.signal,
      gate: () => (++passed === 7 ? new Promise(() => {}) : Promise.resolve()),
    }).catch(() => {});
    while (store.saved.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(passed).to.equal(7);
    stop.abort();
    await running;
    expect(store.saved).to.deep.equal(['fit']);
  });
});

describe('from', function () {
  this.timeout(120_000);

  it('goes on from the heads of an alignment', async () => {
    const pairs = bentPairs();
    const first = await fit(...pairs, settings);
    const losses = async (options: FitOptions): Promise<number> => {
      let loss = 0;
      const onProgress: FitOptions['onProgress'] = (progress) => {
        if (progress.phase === 'fit') loss = progress.loss;
      };
      await fit(...pairs, { ...settings, steps: 1, mixup: 0, onProgress, ...options });
      return loss;
    };
    expect(await losses({ from: first })).to.be.below(0.8 * (await losses({})));
  });

  it('must be of the same spaces', async () => {
    const [source, target] = bentPairs();
    const first = await fit(source, target, { method: 'procrustes' });
    const other = { ...source, space: { ...source.space, id: 'c' } };
    const error: unknown = await fit(other, target, { from: first }).catch((e: unknown) => e);
    expect(error).to.have.property('code', 'space-mismatch');
  });
});
