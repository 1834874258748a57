import { embeddings, normalize, random, rows, type Embeddings } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { fit } from '../fit.ts';

/** Rows, and the same rows with noise in other coordinates. */
function sides(count: number, dim: number, noise: number): [Embeddings, Embeddings] {
  const { normal } = random(1);
  const data = Float32Array.from({ length: count * dim }, normal);
  const source = embeddings({ id: 'a', dim, normalized: false }, data);
  const turned = Float32Array.from(data, (_, at) => data[at - (at % dim) + ((at + 3) % dim)]! + noise * normal());
  return [source, normalize(embeddings({ id: 'b', dim, normalized: false }, turned))];
}

/** Some targets pass their place on to the next, so that each of these pairs is wrong. */
function swapped(target: Embeddings, bad: readonly number[]): Embeddings {
  const order = Array.from({ length: target.count }, (_, i) => i);
  bad.forEach((row, i) => (order[row] = bad[(i + 1) % bad.length]!));
  return rows(target, order);
}

describe('suspects of a report', function () {
  this.timeout(60_000);

  it('are the pairs that were swapped, hardly any others, and point at what they were swapped with', async () => {
    const [source, target] = sides(240, 24, 0.7);
    const bad = [...random(5).permutation(240).subarray(0, 12)];
    const { report } = await fit(source, swapped(target, bad), { method: 'procrustes' });
    const found = report.suspects.filter(({ pair }) => bad.includes(pair));
    // Chance would find 12 of 240: one in twenty.
    expect(found.length).to.be.at.least(10);
    expect(report.suspects.length - found.length).to.be.at.most(2);
    const pointing = found.filter(({ pair, nearest }) => {
      const at = bad.indexOf(pair);
      // The target that belongs to source row `pair` moved to the row before it in the ring.
      return nearest.forward === bad[(at + bad.length - 1) % bad.length];
    });
    expect(pointing.length).to.be.at.least(9);
    const deviations = report.suspects.map(({ deviation }) => deviation);
    expect(deviations).to.deep.equal([...deviations].sort((a, b) => b - a));
    expect(report.verdict.reasons.join(' ')).to.include('look mislabelled');
  });

  it('are few where all pairs are right', async () => {
    const [source, target] = sides(400, 24, 0.9);
    const { report } = await fit(source, target, { method: 'procrustes' });
    expect(report.suspects.length).to.be.at.most(6);
  });

  it('are none where there are too few pairs to tell what is usual', async () => {
    const [source, target] = sides(20, 4, 0.1);
    expect((await fit(source, target, { method: 'procrustes' })).report.suspects).to.deep.equal([]);
  });
});
