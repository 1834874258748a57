import { expect } from '@open-wc/testing';
import { concat, embeddings, normalize, row, rows, type Space } from './embeddings.ts';
import { isCognateError } from './errors.ts';

const plane: Space = { id: 'plane@1', dim: 2, normalized: false };

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    if (isCognateError(error)) return error.code;
    throw error;
  }
  return undefined;
}

describe('embeddings()', () => {
  it('keeps the buffer and counts rows', () => {
    const data = new Float32Array([1, 2, 3, 4]);
    const batch = embeddings(plane, data);
    expect(batch.count).to.equal(2);
    expect(batch.data).to.equal(data);
  });

  it('takes zero rows', () => {
    expect(embeddings(plane, new Float32Array()).count).to.equal(0);
  });

  it('refuses half a row', () => {
    expect(codeOf(() => embeddings(plane, new Float32Array(3)))).to.equal('shape-mismatch');
  });

  it('names the row of a NaN or an infinity', () => {
    expect(() => embeddings(plane, new Float32Array([0, 0, 0, NaN]))).to.throw('NaN in row 1');
    expect(codeOf(() => embeddings(plane, new Float32Array([0, Infinity])))).to.equal('invalid-input');
  });
});

describe('rows of embeddings', () => {
  const batch = embeddings(plane, new Float32Array([3, 4, 0, 0, 0, -2]));

  it('row() is a view', () => {
    expect(row(batch, 2)).to.deep.equal(new Float32Array([0, -2]));
    expect(row(batch, 2).buffer).to.equal(batch.data.buffer);
  });

  it('rows() copies in the order asked for', () => {
    const picked = rows(batch, [2, 0, 2]);
    expect([...picked.data]).to.deep.equal([0, -2, 3, 4, 0, -2]);
    expect(picked.data.buffer).not.to.equal(batch.data.buffer);
  });

  it('normalize() leaves the original alone, gives unit rows and keeps zero rows zero', () => {
    const unit = normalize(batch);
    expect(unit.space).to.deep.equal({ ...plane, normalized: true });
    expect(unit.data[0]).to.be.closeTo(0.6, 1e-6);
    expect(unit.data[1]).to.be.closeTo(0.8, 1e-6);
    expect([...unit.data.subarray(2)]).to.deep.equal([0, 0, 0, -1]);
    expect(batch.data[0]).to.equal(3);
  });

  it('concat() joins batches of one space and refuses another', () => {
    expect([...concat([batch, rows(batch, [0])]).data]).to.deep.equal([3, 4, 0, 0, 0, -2, 3, 4]);
    const other = embeddings({ ...plane, id: 'other@1' }, new Float32Array(2));
    expect(() => concat([batch, other])).to.throw('needs points of the space plane@1 (2 numbers), got other@1');
    expect(codeOf(() => concat([batch, other]))).to.equal('space-mismatch');
  });
});
