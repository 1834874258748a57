import { breather, random } from '@cognate/core';
import { startEngine } from '@cognate/nn';
import { expect } from '@open-wc/testing';
import { engineMultiply } from './accelerate.ts';
import { multiply, type MatrixLike } from './matrix.ts';

describe('engineMultiply', () => {
  before(() => startEngine());
  const times = engineMultiply(breather());
  const filled = (rows: number, cols: number, seed: number): MatrixLike => {
    const { normal } = random(seed);
    return { rows, cols, data: Float32Array.from({ length: rows * cols }, normal) };
  };

  // Above the size from which on the engine is asked, and of every remainder that rows and columns may leave.
  for (const [n, inner, m] of [
    [260, 256, 264],
    [257, 259, 262],
    [258, 1030, 257],
  ] as const) {
    it(`equals plain multiplication for [${n}, ${inner}] x [${inner}, ${m}], transposed or not`, async () => {
      for (const transpose of [undefined, 'a', 'b'] as const) {
        const a = transpose === 'a' ? filled(inner, n, 1) : filled(n, inner, 1);
        const b = transpose === 'b' ? filled(m, inner, 2) : filled(inner, m, 2);
        const [got, wanted] = [await times(a, b, transpose), multiply(a, b, transpose)];
        expect([got.rows, got.cols]).to.deep.equal([n, m]);
        expect(got.data.length).to.equal(n * m);
        const apart = got.data.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted.data[i]!)), 0);
        expect(apart, `transposed: ${transpose}`).to.be.below(1e-3);
      }
    });
  }
});
