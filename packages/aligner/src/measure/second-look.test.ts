import { embeddings, normalize, random, rows, type Embeddings, type Progress } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { fit } from '../fit.ts';

/** Rows, and the same in other coordinates with noise. */
function sides(count: number, dim: number, noise: number): [Embeddings, Embeddings] {
  const { normal } = random(1);
  const data = Float32Array.from({ length: count * dim }, normal);
  const turned = Float32Array.from(data, (_, at) => data[at - (at % dim) + ((at + 3) % dim)]! + noise * normal());
  const side = (id: string, values: Float32Array<ArrayBuffer>): Embeddings =>
    normalize(embeddings({ id, dim, normalized: false }, values));
  return [side('a', data), side('b', turned)];
}

describe('the second look at the pairs', function () {
  this.timeout(60_000);

  it('fits closed forms anew to other splits, and tells how far it has come', async () => {
    const news: Progress[] = [];
    const [source, target] = sides(260, 12, 0.8);
    const { report } = await fit(source, target, { method: 'ridge', onProgress: (progress) => news.push(progress) });
    expect(report.forward!.repeated).to.deep.equal({ over: 'splits', times: 6 });
    const { points, repeats, method } = report.learningCurve!;
    expect([repeats, method]).to.deep.equal([3, 'ridge']);
    expect(points.length).to.equal(4);
    expect(points[3]!.pairs / points[0]!.pairs).to.be.closeTo(8, 0.3);
    expect(points[3]!.recallAt1).to.be.above(points[0]!.recallAt1);
    expect(report.learningCurve!.more!.pairs).to.equal(50);
    const told = news.flatMap((progress) => (progress.phase === 'report' ? progress.done : []));
    expect(told.at(-1)).to.equal(100);
    expect(told).to.deep.equal([...told].sort((a, b) => a - b));
  });

  it('has intervals over cross-validation too, neither empty nor without bounds', async () => {
    const [source, target] = sides(2060, 12, 0.9);
    const first = Array.from({ length: 60 }, (_, i) => i);
    const { report } = await fit(rows(source, first), rows(target, first), { method: 'csa' });
    expect(report.heldOutPairs).to.equal(60);
    expect(report.forward!.repeated.over).to.equal('splits');
    const { low, high } = report.forward!.interval.recallAt5;
    expect(low).to.be.below(report.forward!.recallAt5);
    expect(high - low).to.be.within(0.05, 0.6);
  });

  it('draws from the queries where held-out pairs were given, since no other split is like these', async () => {
    const [source, target] = sides(120, 8, 0.5);
    const part = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
    const heldOut = { source: rows(source, part(80, 120)), target: rows(target, part(80, 120)) };
    const learned = part(0, 80);
    const { report } = await fit(rows(source, learned), rows(target, learned), { method: 'procrustes', heldOut });
    expect(report.forward!.repeated).to.deep.equal({ over: 'queries', times: 1000 });
    expect(report.forward!.interval.recallAt1.low).to.be.below(report.forward!.recallAt1);
  });

  it('is the same for the same seed, and leaves no curve where there are hardly any pairs', async () => {
    const [source, target] = sides(60, 6, 0.4);
    const once = await fit(source, target, { method: 'csa', seed: 3 });
    const { tried: _, ...again } = (await fit(source, target, { method: 'csa', seed: 3 })).report;
    expect(once.report).to.deep.include(again);
    const few = await fit(rows(source, [0, 1, 2, 3, 4]), rows(target, [0, 1, 2, 3, 4]), { method: 'procrustes' });
    expect(few.report.learningCurve).to.equal(undefined);
    expect(few.report.verdict.level).not.to.equal('pass');
  });

  it('draws from the queries where heads were trained, and has their closed form draw the curve', async () => {
    const [source, target] = sides(240, 8, 0.5);
    const { report } = await fit(source, target, { method: 'contrastive', steps: 20, batch: 64 });
    expect(report.method).to.equal('contrastive');
    expect(report.forward!.repeated.over).to.equal('queries');
    expect(report.learningCurve!.method).to.be.oneOf(['procrustes', 'csa']);
  });

  it('ends in a verdict that fails pairs in random order', async () => {
    const [source, target] = sides(240, 10, 0.3);
    const right = await fit(source, target, { method: 'csa' });
    expect([right.report.forecast!.outlook, right.report.verdict.level]).to.deep.equal(['good', 'pass']);
    const mixed = await fit(source, rows(target, random(4).permutation(240)), { method: 'csa' });
    expect([mixed.report.forecast!.outlook, mixed.report.verdict.level]).to.deep.equal(['poor', 'fail']);
  });

  it('makes do with the fewest pairs that can be fitted', async () => {
    const [source, target] = sides(4, 3, 0.2);
    const { report } = await fit(source, target);
    expect(report.verdict.level).not.to.equal('pass');
    const { low, high } = report.forward!.interval.recallAt1;
    expect(high - low).to.be.above(0.4);
    expect(report.suspects).to.deep.equal([]);
  });

  it('stops when it is aborted', async () => {
    const controller = new AbortController();
    const [source, target] = sides(900, 128, 0.5);
    let aborted = 0;
    const running = fit(source, target, {
      method: 'csa',
      signal: controller.signal,
      onProgress: ({ phase }) => {
        if (phase !== 'report' || aborted) return;
        aborted = performance.now();
        controller.abort('enough');
      },
    });
    expect(await running.catch((reason: unknown) => reason)).to.equal('enough');
    expect(performance.now() - aborted).to.be.below(200);
  });
});
