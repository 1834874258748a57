import { rows, type Embeddings } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { fit } from '../fit.ts';

/** `[2, count, dim]` float32: row i of the first half belongs to row i of the second. */
async function loadPairs(url: string): Promise<[Embeddings, Embeddings] | undefined> {
  const response = await fetch(url);
  if (!response.ok) return undefined;
  const bytes = await response.arrayBuffer();
  const start = 10 + new DataView(bytes).getUint16(8, true);
  const header = new TextDecoder().decode(bytes.slice(10, start));
  const [count, dim] = /\(2, (\d+), (\d+)/.exec(header)!.slice(1).map(Number) as [number, number];
  const side = (id: string, at: number): Embeddings => {
    const from = start + 4 * at * count * dim;
    const data = new Float32Array(bytes.slice(from, from + 4 * count * dim));
    return { space: { id, dim, normalized: true }, count, data };
  };
  return [side('image', 0), side('text', 1)];
}

/** Rows `from`, `from + 5`, and so on. */
function every(from: number, count: number): number[] {
  return Array.from({ length: count / 5 }, (_, i) => from + 5 * i);
}

describe('fit on few radiographs with their reports and many without (ConVIRT)', function () {
  this.timeout(60_000);

  it('tells from ten pairs and disjoint rows of both sides far more than chance', async function () {
    const pairs = await loadPairs('/fixtures/data/modality-gap/features_convirt.npy');
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
