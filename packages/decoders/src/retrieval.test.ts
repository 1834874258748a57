import { expect } from '@open-wc/testing';
import { embeddings, isCognateError, normalizeRows, random, type Calibration, type Embeddings } from '@cognate/core';
import { retrieval, type RetrievalSettings } from './index.ts';

const space = { id: 'shared', dim: 2, normalized: true };
const angles = (...degrees: number[]): Embeddings =>
  embeddings(
    space,
    Float32Array.from(degrees.flatMap((d) => [Math.cos((d * Math.PI) / 180), Math.sin((d * Math.PI) / 180)])),
  );

function scatter(count: number, dim: number, seed: number): Embeddings {
  const { normal } = random(seed);
  const data = Float32Array.from({ length: count * dim }, normal);
  normalizeRows(data, dim);
  return embeddings({ ...space, dim }, data);
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isCognateError(error)) return error.code;
    throw error;
  }
  return 'no error';
}

describe('retrieval()', () => {
  const bank = angles(0, 90, 180);
  const items = ['east', 'north', 'west'];

  it('answers with the nearest items, best first', async () => {
    const decoder = retrieval({ bank, items, k: 2 });
    const [answer] = await decoder.decode(angles(80));
    expect(answer!.map(({ item, index }) => [item, index])).to.deep.equal([
      ['north', 1],
      ['east', 0],
    ]);
    expect(answer![0]!.score).to.be.greaterThan(answer![1]!.score);
    expect(answer![0]).not.to.have.property('trust');
  });

  it('scores by CSLS against the stored questions', async () => {
    const queries = angles(0, 60);
    const decoder = retrieval({ bank, items, queries });
    const [answer] = await decoder.decode(angles(30));
    const cos = (d: number): number => Math.cos((d * Math.PI) / 180);
    // 2 cos(x, y) - r(x) - r(y), with fewer than ten neighbours on either side.
    const crowdOfQuestion = (cos(30) + cos(60) + cos(150)) / 3;
    const crowdOfEast = (cos(0) + cos(60)) / 2;
    const east = answer!.find(({ item }) => item === 'east')!;
    expect(east.score).to.be.closeTo(2 * cos(30) - crowdOfQuestion - crowdOfEast, 1e-6);
  });

  it('takes from a hub what it wins unfairly', async () => {
    // The row at 45 degrees is near to every question; the one at 0 belongs to the question at 20.
    const crowded = retrieval({
      bank: angles(45, 0, 120),
      items: ['hub', 'right', 'far'],
      queries: angles(40, 42, 45, 50),
    });
    const [answer] = await crowded.decode(angles(23));
    expect(answer![0]!.item).to.equal('right');
  });

  it('answers a question alone as it does among others', async () => {
    const many = scatter(150, 8, 1);
    const settings = {
      bank: scatter(90, 8, 2),
      items: Array.from({ length: 90 }, (_, i) => i),
      queries: scatter(70, 8, 3),
    };
    const decoder = retrieval(settings);
    const all = await decoder.decode(many);
    expect(all.length).to.equal(150);
    for (const i of [0, 63, 64, 149]) {
      const alone = embeddings(many.space, many.data.slice(8 * i, 8 * i + 8));
      expect(await retrieval(settings).decode(alone)).to.deep.equal([all[i]]);
    }
  });

  it('gives all there is when more is asked for', async () => {
    const [answer] = await retrieval({ bank, items, k: 50 }).decode(angles(10));
    expect(answer!.map(({ item }) => item).sort()).to.deep.equal(['east', 'north', 'west']);
  });

  it('gives no answers to no questions', async () => {
    expect(await retrieval({ bank, items }).decode(embeddings(space, new Float32Array()))).to.deep.equal([]);
  });

  it('adds how far an answer can be trusted, the same whatever number is wanted', async () => {
    const calibration: Calibration = { slope: 5, offset: 0, listed: 3, candidates: 3, queries: 100 };
    const [short] = await retrieval({ bank, items, k: 1, calibration }).decode(angles(85));
    const [long] = await retrieval({ bank, items, k: 3, calibration }).decode(angles(85));
    expect(short![0]!.trust).to.be.within(0.5, 1);
    expect(short![0]!.trust).to.equal(long![0]!.trust);
    expect(long!.reduce((sum, { trust }) => sum + trust!, 0)).to.be.at.most(1);
  });

  it('refuses settings that cannot work', () => {
    const broken = (change: Partial<RetrievalSettings<string>>): string =>
      codeOf(() => retrieval({ bank, items, ...change }));
    expect(broken({ bank: embeddings(space, new Float32Array()), items: [] })).to.equal('invalid-input');
    expect(broken({ items: ['east'] })).to.equal('shape-mismatch');
    expect(broken({ k: 0 })).to.equal('invalid-input');
    expect(broken({ queries: scatter(3, 8, 1) })).to.equal('space-mismatch');
  });

  it('refuses points of another space', async () => {
    const error: unknown = await retrieval({ bank, items })
      .decode(scatter(1, 8, 1))
      .catch((e: unknown) => e);
    expect(isCognateError(error) && error.code).to.equal('space-mismatch');
  });

  it('stops soon when aborted, and answers afterwards', async () => {
    const controller = new AbortController();
    const reason = new Error('not needed any more');
    const decoder = retrieval({ bank: scatter(900, 8, 2), items: Array.from({ length: 900 }, (_, i) => i) });
    let done = 0;
    const error: unknown = await decoder
      .decode(scatter(20_000, 8, 1), {
        signal: controller.signal,
        onProgress: (progress) => {
          done = progress.done;
          setTimeout(() => controller.abort(reason));
        },
      })
      .then(
        () => 'no error',
        (e: unknown) => e,
      );
    expect(error).to.equal(reason);
    expect(done).to.be.lessThan(20_000);
    expect((await decoder.decode(scatter(2, 8, 1))).length).to.equal(2);
  });

  it('can be released twice, and says so when used afterwards', async () => {
    const decoder = retrieval({ bank, items });
    await decoder[Symbol.asyncDispose]();
    await decoder[Symbol.asyncDispose]();
    const error: unknown = await decoder.decode(angles(1)).catch((e: unknown) => e);
    expect(isCognateError(error) && error.code).to.equal('disposed');
  });
});
