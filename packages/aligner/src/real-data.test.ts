import type { Alignment, Embeddings } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { fixturePairs } from '../../../test/helpers/fixture-pairs.ts';
import { fit } from './fit.ts';

describe('fit on radiographs and their reports (ConVIRT)', function () {
  this.timeout(120_000);
  let image: Embeddings;
  let text: Embeddings;
  let fitted: Alignment;
  before(async function () {
    const pairs = await fixturePairs('convirt');
    if (!pairs) return this.skip();
    [image, text] = pairs;
    fitted = await fit(image, text, { method: 'csa', seed: 1 });
  });

  it('finds well over chance what it has not seen, and nothing when pairs are shuffled', () => {
    const { report } = fitted;
    expect(report.heldOutPairs).to.be.above(40);
    const found = (report.forward!.recallAt10 + report.backward!.recallAt10) / 2;
    expect(found).to.be.above(report.chance.recallAt10 + 0.15);
    expect(report.shuffled!.recallAt10).to.be.below(report.chance.recallAt10 + 0.12);
    expect(report.forward!.medianRank).to.be.below(report.chance.medianRank * 0.7);
  });

  it('leads from an image to a report nearer to the right one than to most others', () => {
    const mapped = fitted.forward(image);
    const { dim } = text.space;
    const cosine = (i: number, j: number): number => {
      let sum = 0;
      for (let k = 0; k < dim; k++) sum += mapped.data[i * dim + k]! * text.data[j * dim + k]!;
      return sum;
    };
    let nearer = 0;
    for (let i = 0; i < image.count; i++) if (cosine(i, i) > cosine(i, (i + 7) % image.count)) nearer++;
    expect(nearer / image.count).to.be.above(0.8);
  });
});
