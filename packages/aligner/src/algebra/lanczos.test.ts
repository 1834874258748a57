import { random } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { eigh } from './eigh.ts';
import { extremeEigenvalues } from './lanczos.ts';
import { matrix, multiply } from './matrix.ts';

describe('extremeEigenvalues()', () => {
  it('finds both ends from as many rounds as there are rows, and stays inside of them before', async () => {
    const { normal } = random(3);
    const values = matrix(30, 30, Float64Array.from({ length: 900 }, normal));
    const m = multiply(values, values, 'a');
    const { values: all } = await eigh(m, async () => {});
    const [least, largest] = [Math.min(...all), Math.max(...all)];
    const whole = extremeEigenvalues(m, 30);
    expect(whole.largest).to.be.closeTo(largest, 1e-6 * largest);
    expect(whole.least).to.be.closeTo(least, 1e-6 * largest);
    let before = 0;
    for (const rounds of [2, 5, 10, 20]) {
      const found = extremeEigenvalues(m, rounds);
      expect(found.largest, `${rounds} rounds`).to.be.within(before, largest * (1 + 1e-12));
      expect(found.least, `${rounds} rounds`).to.be.at.least(least - 1e-9);
      before = found.largest;
    }
    expect(before).to.be.above(0.99 * largest);
  });

  it('is content with a spectrum of one value, of none, and of either sign', () => {
    const eye = matrix(6, 6);
    for (let i = 0; i < 6; i++) eye.data[i * 7] = 3;
    const same = extremeEigenvalues(eye, 20);
    expect(same.least).to.be.closeTo(3, 1e-12);
    expect(same.largest).to.be.closeTo(3, 1e-12);
    expect(extremeEigenvalues(matrix(6, 6), 20).largest).to.equal(0);
    const { least, largest } = extremeEigenvalues(matrix(2, 2, Float64Array.of(-4, 0, 0, 1)), 20);
    expect([least, largest].map((value) => Number(value.toFixed(9)))).to.deep.equal([-4, 1]);
  });
});
