import {
  csls,
  embeddings,
  neighbourhood,
  normalize,
  random,
  rows,
  searchIndex,
  similarity,
  type Embeddings,
} from '@cognate/core';

import { expect } from '@open-wc/testing';
import { anchorsOf, nearest } from './nearest.ts';

const space = { id: 'shared', dim: 8, normalized: true };

function points(count: number, seed: number): Embeddings {
  const { normal } = random(seed);
  return normalize(embeddings(space, Float32Array.from({ length: count * 8 }, normal)));
}

describe('nearest()', () => {
  it('ranks as CSLS over everything does', async () => {
    const [bank, queries] = [points(150, 1), points(90, 2)];
    const all = csls(similarity(queries, bank), neighbourhood(queries, bank), neighbourhood(bank, queries));
    using index = await searchIndex(bank, { anchors: anchorsOf(queries) });
    for (const query of [0, 41, 89]) {
      const scores = all.subarray(query * 150, (query + 1) * 150);
      const found = await nearest(index, rows(queries, [query]), 5, undefined);
      const wanted = Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]!);
      expect(found.map(({ item }) => item)).to.deep.equal(wanted.slice(0, 5));
      expect(found[0]!.score).to.be.closeTo(scores[wanted[0]!]!, 1e-6);
      expect(found[0]!.trust).to.be.undefined;
    }
  });

  it('tells how far to trust answers where that was estimated, over as many as it was estimated on', async () => {
    const [bank, queries] = [points(40, 3), points(40, 4)];
    const calibration = { slope: 6, offset: -1, listed: 10, candidates: 40, queries: 40 };
    using index = await searchIndex(bank, { anchors: anchorsOf(queries) });
    const query = rows(queries, [0]);
    const few = (await nearest(index, query, 3, calibration)).map(({ trust }) => trust!);
    const many = (await nearest(index, query, 10, calibration)).map(({ trust }) => trust!);
    expect(few).to.deep.equal(many.slice(0, 3));
    expect(many.reduce((sum, each) => sum + each, 0)).to.be.lessThan(1);
    expect(few[0]).to.be.greaterThan(few[2]!);
  });
});
