import { type CognateError, embeddings, random, rows, type Embeddings } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { forecast } from './forecast.ts';

function gaussian(id: string, count: number, dim: number, seed: number): Embeddings {
  const { normal } = random(seed);
  return embeddings({ id, dim, normalized: false }, Float32Array.from({ length: count * dim }, normal));
}

/** Each row `times` times, each time disturbed a little. */
function repeated(points: Embeddings, times: number, seed: number): Embeddings {
  const { normal } = random(seed);
  const order = Array.from({ length: points.count * times }, (_, i) => Math.floor(i / times));
  const again = rows(points, order);
  return { ...again, data: again.data.map((value) => value + 0.1 * normal()) };
}

/** Numbers of `points` in random order of columns, some left out: a space with nothing in common but the geometry. */
function otherSpace(points: Embeddings, noise: number, seed: number): Embeddings {
  const { normal, permutation } = random(seed);
  const { dim } = points.space;
  const columns = permutation(dim).subarray(0, dim - 1);
  const data = new Float32Array(points.count * columns.length);
  for (let i = 0, at = 0; i < points.count; i++) {
    for (const column of columns) data[at++] = points.data[i * dim + column]! + noise * normal();
  }
  return embeddings({ id: 'other', dim: columns.length, normalized: false }, data);
}

describe('forecast', () => {
  it('is good where both sides share their geometry, and poor once the pairs are in random order', async () => {
    const source = gaussian('a', 120, 12, 1);
    const target = otherSpace(source, 0.3, 2);
    const found = await forecast(source, target);
    expect(found.outlook).to.equal('good');
    expect(found.pairs).to.equal(120);
    expect(found.cka.value).to.be.above(0.7);
    expect([found.cka.p, found.mutualKnn.p]).to.deep.equal([1 / 201, 1 / 201]);
    expect(found.mutualKnn.chance).to.be.closeTo(10 / 119, 0.01);
    expect(found.effectiveRank.source).to.be.within(11, 12);
    expect(found.gap).to.equal(undefined);
    const broken = await forecast(source, rows(target, random(7).permutation(120)));
    expect(broken.outlook).to.equal('poor');
    expect(broken.cka.value).to.be.closeTo(0, 0.05);
    expect(broken.reason).to.include('random order');
  });

  it('calls independent points poor about as often as it claims to', async () => {
    const outlooks: string[] = [];
    for (let seed = 0; seed < 40; seed++) {
      const found = await forecast(gaussian('a', 30, 8, 2 * seed), gaussian('b', 30, 6, 2 * seed + 1), { seed });
      outlooks.push(found.outlook);
    }
    // Two tests of 2.5 % each: 2 of 40 are to be expected, over 6 hardly ever happen.
    expect(outlooks.filter((outlook) => outlook !== 'poor').length).to.be.at.most(6);
    expect(outlooks).not.to.include('good');
  });

  it('takes one pair of each group, so that repetitions prove nothing', async () => {
    const source = repeated(gaussian('a', 40, 8, 1), 5, 2);
    const target = repeated(gaussian('b', 40, 8, 3), 5, 4);
    const groups = Array.from({ length: 200 }, (_, i) => Math.floor(i / 5));
    const grouped = await forecast(source, target, { groups });
    expect([grouped.pairs, grouped.outlook]).to.deep.equal([40, 'poor']);
    const naive = await forecast(source, target);
    expect(naive.mutualKnn.p).to.be.below(0.025);
  });

  it('gives the same numbers for the same seed, as plain data', async () => {
    const source = gaussian('a', 50, 6, 1);
    const target = otherSpace(source, 1, 2);
    const found = await forecast(source, target, { seed: 4 });
    expect(await forecast(source, target, { seed: 4 })).to.deep.equal(found);
    expect(JSON.parse(JSON.stringify(found))).to.deep.equal(found);
  });

  it('measures the gap where dimensions agree', async () => {
    const source = gaussian('a', 30, 4, 1);
    const far = { ...source, data: source.data.map((value, at) => (at % 4 === 0 ? 20 : value)) };
    expect((await forecast(source, far)).gap).to.be.closeTo(1, 0.25);
  });

  it('stops within 200 ms when it is aborted', async () => {
    const controller = new AbortController();
    const running = forecast(gaussian('a', 1000, 256, 1), gaussian('b', 1000, 256, 2), { signal: controller.signal });
    await new Promise((resolve) => setTimeout(resolve, 60));
    const start = performance.now();
    controller.abort('enough');
    expect(await running.catch((reason: unknown) => reason)).to.equal('enough');
    expect(performance.now() - start).to.be.below(200);
  });

  it('refuses sides of different counts and numbers that are none', async () => {
    const refusal = async (promise: Promise<unknown>): Promise<string> =>
      promise.then(
        () => 'none',
        (error: unknown) => (error as CognateError).code,
      );
    const [source, target] = [gaussian('a', 8, 3, 1), gaussian('b', 8, 3, 2)];
    expect(await refusal(forecast(source, gaussian('b', 7, 3, 2)))).to.equal('shape-mismatch');
    expect(await refusal(forecast(source, target, { groups: [1, 2] }))).to.equal('shape-mismatch');
    const bad = { ...target, data: target.data.map((value, at) => (at === 5 ? NaN : value)) };
    expect(await refusal(forecast(source, bad))).to.equal('invalid-input');
  });
});
