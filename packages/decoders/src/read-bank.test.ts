import { expect } from '@open-wc/testing';
import { isCognateError, toHalf, writeSafetensors } from '@cognate/core';
import { readBank } from './index.ts';

const space = { id: 'toy@1', dim: 2, normalized: true };
const good = { space: JSON.stringify(space), items: JSON.stringify(['1F600', '1F601']) };

function file(values: readonly number[], shape: readonly number[], metadata: Record<string, string>): Uint8Array {
  const data = toHalf(Float32Array.from(values));
  return writeSafetensors([['rows', { dtype: 'F16', shape, data }]], metadata);
}

function refusal(bytes: Uint8Array): string {
  try {
    readBank(bytes);
  } catch (error) {
    if (isCognateError(error) && error.code === 'file-format') return error.message;
    throw error;
  }
  throw new Error('expected a refusal');
}

describe('readBank()', () => {
  it('reads rows, their space and what they stand for', () => {
    const { rows, items } = readBank(file([1, 0, 0.5, -0.25], [2, 2], good));
    expect(rows.space).to.deep.equal(space);
    expect([rows.count, [...rows.data]]).to.deep.equal([2, [1, 0, 0.5, -0.25]]);
    expect(items).to.deep.equal(['1F600', '1F601']);
  });

  it('refuses a file that is cut off', () => {
    refusal(file([1, 0, 0, 1], [2, 2], good).slice(0, -3));
  });

  it('refuses a file that does not say what it holds', () => {
    expect(refusal(file([1, 0, 0, 1], [2, 2], { space: good.space }))).to.include('items');
    expect(refusal(file([1, 0, 0, 1], [2, 2], { items: good.items }))).to.include('space');
    expect(refusal(file([1, 0, 0, 1], [2, 2], { ...good, space: '{"id":"toy@1"}' }))).to.include('space');
    expect(refusal(file([1, 0, 0, 1], [2, 2], { ...good, items: '[1, 2]' }))).to.include('items');
  });

  it('refuses another number of rows than of items', () => {
    expect(refusal(file([1, 0], [1, 2], good))).to.include('rows');
  });

  it('refuses rows that hold no numbers', () => {
    expect(refusal(file([1, 0, NaN, 1], [2, 2], good))).to.include('finite');
  });
});
