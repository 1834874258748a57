import { breather, random } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { matrix, multiply, type Matrix } from './matrix.ts';
import { slicedMultiply } from './slices.ts';

function filled(rows: number, cols: number, seed: number): Matrix {
  const { normal } = random(seed);
  return matrix(rows, cols, Float64Array.from({ length: rows * cols }, normal));
}

/** The definition. */
function product(a: Matrix, b: Matrix): number[] {
  const out: number[] = [];
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.cols; j++) {
      let sum = 0;
      for (let k = 0; k < a.cols; k++) sum += a.data[i * a.cols + k]! * b.data[k * b.cols + j]!;
      out.push(sum);
    }
  }
  return out;
}

function turned(a: Matrix): Matrix {
  const out = matrix(a.cols, a.rows);
  for (let i = 0; i < a.rows; i++) for (let j = 0; j < a.cols; j++) out.data[j * a.rows + i] = a.data[i * a.cols + j]!;
  return out;
}

describe('multiply', () => {
  for (const [n, k, m] of [
    [1, 1, 1],
    [3, 5, 2],
    [4, 4, 4],
    [7, 300, 9],
    [65, 63, 64],
  ] as const)
    // prettier-ignore
    it(`equals the definition for [${n}, ${k}] x [${k}, ${m}], transposed or not`, () => {
      const [a, b] = [filled(n, k, 1), filled(k, m, 2)];
      const wanted = product(a, b);
      for (const got of [multiply(a, b), multiply(turned(a), b, 'a'), multiply(a, turned(b), 'b')]) {
        expect([got.rows, got.cols]).to.deep.equal([n, m]);
        wanted.forEach((value, i) => expect(got.data[i]).to.be.closeTo(value, 1e-10));
      }
    });

  it('gives the same in slices', async () => {
    const [a, b] = [filled(50, 40, 1), filled(50, 30, 2)];
    const sliced = slicedMultiply(breather(), 4e4);
    const sum = await sliced(a, b, 'a');
    multiply(a, b, 'a').data.forEach((value, i) => expect(sum.data[i]).to.be.closeTo(value, 1e-10));
    const rows = await sliced(a, filled(40, 30, 3));
    expect([...rows.data]).to.deep.equal([...multiply(a, filled(40, 30, 3)).data]);
  });

  it('says which shapes do not fit', () => {
    expect(() => multiply(filled(2, 3, 1), filled(2, 3, 1))).to.throw('[2, 3] x [2, 3]');
  });
});
