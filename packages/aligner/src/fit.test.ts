import {
  breather,
  CognateError,
  embeddings,
  methodName,
  normalize,
  random,
  rows,
  type Alignment,
  type Embeddings,
  type Progress,
  type Space,
} from '@cognate/core';
import { expect } from '@open-wc/testing';
import { loadAlignment } from './alignment/alignment.ts';
import { fit } from './fit.ts';
import type { FitOptions } from './fit-options.ts';
import { plainTools } from './algebra/tools.ts';
import { halvedKernels } from './alignment/half.ts';
import { applyPath, asMatrix } from './alignment/path.ts';
import { kernelCsa } from './closed-form/kernel-csa.ts';
import { prepare } from './sample.ts';

const space = (id: string, dim: number, normalized = true): Space => ({ id, dim, normalized });

/** Gaussian rows around a mean, of unit length. */
function points(id: string, count: number, dim: number, seed: number): Embeddings {
  const { normal } = random(seed);
  const data = Float32Array.from({ length: count * dim }, (_, i) => normal() + (i % dim === 0 ? 2 : 0));
  return normalize({ space: space(id, dim), count, data });
}

/** The same rows turned by a random rotation, then disturbed, of unit length. */
function turned(source: Embeddings, id: string, noise: number, seed: number, dim = source.space.dim): Embeddings {
  const { normal } = random(seed);
  const axes = orthonormal(source.space.dim, dim, normal);
  const data = new Float32Array(source.count * dim);
  for (let i = 0; i < source.count; i++) {
    for (let j = 0; j < dim; j++) {
      let sum = noise * normal();
      for (let k = 0; k < source.space.dim; k++) sum += source.data[i * source.space.dim + k]! * axes[j]![k]!;
      data[i * dim + j] = sum;
    }
  }
  const batch = { space: space(id, dim), count: source.count, data };
  return noise > 0 || dim !== source.space.dim ? normalize(batch) : batch;
}

/** `count` random directions, orthogonal as far as there is room. */
function orthonormal(dim: number, count: number, normal: () => number): number[][] {
  const axes: number[][] = [];
  for (let i = 0; i < count; i++) {
    const axis = Array.from({ length: dim }, normal);
    for (const other of i < dim ? axes : []) {
      const dot = axis.reduce((sum, value, k) => sum + value * other[k]!, 0);
      axis.forEach((value, k) => (axis[k] = value - dot * other[k]!));
    }
    const length = Math.hypot(...axis);
    axes.push(axis.map((value) => value / length));
  }
  return axes;
}

function meanRecall(fitted: Awaited<ReturnType<typeof fit>>): number {
  return (fitted.report.forward!.recallAt1 + fitted.report.backward!.recallAt1) / 2;
}

function expectRows(got: Embeddings, wanted: Embeddings, tolerance: number): void {
  expect(got.space.id).to.equal(wanted.space.id);
  expect(got.count).to.equal(wanted.count);
  const worst = got.data.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted.data[i]!)), 0);
  expect(worst).to.be.at.most(tolerance);
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail('nothing was thrown'),
    (error: unknown) => error,
  );
}

describe('fit', function () {
  this.timeout(120_000);

  // The penalty of CSA shrinks what comes out: less exactly, but by no more than it says.
  for (const [method, tolerance] of [
    ['procrustes', 1e-5],
    ['ridge', 1e-5],
    ['csa', 0.05],
  ] as const) /* prettier-ignore */ {
    it(`${method} recovers a rotation: both sides meet, and ways lead there and back`, async () => {
      const source = points('a', 260, 12, 1);
      const target = turned(source, 'b', 0, 2);
      const fitted = await fit(source, target, { method });
      const { report } = fitted;
      expect([report.forward!.recallAt1, report.backward!.recallAt1]).to.deep.equal([1, 1]);
      expect(report.forward!.medianRank).to.equal(1);
      expectRows(fitted.project(source), fitted.project(target), tolerance);
      expectRows(fitted.forward(source), target, tolerance);
      expectRows(fitted.backward(target), source, tolerance);
    });
  }

  it('finds less the more noise there is', async () => {
    const source = points('a', 300, 10, 1);
    const recalls: number[] = [];
    for (const noise of [0, 0.1, 0.2, 0.4, 1]) {
      recalls.push(meanRecall(await fit(source, turned(source, 'b', noise, 2), { method: 'procrustes' })));
    }
    expect(recalls).to.deep.equal([...recalls].sort((a, b) => b - a));
    expect(recalls[0]).to.equal(1);
    expect(recalls.at(-1)).to.be.below(0.3);
  });

  it('falls to chance on shuffled pairs, and says so beforehand with its control', async () => {
    const source = points('a', 1000, 10, 1);
    const target = turned(source, 'b', 0.05, 2);
    const { report } = await fit(source, target, { method: 'csa' });
    expect(report.chance.recallAt10).to.be.closeTo(0.1, 1e-9);
    expect(report.forward!.recallAt10).to.be.at.least(0.9);
    // 200 queries, of which one in ten finds its answer by guessing: a standard deviation of .02.
    expect(report.shuffled!.recallAt10).to.be.closeTo(0.1, 0.07);
    const mixed = rows(target, random(9).permutation(1000));
    const broken = await fit(source, mixed, { method: 'csa', report: 'brief' });
    expect((broken.report.forward!.recallAt10 + broken.report.backward!.recallAt10) / 2).to.be.closeTo(0.1, 0.07);
  });

  it('aligns spaces of different dimensions, either way round', async () => {
    const source = points('a', 260, 16, 1);
    const target = turned(source, 'b', 0.01, 2, 10);
    for (const method of ['procrustes', 'ridge', 'csa'] as const) {
      const there = await fit(source, target, { method });
      const back = await fit(target, source, { method });
      expect(meanRecall(there), method).to.be.above(0.5);
      expect(meanRecall(back), method).to.be.above(0.5);
      expect(there.forward(source).space).to.deep.equal(target.space);
      expect(there.backward(target).data.length).to.equal(source.data.length);
    }
  });

  for (const method of ['csa', 'kernel'] as const) {
    it(`gives the same numbers after saving and loading ${method}`, async () => {
      const source = points('a', 60, 8, 1);
      const target = turned(source, 'b', 0.1, 2, 6);
      const fitted = await fit(source, target, { method });
      const loaded = loadAlignment(fitted.save());
      expect(loaded.report).to.deep.equal(fitted.report);
      expect(loaded.shared).to.deep.equal(fitted.shared);
      for (const name of ['project', 'forward'] as const) {
        expect([...loaded[name](source).data]).to.deep.equal([...fitted[name](source).data]);
      }
      expect([...loaded.backward(target).data]).to.deep.equal([...fitted.backward(target).data]);
      expect([...loaded.anchors.target.data]).to.deep.equal([...fitted.anchors.target.data]);
      expect([...loaded.save()]).to.deep.equal([...fitted.save()]);
    });
  }

  it('keeps a kernel in half precision, which changes next to nothing', async () => {
    const source = points('a', 260, 12, 1);
    const target = turned(source, 'b', 0.2, 2);
    const setting = { sharpness: 1, strength: 1 };
    const pairs = { source, target, groups: Int32Array.from({ length: 260 }, (_, i) => i) };
    const heads = await kernelCsa(prepare(pairs), setting, plainTools(breather()));
    const halved = halvedKernels(heads);
    const [before, after] = [heads, halved].map((each) => applyPath(each.source, asMatrix(source)));
    for (let i = 0; i < 260; i++) {
      const [a, b] = [before!, after!].map(({ data, cols }) => data.subarray(i * cols, (i + 1) * cols));
      expect(a!.reduce((sum, value, k) => sum + value * b![k]!, 0)).to.be.above(0.9999);
    }
    const { rows: count, cols } = before!;
    const bytes = (await fit(source, target, { method: 'kernel', report: 'brief' })).save().length;
    expect(bytes).to.be.below(3 * 4 * count * cols);
  });

  it('refuses files that are truncated, damaged, of another kind or of another version', async () => {
    const source = points('a', 20, 4, 1);
    const bytes = (await fit(source, turned(source, 'b', 0.1, 2), { method: 'procrustes' })).save();
    const edited = (from: string, to: string): Uint8Array => {
      const copy = bytes.slice();
      const text = new TextDecoder('latin1').decode(copy);
      copy.set(new TextEncoder().encode(to), text.indexOf(from));
      return copy;
    };
    const withoutNumber = bytes.slice();
    withoutNumber.set([0x00, 0x7e], bytes.length - 2); // NaN among the anchors, which come last
    const broken = [
      withoutNumber,
      new Uint8Array(),
      bytes.subarray(0, 100),
      bytes.subarray(0, bytes.length - 1),
      new TextEncoder().encode('<!doctype html><title>Not found</title>'),
      edited('cognate-alignment', 'cognate-something'),
      edited('"version":"2"', '"version":"1"'),
      edited('{\\"kind\\":\\"unit', '{\\"kind\\":\\"knit'),
      edited('\\"suspects\\"', '\\"suspexts\\"'),
      edited('{\\"id\\":\\"b\\"', '{\\"id\\":\\"a\\"'),
    ];
    for (const file of broken) {
      let error: unknown;
      try {
        loadAlignment(file);
      } catch (thrown) {
        error = thrown;
      }
      expect((error as CognateError | undefined)?.code).to.equal('file-format');
    }
  });

  it('leads few pairs out of the shared space as well as their number allows', async () => {
    // Ten hidden numbers, seen through maps of 32 and 48 numbers that bend, with noise.
    const { normal } = random(3);
    const hidden = Float32Array.from({ length: 225 * 10 }, normal);
    const seen = (id: string, dim: number): Embeddings => {
      const map = Float32Array.from({ length: 10 * dim }, normal);
      const data = Float32Array.from({ length: 225 * dim }, (_, at) => {
        let sum = 0;
        for (let k = 0; k < 10; k++) sum += hidden[Math.floor(at / dim) * 10 + k]! * map[k * dim + (at % dim)]!;
        return Math.tanh(sum + 0.6 * normal());
      });
      return { space: { id, dim, normalized: false }, count: 225, data };
    };
    const [source, target] = [seen('a', 32), seen('b', 48)];
    const part = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
    for (const method of ['procrustes', 'csa', 'ridge'] as const) {
      const options = { method, report: 'brief' } as const;
      const { forward } = await fit(rows(source, part(0, 25)), rows(target, part(0, 25)), options);
      const [found, truth] = [forward(rows(source, part(25, 225))).data, rows(target, part(25, 225)).data];
      const mean = (j: number): number => part(0, 25).reduce((sum, i) => sum + target.data[i * 48 + j]! / 25, 0);
      const means = Array.from({ length: 48 }, (_, j) => mean(j));
      const [left, all] = [0, 1].map((of) =>
        truth.reduce((sum, value, at) => sum + (value - (of === 0 ? found[at]! : means[at % 48]!)) ** 2, 0),
      );
      expect(1 - left! / all!, method).to.be.above(0.4);
    }
  });

  it('refuses points of other spaces', async () => {
    const source = points('a', 20, 4, 1);
    const target = turned(source, 'b', 0.1, 2);
    const fitted = await fit(source, target, { method: 'procrustes' });
    const calls = [
      () => fitted.project(points('c', 2, 4, 1)),
      () => fitted.project(points('a', 2, 5, 1)),
      () => fitted.forward(target),
      () => fitted.backward(source),
      () => fitted.forward(fitted.project(source)),
    ];
    for (const call of calls) expect(call).to.throw(CognateError).with.property('code', 'space-mismatch');
    const bad = { ...source, data: source.data.with(5, NaN) };
    for (const call of [() => fitted.project(bad), () => fitted.forward(bad)]) {
      expect(call).to.throw(CognateError, 'NaN in row 1').with.property('code', 'invalid-input');
    }
  });

  it('gives spaces of different fits different names', async () => {
    const source = points('a', 20, 4, 1);
    const one = await fit(source, turned(source, 'b', 0.1, 2), { method: 'procrustes' });
    const other = await fit(source, turned(source, 'b', 0.1, 3), { method: 'procrustes' });
    expect(one.shared.id).not.to.equal(other.shared.id);
  });

  it('refuses bad pairs with a sentence that names what is wrong', async () => {
    const source = points('a', 20, 4, 1);
    const target = turned(source, 'b', 0.1, 2);
    const withNaN = { ...target, data: target.data.slice() };
    withNaN.data[4 * 7 + 2] = NaN;
    const twoKinds = rows(
      target,
      Array.from({ length: 20 }, (_, i) => i % 2),
    );
    const same = embeddings(space('b', 4), new Float32Array(80).fill(0.5));
    const cases: [Embeddings, Embeddings, FitOptions, string, string][] = [
      [source, rows(target, [0, 1, 2]), {}, 'shape-mismatch', '20 and 3'],
      [source, target, { groups: [1, 2] }, 'shape-mismatch', 'got 2'],
      [source, withNaN, {}, 'invalid-input', 'target row 7'],
      [source, same, {}, 'invalid-input', 'target rows that differ'],
      [rows(source, [0, 1]), rows(target, [0, 1]), {}, 'invalid-input', 'got 2'],
      [source, target, { groups: new Int32Array(20) }, 'invalid-input', 'got 1'],
      [source, { ...target, space: source.space }, {}, 'space-mismatch', 'two different spaces'],
      [source, target, { heldOut: { source: target, target } }, 'space-mismatch', 'space a'],
      [source, target, { heldOut: { source, target: withNaN } }, 'invalid-input', 'held-out target row 7'],
      [source, target, { heldOut: { source, target, groups: [1] } }, 'shape-mismatch', '20 held-out pairs, got 1'],
      [source, target, { watch: { source: target, target } }, 'space-mismatch', 'space a'],
      [source, twoKinds, {}, 'invalid-input', 'different things, got 2'],
      [source, target, { method: 'best' as 'auto' }, 'invalid-input', 'method to be one of auto'],
      [source, target, { report: 'long' as 'full' }, 'invalid-input', 'report to be one of full'],
      [source, target, { loss: 'mse' as 'sigmoid' }, 'invalid-input', 'loss to be infoNce or sigmoid, got mse'],
      [source, target, { steps: -1 }, 'invalid-input', 'steps to be a whole number from 0, got -1'],
      [source, target, { patience: NaN }, 'invalid-input', 'patience to be a number from 1, got NaN'],
      [source, target, { hidden: 2.5 }, 'invalid-input', 'hidden to be a whole number from 0'],
      [source, target, { batch: 0 }, 'invalid-input', 'batch to be a whole number from 1'],
      [source, target, { learningRate: 2 }, 'invalid-input', 'learningRate to be a number from 0 to 1, got 2'],
      [source, target, { mixup: 3 }, 'invalid-input', 'mixup to be a number from 0 to 1'],
      [source, target, { structure: Infinity }, 'invalid-input', 'structure to be a number from 0, got Infinity'],
      [source, target, { seed: NaN }, 'invalid-input', 'seed to be a number, got NaN'],
      [source, target, { seed: '5' as unknown as number }, 'invalid-input', 'seed to be a number, got "5"'],
      [source, target, { learningRate: null as unknown as number }, 'invalid-input', 'from 0 to 1, got null'],
    ];
    for (const [from, to, options, code, words] of cases) {
      const error = (await failure(fit(from, to, options))) as CognateError;
      expect(error.code, words).to.equal(code);
      expect(error.message).to.include(words);
    }
  });

  it('rejects with the reason of the abort, before and while it computes', async () => {
    const source = points('a', 600, 64, 1);
    const target = turned(source, 'b', 0.1, 2);
    const gone = AbortSignal.abort('gone');
    expect(await failure(fit(source, target, { signal: gone }))).to.equal('gone');
    const controller = new AbortController();
    setTimeout(() => controller.abort('enough'), 60);
    expect(await failure(fit(source, target, { method: 'csa', signal: controller.signal }))).to.equal('enough');
  });

  it('keeps rows of one group together, and accepts any of them as the answer', async () => {
    const concepts = points('a', 80, 8, 1);
    const order = Array.from({ length: 240 }, (_, i) => i % 80);
    const source = normalize(noisy(rows(concepts, order), 0.02, 5));
    const target = turned(rows(concepts, order), 'b', 0.02, 2);
    const grouped = await fit(source, target, { method: 'procrustes', groups: order });
    expect(grouped.report.heldOutPairs).to.equal(240);
    expect(grouped.report.forward!.recallAt1).to.equal(1);
    // One concept has three right answers among 240.
    expect(grouped.report.chance.recallAt1).to.be.closeTo(3 / 240, 1e-9);
  });

  it('keeps a crowd from all over the pairs, in whatever order these come', async () => {
    // Two kinds of things, one after the other, as in a folder for each.
    const kinds = points('a', 1200, 10, 1);
    const data = kinds.data.map((value, i) => value + (i % 10 === 1 ? (i < 6000 ? 4 : -4) : 0));
    const source = normalize({ ...kinds, data });
    const { anchors } = await fit(source, turned(source, 'b', 0.1, 2), { method: 'procrustes', report: 'brief' });
    const { dim } = anchors.source.space;
    const first = anchors.source.data.subarray(0, dim);
    const alike = Array.from({ length: anchors.source.count }, (_, i) =>
      first.reduce((sum, value, k) => sum + value * anchors.source.data[i * dim + k]!, 0),
    ).filter((cosine) => cosine > 0).length;
    expect(anchors.source.count).to.equal(512);
    expect(alike).to.be.within(206, 306);
  });

  it('takes pairs that share a row for one group', async () => {
    const source = points('a', 40, 6, 1);
    const captions = Array.from({ length: 200 }, (_, i) => i % 40);
    const repeated = rows(source, captions);
    const target = turned(repeated, 'b', 0.2, 2);
    const { report } = await fit(repeated, target, { method: 'procrustes' });
    expect(report.chance.recallAt1).to.be.closeTo(5 / 200, 1e-9);
  });

  it('auto keeps the best on validation pairs, tells which and why, and trains no heads on few pairs', async () => {
    const source = points('a', 120, 10, 1);
    const target = turned(source, 'b', 0.2, 2);
    const { report } = await fit(source, target);
    expect(report.tried.map(({ method }) => method)).to.deep.equal(['identity', 'procrustes', 'csa', 'kernel']);
    const best = Math.max(...report.tried.map(({ mrr }) => mrr));
    const kept = report.tried.find(({ method }) => method === report.method);
    expect(kept?.mrr).to.be.above(best - 0.05);
    expect(report.reason).to.include(methodName(report.method)).and.include('too few pairs');
    expect(report.calibration!.forward.queries).to.equal(120);
    expect(JSON.parse(JSON.stringify(report))).to.deep.equal(report);
  });

  it('says of five pairs no more than it knows', async () => {
    const [source, target] = [points('a', 5, 10, 1), points('b', 5, 10, 2)];
    const { report } = await fit(source, target);
    expect(report.tried.map(({ method }) => method)).to.include('kernel');
    for (const { mrr } of report.tried) expect(mrr).to.be.below(0.9);
  });

  it('compares heads with closed forms where both were looked at', async () => {
    const source = embeddings(space('a', 6, false), Float32Array.from({ length: 300 * 6 }, random(1).normal));
    const straight = turned(source, 'b', 0, 2, 10);
    const target = { ...straight, data: straight.data.map((value) => value + Math.abs(value)) };
    const brief = { report: 'brief', seed: 4 } as const;
    const { report } = await fit(source, target, { ...brief, trainHeads: true, steps: 200, hidden: 32 });
    const alone = await fit(source, target, brief);
    expect(report.tried.map(({ method }) => method)).to.deep.equal(['csa', 'kernel', 'contrastive']);
    expect(report.reason).to.match(/over 5\d validation pairs/);
    expect(alone.report.reason).to.match(/over 2\d\d pairs, each left out once/);
  });

  it('fits pairs of which all but one have the same row on one side', async () => {
    const source = embeddings(space('a', 6, false), new Float32Array(240).fill(7).fill(1, 0, 3));
    const target = points('b', 40, 6, 2);
    const groups = Array.from({ length: 40 }, (_, i) => i);
    for (const method of ['auto', 'csa', 'contrastive'] as const) {
      const { report } = await fit(source, target, { method, groups, steps: 2, report: 'brief' });
      expect(report.forward!.mrr, method).to.be.within(0, 1);
    }
  });

  it('auto spares the time of what takes longest where right answers come first already', async () => {
    const source = points('a', 1100, 10, 1);
    const { report } = await fit(source, turned(source, 'b', 0.01, 2), { report: 'brief', trainHeads: true });
    expect(report.tried.map(({ method }) => method)).to.deep.equal(['identity', 'csa']);
    expect(report.reason).to.include('nothing to gain from').and.not.include('too few pairs');
  });

  it('auto trains heads of so few pairs only when told to, or to go on from those that it is given', async () => {
    const source = points('a', 1100, 10, 1);
    const target = turned(source, 'b', 0.5, 2);
    const brief = { report: 'brief', steps: 2, hidden: 8 } as const;
    const tried = async (from?: Alignment, trainHeads?: boolean): Promise<string[]> => {
      const phases = new Set<string>();
      const onProgress = ({ phase }: Progress): unknown => phases.add(phase);
      const { report } = await fit(source, target, { ...brief, from, trainHeads, onProgress });
      return [...report.tried.map(({ method }) => method), ...(phases.has('fit') ? ['trained'] : [])];
    };
    expect(await tried()).to.deep.equal(['identity', 'csa', 'kernel']);
    expect(await tried(undefined, true)).to.include('trained');
    const before = await fit(source, target, { ...brief, method: 'contrastive' });
    expect(await tried(before)).to.deep.equal(['identity', 'csa', 'kernel', 'contrastive', 'trained']);
  });

  it('waits while its gate is closed, whatever it is at', async () => {
    const source = points('a', 150, 32, 1);
    let [open, opened] = [(): void => {}, false];
    const gate = new Promise<void>((resolve) => (open = resolve));
    const running = fit(source, turned(source, 'b', 0.2, 2), { gate: () => gate }).then(() => opened);
    setTimeout(() => {
      opened = true;
      open();
    }, 300);
    expect(await running).to.equal(true);
  });

  it('reports on the pairs that are given for that', async () => {
    const source = points('a', 100, 8, 1);
    const target = turned(source, 'b', 0.1, 2);
    const part = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
    const heldOut = { source: rows(source, part(60, 100)), target: rows(target, part(60, 100)) };
    const { report } = await fit(rows(source, part(0, 60)), rows(target, part(0, 60)), { method: 'csa', heldOut });
    expect([report.trainPairs, report.heldOutPairs]).to.deep.equal([60, 40]);
    expect(report.calibration!.forward.candidates).to.equal(100);
  });
});

function noisy(batch: Embeddings, noise: number, seed: number): Embeddings {
  const { normal } = random(seed);
  return { ...batch, data: batch.data.map((value) => value + noise * normal()) };
}
