import { isCognateError, type Embeddings } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { between } from './between.ts';

const point = (...row: number[]): Embeddings => ({
  space: { id: 'a@1', dim: row.length, normalized: true },
  count: 1,
  data: Float32Array.from(row),
});
const close = (got: Embeddings, wanted: readonly number[]): void =>
  got.data.forEach((value, i) => expect(value).to.be.closeTo(wanted[i]!, 1e-6));

describe('between()', () => {
  it('begins at one point and ends at the other', () => {
    close(between(point(1, 0, 0), point(0, 0.6, 0.8), 0), [1, 0, 0]);
    close(between(point(1, 0, 0), point(0, 0.6, 0.8), 1), [0, 0.6, 0.8]);
  });

  it('goes by equal angles along the sphere, whatever the lengths', () => {
    const third = Math.PI / 6;
    close(between(point(2, 0), point(0, 3), 1 / 3), [Math.cos(third), Math.sin(third)]);
  });

  it('stays where it is between two points that are the same', () => {
    close(between(point(0, 1), point(0, 1), 0.3), [0, 1]);
  });

  it('refuses points of two spaces', () => {
    const other = { ...point(1, 0), space: { id: 'b@1', dim: 2, normalized: true } };
    try {
      between(point(1, 0), other, 0.5);
      expect.fail('nothing was thrown');
    } catch (error) {
      expect(isCognateError(error) && error.code).to.equal('space-mismatch');
    }
  });
});
