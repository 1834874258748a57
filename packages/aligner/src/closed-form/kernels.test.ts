import { breather, normalizeRows, random, rows, type Embeddings } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { inverseFactor, inversePositiveDefinite } from '../algebra/inverse.ts';
import { matrix, multiply, type Matrix, type MatrixLike } from '../algebra/matrix.ts';
import { slicedMultiply } from '../algebra/slices.ts';
import { applyPath, asMatrix, sharedDim, type Heads } from '../alignment/path.ts';
import { ranks } from '../measure/metrics/ranks.ts';
import { prepare, type Sample } from '../sample.ts';
import { chooseKernel } from './choose-kernel.ts';
import { closedForms, type ClosedMethod, type Setting } from './closed-forms.ts';
import { kernelCsa } from './kernel-csa.ts';
import { kernelOf, smoother } from './kernel.ts';
import { leaveOutRanks } from './leave-out.ts';

/** From NumPy and scikit-learn, by test/golden/kernels.py. */
interface Golden {
  readonly count: number;
  readonly x: Stored;
  readonly y: Stored;
  readonly kernel: readonly {
    readonly sharpness: number;
    readonly strength: number;
    readonly cosines: number[][];
    readonly out: number[];
    readonly outCosines: number[][];
  }[];
  readonly relative: number[][];
  readonly asif: { readonly keep: number; readonly power: number; readonly cosines: number[][] };
}
interface Stored {
  readonly rows: number;
  readonly cols: number;
  readonly data: number[];
}

const breathe = breather();
const tools = { times: slicedMultiply(breathe), breathe };

function part(id: string, { cols, data }: Stored, from: number, to: number): Embeddings {
  const rows = Float32Array.from(data.slice(from * cols, to * cols));
  return { space: { id, dim: cols, normalized: false }, count: to - from, data: rows };
}

function sampleOf(source: Embeddings, target: Embeddings): Sample {
  return { source, target, groups: Int32Array.from({ length: source.count }, (_, i) => i) };
}

/** `[source, target]` cosines in the shared space. */
function cosinesOf(heads: Heads, { source, target }: Sample): Matrix {
  return multiply(applyPath(heads.source, asMatrix(source)), applyPath(heads.target, asMatrix(target)), 'b');
}

function expectClose(got: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number): void {
  expect(got.length).to.equal(wanted.length);
  for (let i = 0; i < wanted.length; i++) expect(got[i], `at ${i}`).to.be.closeTo(wanted[i]!, tolerance);
}

function cloud(id: string, count: number, dim: number, seed: number): Embeddings {
  const { normal } = random(seed);
  return { space: { id, dim, normalized: false }, count, data: Float32Array.from({ length: count * dim }, normal) };
}

describe('inverses by halves', () => {
  it('undo a matrix that is larger than their leaves', async () => {
    const x = matrix(300, 210, Float64Array.from(cloud('x', 300, 210, 1).data));
    const a = multiply(x, x, 'a');
    const product = multiply(a, await inversePositiveDefinite(a, tools.times, breathe));
    const factor = await inverseFactor(a, tools.times, breathe);
    const whitened = multiply(multiply(factor, a), factor, 'b');
    for (let i = 0; i < 210; i++) {
      for (let j = 0; j < 210; j++) {
        expect(product.data[i * 210 + j]).to.be.closeTo(i === j ? 1 : 0, 1e-8);
        expect(whitened.data[i * 210 + j]).to.be.closeTo(i === j ? 1 : 0, 1e-8);
      }
    }
  });
});

describe('kernels and anchors, next to NumPy and scikit-learn', () => {
  let golden: Golden;
  let train: Sample;
  let test: Sample;
  before(async () => {
    golden = (await (await fetch('/test/golden/kernels.json')).json()) as Golden;
    const { x, y, count } = golden;
    train = sampleOf(part('a', x, 0, count), part('b', y, 0, count));
    test = sampleOf(part('a', x, count, x.rows), part('b', y, count, y.rows));
  });

  const cosines = async (method: ClosedMethod, setting: Setting): Promise<Matrix> =>
    cosinesOf(await closedForms[method].fit(prepare(train), setting, tools), test);

  it('compare points by the weights with which kernel ridge regression rebuilds them', async () => {
    for (const { sharpness, strength, cosines: wanted } of golden.kernel.filter((each) => each.sharpness > 0)) {
      expectClose((await cosines('kernel', { sharpness, strength })).data, wanted.flat(), 1e-5);
    }
  });

  it('rank left-out pairs as a fit without them would', async () => {
    const { source, target, groups } = prepare(train);
    for (const { sharpness, strength, out, outCosines } of golden.kernel) {
      const kernels = {
        source: await kernelOf(source, sharpness, tools.times, breathe),
        target: await kernelOf(target, sharpness, tools.times, breathe),
      };
      const [found] = await leaveOutRanks(kernels, strength, groups, [out], tools);
      expect([...found!.forward], `${sharpness}`).to.deep.equal([...ranks(csls(outCosines), out.length)]);
    }
  });

  it('give relative representations and ASIF', async () => {
    expectClose((await cosines('relative', {})).data, golden.relative.flat(), 1e-5);
    const { keep, power, cosines: wanted } = golden.asif;
    expectClose((await cosines('asif', { keep, power })).data, wanted.flat(), 1e-5);
  });

  it('add up the likenesses of ridge in both directions', async () => {
    const { source, target } = await closedForms.ridge.fit(prepare(train), {}, tools);
    const [from, to] = [applyPath(source, asMatrix(test.source)), applyPath(target, asMatrix(test.target))];
    expect([from.cols, to.cols]).to.deep.equal([11, 11]);
    const cut = (m: typeof from, start: number, width: number): Matrix => {
      const out = matrix(m.rows, width);
      for (let i = 0; i < m.rows; i++) {
        for (let j = 0; j < width; j++) out.data[i * width + j] = Math.SQRT2 * m.data[i * m.cols + start + j]!;
      }
      return out;
    };
    const there = multiply(cut(from, 0, 5), cut(to, 0, 5), 'b');
    const back = multiply(cut(from, 5, 6), cut(to, 5, 6), 'b');
    const wanted = there.data.map((value, i) => (value + back.data[i]!) / 2);
    expectClose(multiply(from, to, 'b').data, wanted, 1e-6);
  });
});

describe('kernels', () => {
  it('bend where a straight map cannot follow, and are chosen only there', async () => {
    const source = cloud('a', 330, 3, 1);
    const bent = { ...source, space: { ...source.space, id: 'b' }, data: source.data.map((v) => Math.abs(v) - 0.8) };
    const rows = (batch: Embeddings, from: number, to: number): Embeddings => ({
      ...batch,
      count: to - from,
      data: batch.data.slice(3 * from, 3 * to),
    });
    const [train, test] = [
      sampleOf(rows(source, 0, 300), rows(bent, 0, 300)),
      sampleOf(rows(source, 300, 330), rows(bent, 300, 330)),
    ];
    const pairs = prepare(train);
    const middle = async (method: ClosedMethod): Promise<number> => {
      const [setting] = await closedForms[method].settings(pairs, tools);
      const found = ranks(cosinesOf(await closedForms[method].fit(pairs, setting!, tools), test).data, 30);
      return found.toSorted()[15]!;
    };
    expect(await middle('kernel')).to.be.below(5);
    expect(await middle('csa')).to.be.above(8);
    const gaussian = await chooseKernel('gaussian', pairs, tools);
    expect(gaussian.sharpness).to.be.above(0.5);
  });

  it('choose the same by many rows of each thing as by one', async () => {
    const { normal } = random(1);
    const data = Float32Array.from({ length: 100 * 90 }, normal);
    const source = { ...cloud('a', 100, 90, 1), data };
    const target = { ...cloud('b', 100, 90, 1), data: data.map((value) => value + 2 * normal()) };
    for (const repeats of [1, 4, 450]) {
      const each = Array.from({ length: 100 * repeats }, (_, i) => Math.floor(i / repeats));
      const sample = { source: rows(source, each), target: rows(target, each), groups: Int32Array.from(each) };
      const chosen = await chooseKernel('linear', prepare(sample), tools);
      expect(chosen, `${repeats} rows`).to.deep.equal({ sharpness: 0, strength: 3 });
    }
  });

  it('learn from all pairs where these are more than points are compared with', async () => {
    const source = cloud('a', 500, 3, 1);
    const bent = { ...source, space: { ...source.space, id: 'b' }, data: source.data.map((v) => Math.abs(v) - 0.8) };
    const rows = (batch: Embeddings, from: number, to: number): Embeddings => ({
      ...batch,
      count: to - from,
      data: batch.data.slice(3 * from, 3 * to),
    });
    const part = (from: number, to: number): Sample => sampleOf(rows(source, from, to), rows(bent, from, to));
    const setting = { sharpness: 4, strength: 1 };
    const test = part(400, 500);
    const mrr = async (pairs: number, most?: number): Promise<number> => {
      const heads = await kernelCsa(prepare(part(0, pairs)), setting, tools, most);
      const found = ranks(cosinesOf(heads, test).data, 100);
      return found.reduce((sum, rank) => sum + 1 / rank / 100, 0);
    };
    const [few, all, most, some] = [await mrr(80), await mrr(400), await mrr(400, 399), await mrr(400, 80)];
    expect(all).to.be.above(few + 0.04);
    // One landmark less is as good as all; a fifth of them is nearly so.
    expect(most).to.be.closeTo(all, 0.02);
    expect(some).to.be.above((few + all) / 2);
  });

  it('keep 512 dimensions of more pairs, which tell nearly all that each pair would', async () => {
    const source = cloud('a', 600, 24, 1);
    const { normal } = random(2);
    const target = { ...source, space: { ...source.space, id: 'b' }, data: source.data.map((v) => v + 0.5 * normal()) };
    const setting = { sharpness: 1, strength: 1 };
    const sample = sampleOf(source, target);
    const pairs = prepare(sample);
    const heads = await closedForms.kernel.fit(pairs, setting, tools);
    expect(sharedDim(heads)).to.equal(512);

    const places = async (side: 'source' | 'target'): Promise<MatrixLike> => {
      const kernel = await kernelOf(pairs[side], setting.sharpness, tools.times, breathe);
      const weights = multiply(kernel.centred, await smoother(kernel, setting.strength, tools.times, breathe));
      const rows = Float32Array.from(weights.data);
      normalizeRows(rows, 600);
      return { ...weights, data: rows };
    };
    const exact = multiply(await places('source'), await places('target'), 'b');
    const found = cosinesOf(heads, sample);
    const apart = found.data.reduce((sum, cosine, i) => sum + (cosine - exact.data[i]!) ** 2, 0);
    const all = exact.data.reduce((sum, cosine) => sum + cosine ** 2, 0);
    expect(apart).to.be.below(0.01 * all);
  });
});

/** `2 cos - r - r` with the mean of all four cosines of a line, as there are fewer than ten. */
function csls(rows: number[][]): number[] {
  const mean = (line: number[]): number => line.reduce((sum, value) => sum + value, 0) / line.length;
  const columns = rows[0]!.map((_, j) => mean(rows.map((row) => row[j]!)));
  return rows.flatMap((row) => row.map((value, j) => 2 * value - mean(row) - columns[j]!));
}
