import { csls } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { chanceAt, foscttm, medianRank, mrr, ranks, recallAt } from './ranks.ts';

const scores = [0.9, 0.2, 0.1, 0.8, 0.7, 0.6, 0.3, 0.5, 0.6, 0.1, 0.5, 0.2, 0.2, 0.3, 0.4, 0.9];
const across = Array.from({ length: 16 }, (_, i) => scores[(i % 4) * 4 + (i >> 2)]!);

describe('retrieval metrics', () => {
  it('give the worked numbers, rows and columns', () => {
    const rows = ranks(scores, 4);
    expect([...rows]).to.deep.equal([1, 2, 2, 1]);
    expect(recallAt(rows, 1)).to.equal(0.5);
    expect(recallAt(rows, 2)).to.equal(1);
    expect(medianRank(rows)).to.equal(1.5);
    expect(mrr(rows)).to.equal(0.75);
    expect(foscttm(rows, 4)).to.be.closeTo(0.166667, 1e-6);
    const columns = ranks(across, 4);
    expect([...columns]).to.deep.equal([1, 1, 1, 1]);
    expect([medianRank(columns), mrr(columns), foscttm(columns, 4)]).to.deep.equal([1, 1, 0]);
  });

  it('see CSLS lift recall at 1 from a half to one', () => {
    const corrected = csls(Float32Array.from(scores), [0.85, 0.65, 0.55, 0.65], [0.8, 0.45, 0.45, 0.85]);
    expect(recallAt(ranks(corrected, 4), 1)).to.equal(1);
  });

  it('count half of the ties', () => {
    expect([...ranks([0.5, 0.5, 0.5, 0.1], 4)]).to.deep.equal([2]);
  });

  it('accept any answer of a target set, and never count the others against it', () => {
    // Candidates 1 and 3 are right for the only query; candidate 0 scores higher, candidate 2 as high.
    expect([...ranks([0.9, 0.2, 0.5, 0.5], 4, () => [1, 3])]).to.deep.equal([2.5]);
    expect([...ranks([0.1, 0.9, 0.2, 0.8], 4, () => [1, 3])]).to.deep.equal([1]);
  });

  it('know what guessing gives, by the hypergeometric distribution', () => {
    expect(chanceAt(10, 190)).to.be.closeTo(10 / 190, 1e-12);
    // 1 - C(7, 2) / C(10, 2)
    expect(chanceAt(2, 10, 3)).to.be.closeTo(1 - 21 / 45, 1e-12);
    expect(chanceAt(10, 4)).to.equal(1);
  });
});
