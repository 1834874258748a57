import { breather, random } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { matrix, multiply, type Matrix } from '../algebra/matrix.ts';
import { slicedMultiply } from '../algebra/slices.ts';
import { coarseRidge } from './coarse-ridge.ts';
import { ridge } from './ridge.ts';

const breathe = breather();
const times = slicedMultiply(breathe);

/** Rows, and what a linear map makes of them under noise. */
function noisy(rows: number, noise: number): { x: Matrix; y: Matrix; groups: Int32Array } {
  const { normal } = random(4);
  const x = matrix(rows, 8, Float64Array.from({ length: rows * 8 }, normal));
  const y = multiply(x, matrix(8, 5, Float64Array.from({ length: 40 }, normal)));
  for (let i = 0; i < y.data.length; i++) y.data[i]! += noise * normal();
  // Rows by threes belong together.
  return { x, y, groups: Int32Array.from({ length: rows }, (_, i) => Math.floor(i / 3)) };
}

describe('coarseRidge()', () => {
  it('settles on the penalty of the finer search where both look at it', async () => {
    const { x, y, groups } = noisy(90, 25);
    const gram = multiply(x, x, 'a');
    const mean = Array.from({ length: 8 }, (_, i) => gram.data[9 * i]!).reduce((sum, value) => sum + value, 0) / 8;
    const lambdas = [1, 0.1, 0.01].map((share) => share * mean);
    const fine = await ridge(x, y, times, breathe, { lambdas, groups });
    expect(fine.lambda).to.be.above(0.05 * mean);
    const weight = await coarseRidge(x, y, groups, times, breathe);
    weight.data.forEach((value, i) => expect(value).to.be.closeTo(fine.weight.data[i]!, 1e-9));
  });

  it('is the fine search where little or nothing is to be damped, or rows are few', async () => {
    for (const { x, y, groups } of [noisy(90, 1e-6), noisy(12, 1)]) {
      const fine = await ridge(x, y, times, breathe, { groups });
      const weight = await coarseRidge(x, y, groups, times, breathe);
      expect([...weight.data]).to.deep.equal([...fine.weight.data]);
    }
  });
});
