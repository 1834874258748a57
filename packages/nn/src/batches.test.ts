import { expect } from '@open-wc/testing';
import { batches } from './batches.ts';

describe('batches()', () => {
  it('hands out every item at most once an epoch, in another order each epoch', () => {
    const stream = batches(10, 3, 7);
    const epochs = [0, 1].map(() => Array.from({ length: stream.perEpoch }, () => [...stream.next()]).flat());
    for (const epoch of epochs) expect(new Set(epoch).size).to.equal(9);
    expect(epochs[0]).to.not.deep.equal(epochs[1]);
  });
  it('gives the same batches for the same seed and others for another', () => {
    const first = (seed: number): number[] => [...batches(1000, 8, seed).next()];
    expect(first(1)).to.deep.equal(first(1));
    expect(first(1)).to.not.deep.equal(first(2));
  });
  it('goes on from a saved state, in the middle of an epoch and at its end', () => {
    for (const before of [2, 3, 4]) {
      const stream = batches(10, 3, 7);
      for (let i = 0; i < before; i++) stream.next();
      const resumed = batches(10, 3, JSON.parse(JSON.stringify(stream.state)) as typeof stream.state);
      for (let i = 0; i < 7; i++) expect([...resumed.next()]).to.deep.equal([...stream.next()]);
    }
  });
  it('refuses a batch larger than the data', () => {
    expect(() => batches(3, 4, 0)).to.throw('batches() needs a size from 1 to the count of 3, got 4');
  });
});
