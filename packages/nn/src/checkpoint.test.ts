import { isCognateError } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { tensor, type Tensor } from './tree.ts';

describe('readCheckpoint()', () => {
  it('refuses a wrong bit anywhere, or gives the very checkpoint', () => {
    const params = { head: [tensor([2, 2], Float32Array.of(1, 2, 3, 4)), tensor([1], Float32Array.of(5))] };
    type State = Parameters<typeof writeCheckpoint<{ head: Tensor[] }>>[0]['trainer'];
    const bytes = writeCheckpoint({ trainer: { step: 3, params } as unknown as State, notes: { seed: 1 } });
    const saved = readCheckpoint(bytes);
    expect(saved.trainer.step).to.equal(3);
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const damaged = bytes.slice();
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      try {
        expect(readCheckpoint(damaged)).to.deep.equal(saved);
      } catch (error) {
        if (!isCognateError(error)) throw error;
        expect(error.code).to.equal('file-format');
      }
    }
  });
});
