import { rows, type Embeddings } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { fixturePairs } from '../../../../test/helpers/fixture-pairs.ts';
import { fit } from '../fit.ts';

/** Rows `from`, `from + 5`, and so on. */
function every(from: number, count: number): number[] {
  return Array.from({ length: count / 5 }, (_, i) => from + 5 * i);
}

describe('fit on few radiographs with their reports and many without (ConVIRT)', function () {
  this.timeout(60_000);

  it('tells from ten pairs and disjoint rows of both sides far more than chance', async function () {
    const pairs = await fixturePairs('convirt');
    if (!pairs) return this.skip();
    const [image, text] = pairs;
    const both = (indices: number[]): { source: Embeddings; target: Embeddings } => ({
      source: rows(image, indices),
      target: rows(text, indices),
    });
    const { count } = image;
    const known = both(every(0, count).slice(0, 10));
    const unpaired = {
      source: rows(image, [...every(1, count), ...every(2, count)]),
      target: rows(text, [...every(3, count), ...every(4, count)]),
    };
    const heldOut = both(every(0, count).slice(10));
    const options = { method: 'unpaired', unpaired, heldOut, report: 'brief' } as const;
    const { report } = await fit(known.source, known.target, options);
    expect(report.heldOutPairs).to.equal(90);
    expect((report.forward!.foscttm + report.backward!.foscttm) / 2).to.be.below(0.37);
  });
});
