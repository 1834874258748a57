import { random } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { eigenvalues, eigh } from './eigh.ts';
import { matrix, multiply, scaleColumns, transpose, type Matrix } from './matrix.ts';

const breathe = async (): Promise<void> => {};

function normalMatrix(rows: number, cols: number, seed: number): Matrix {
  const { normal } = random(seed);
  return matrix(rows, cols, Float64Array.from({ length: rows * cols }, normal));
}

describe('eigh()', () => {
  it('decomposes what has hardly a rank, in single precision and in double, at any scale', async () => {
    for (const [size, rank] of [
      [100, 12],
      [90, 3],
      [60, 1],
      [40, 40],
      [30, 0],
    ] as const) /* prettier-ignore */ {
      for (const scale of [1e-12, 1, 1e9]) {
        for (let seed = 0; seed < 5; seed++) {
          const low = multiply(normalMatrix(size, rank, seed), normalMatrix(rank, size, seed + 9));
          const rows = matrix(size, size, Float64Array.from(low.data, (value) => scale * Math.fround(value)));
          const gram = multiply(rows, rows, 'b');
          const { values, vectors } = await eigh(gram, breathe);
          const back = multiply(scaleColumns(transpose(vectors), values), vectors);
          const error = back.data.reduce((worst, value, i) => Math.max(worst, Math.abs(value - gram.data[i]!)), 0);
          expect(error, `${size}, rank ${rank}, ${scale}`).to.be.at.most(1e-12 * values[0]!);
          const alone = await eigenvalues(gram, breathe);
          expect(Math.abs(alone[0]! - values[0]!)).to.be.at.most(1e-12 * values[0]!);
        }
      }
    }
  });
});
