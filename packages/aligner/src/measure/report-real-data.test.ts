import { normalize, random, rows, type AlignmentReport, type Embeddings } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { fixturePairs } from '../../../../test/helpers/fixture-pairs.ts';
import { fit } from '../fit.ts';

/** Pictures of a museum, each seen by either half of one encoder's numbers: pairs that are all right. */
async function museum(count: number): Promise<[Embeddings, Embeddings] | undefined> {
  const response = await fetch('/fixtures/data/met-clip-atlas/embeddings.bin');
  if (!response.ok) return undefined;
  const data = new Float32Array(await response.arrayBuffer());
  const side = (id: string, at: number): Embeddings => {
    const columns = Float32Array.from(
      { length: count * 256 },
      (_, i) => data[Math.floor(i / 256) * 512 + at + (i % 256)]!,
    );
    return normalize({ space: { id, dim: 256, normalized: true }, count, data: columns });
  };
  return [side('left', 0), side('right', 256)];
}

describe('reports on real data', function () {
  this.timeout(120_000);

  it('tell radiographs and their reports from nothing, and do not praise them', async function () {
    const pairs = await fixturePairs('convirt');
    if (!pairs) return this.skip();
    const { report } = await fit(...pairs, { method: 'csa' });
    expect(report.forecast!.outlook).to.equal('uncertain');
    expect(report.forecast!.cka.p).to.be.below(0.01);
    expect(report.verdict.level).to.equal('caution');
    expect(report.forward!.repeated).to.deep.equal({ over: 'splits', times: 6 });
    for (const { interval, recallAt10 } of [report.forward!, report.backward!]) {
      expect(interval.recallAt10.low).to.be.below(recallAt10);
      expect(interval.recallAt10.high).to.be.above(recallAt10);
    }
    const { points } = report.learningCurve!;
    expect(points.map(({ pairs: count }) => count)).to.deep.equal(
      [...points.map((p) => p.pairs)].sort((a, b) => a - b),
    );
    expect(points.at(-1)!.recallAt10).to.be.above(points[0]!.recallAt10);
    expect(JSON.parse(JSON.stringify(report)) as AlignmentReport).to.deep.equal(report);
  });

  it('fail 99 proteins and descriptions, too few to tell them from pairs in random order', async function () {
    const pairs = await fixturePairs('clasp');
    if (!pairs) return this.skip();
    const { report } = await fit(...pairs, { method: 'csa' });
    expect(report.forecast!.outlook).to.equal('poor');
    expect(report.verdict.level).to.equal('fail');
  });

  it('find most of the 5 % of pairs that were swapped, where chance would find 5 %, and hardly any others', async function () {
    const pairs = await museum(300);
    if (!pairs) return this.skip();
    const bad = [...random(2).permutation(300).subarray(0, 15)];
    const order = Array.from({ length: 300 }, (_, i) => i);
    bad.forEach((row, i) => (order[row] = bad[(i + 1) % bad.length]!));
    const { report } = await fit(pairs[0], rows(pairs[1], order), { method: 'csa' });
    const hits = report.suspects.filter(({ pair }) => bad.includes(pair)).length;
    expect(hits / bad.length, 'found').to.be.at.least(0.8);
    expect(hits / report.suspects.length, 'right among those found').to.be.at.least(0.8);
    const clean = await fit(...pairs, { method: 'csa' });
    expect(clean.report.suspects.length).to.be.at.most(3);
  });
});
