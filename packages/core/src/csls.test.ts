import { expect } from '@open-wc/testing';
import { csls, neighbourhood } from './csls.ts';
import { embeddings, type Space } from './embeddings.ts';
import { topK } from './similarity.ts';

/** Four queries, four targets, the truth on the diagonal: target 0 and 3 are hubs. */
const cosines = [
  [0.9, 0.2, 0.1, 0.8],
  [0.7, 0.6, 0.3, 0.5],
  [0.6, 0.1, 0.5, 0.2],
  [0.2, 0.3, 0.4, 0.9],
];
/** Mean of the two largest cosines of each row and column. */
const queryCrowding = [0.85, 0.65, 0.55, 0.65];
const bankCrowding = [0.8, 0.45, 0.45, 0.85];

describe('csls()', () => {
  it('gives the worked diagonal of Conneau et al., equation 3', () => {
    const scores = csls(Float32Array.from(cosines.flat()), queryCrowding, bankCrowding);
    const diagonal = [0, 1, 2, 3].map((i) => scores[i * 5]!);
    [0.15, 0.1, 0, 0.3].forEach((expected, i) => expect(diagonal[i]).to.be.closeTo(expected, 1e-6));
  });

  it('takes from the hubs what nearest neighbours gave them', () => {
    const best = (scores: Float32Array): number[] =>
      [0, 1, 2, 3].map((i) => topK(scores.subarray(i * 4, i * 4 + 4), 1)[0]!);
    const scores = Float32Array.from(cosines.flat());
    expect(best(scores)).to.deep.equal([0, 0, 0, 3]);
    expect(best(csls(scores, queryCrowding, bankCrowding))).to.deep.equal([0, 1, 2, 3]);
  });

  it('overwrites and returns what it got', () => {
    const scores = new Float32Array([1]);
    expect(csls(scores, [0.5], [0.25])).to.equal(scores);
    expect(scores[0]).to.equal(1.25);
  });
});

describe('neighbourhood()', () => {
  /** With the unit basis as the bank, a row's cosines are the row itself. */
  const space: Space = { id: 'basis@1', dim: 4, normalized: true };
  const basis = embeddings(space, Float32Array.from([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]));

  it('is the mean of the k nearest cosines', () => {
    const found = neighbourhood(embeddings(space, Float32Array.from(cosines.flat())), basis, 2);
    queryCrowding.forEach((expected, i) => expect(found[i]).to.be.closeTo(expected, 1e-6));
  });

  it('takes the whole bank when it holds fewer than k', () => {
    const found = neighbourhood(embeddings(space, Float32Array.from(cosines[0]!)), basis, 10);
    expect(found[0]).to.be.closeTo(0.5, 1e-6);
  });
});
