import { breather, random } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { leadingDirections, straightened } from './leading-directions.ts';
import { frobenius, matrix, multiply, type Matrix } from './matrix.ts';
import { slicedMultiply } from './slices.ts';
import { spectrum } from './spectrum.ts';

const breathe = breather();
const times = slicedMultiply(breathe);

/** Rows whose variance falls off from column to column. */
function rowsOf(count: number, dim: number, rank = dim): Matrix {
  const { normal } = random(1);
  const data = Float64Array.from({ length: count * dim }, (_, at) => {
    const value = normal();
    return at % dim < rank ? value / (1 + (at % dim) / 4) : 0;
  });
  return matrix(count, dim, data);
}

function variance(x: Matrix, directions: Matrix): number {
  return multiply(x, directions).data.reduce((sum, value) => sum + value * value, 0);
}

describe('leadingDirections', () => {
  it('are orthonormal, and hold all but a hundredth of the variance that the best ones do', async () => {
    const x = rowsOf(120, 60);
    const found = await leadingDirections(x, 12, times, breathe);
    expect([found.rows, found.cols]).to.deep.equal([60, 12]);
    const gram = multiply(found, found, 'a');
    for (let i = 0; i < 12; i++) {
      for (let j = 0; j < 12; j++) expect(gram.data[i * 12 + j]).to.be.closeTo(i === j ? 1 : 0, 1e-8);
    }
    const { values } = await spectrum(x, times, breathe);
    const best = values.subarray(0, 12).reduce((sum, value) => sum + value, 0);
    expect(variance(x, found) / best).to.be.within(0.99, 1 + 1e-9);
  });

  it('come strongest first', async () => {
    const x = rowsOf(120, 60);
    const along = multiply(x, await leadingDirections(x, 8, times, breathe));
    const sums = Array.from({ length: 8 }, (_, j) => {
      let sum = 0;
      for (let i = 0; i < along.rows; i++) sum += along.data[i * 8 + j]! ** 2;
      return sum;
    });
    expect(sums).to.deep.equal([...sums].sort((a, b) => b - a));
  });

  it('are no more than there is to find', async () => {
    const x = rowsOf(40, 20, 3);
    const found = await leadingDirections(x, 10, times, breathe);
    const all = x.data.reduce((sum, value) => sum + value * value, 0);
    expect(variance(x, found) / all).to.be.closeTo(1, 1e-6);
    expect(found.data.every(Number.isFinite)).to.equal(true);
  });
});

describe('straightened', () => {
  it('makes columns orthonormal that span the same', async () => {
    const x = rowsOf(60, 8);
    const found = await straightened(x, times, breathe);
    const gram = multiply(found, found, 'a');
    for (let i = 0; i < 8; i++) {
      for (let j = 0; j < 8; j++) expect(gram.data[i * 8 + j]).to.be.closeTo(i === j ? 1 : 0, 1e-3);
    }
    const missed = multiply(found, multiply(found, x, 'a')).data.map((value, at) => value - x.data[at]!);
    expect(frobenius(matrix(60, 8, missed)) / frobenius(x)).to.be.below(1e-3);
  });

  it('keeps those faint that the others span already', async () => {
    const x = rowsOf(60, 8, 3);
    const found = await straightened(x, times, breathe);
    expect(found.data.every(Number.isFinite)).to.equal(true);
    const lengths = multiply(found, found, 'a').data.filter((_, at) => at % 9 === 0);
    lengths.forEach((length, i) => expect(length).to.be.closeTo(i < 3 ? 1 : 0, 1e-3));
  });
});
