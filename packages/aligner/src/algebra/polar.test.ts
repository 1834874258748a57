import { random } from '@cognate/core';
import { startEngine } from '@cognate/nn';
import { expect } from '@open-wc/testing';
import { matrix, multiply, type Matrix, type Multiply } from './matrix.ts';
import { polar } from './polar.ts';

const times: Multiply = async (a, b, transpose) => multiply(a, b, transpose);
const breathe = async (): Promise<void> => {};

function normalMatrix(rows: number, cols: number, seed: number): Matrix {
  const { normal } = random(seed);
  return matrix(rows, cols, Float64Array.from({ length: rows * cols }, normal));
}

/** Largest entry of `a - b`. */
function difference(a: Matrix, b: Matrix): number {
  return a.data.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b.data[i]!)), 0);
}

function identity(size: number): Matrix {
  return matrix(
    size,
    size,
    Float64Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0)),
  );
}

/** `rotation stretch`, with singular values that fall evenly in logarithm from 1 to `least`. */
function stretched(rotation: Matrix, least: number): Matrix {
  const { cols } = rotation;
  const diagonal = Float64Array.from({ length: cols }, (_, i) => least ** (i / (cols - 1)));
  const turn = rotationOf(cols);
  const left = multiply(rotation, turn);
  for (let i = 0, at = 0; i < left.rows; i++) for (let j = 0; j < cols; j++, at++) left.data[at]! *= diagonal[j]!;
  return multiply(left, turn, 'b');
}

/** A rotation: products of reflections. */
function rotationOf(size: number): Matrix {
  const { normal } = random(5);
  const out = identity(size);
  for (let round = 0; round < 8; round++) {
    const axis = Float64Array.from({ length: size }, normal);
    const square = axis.reduce((sum, value) => sum + value * value, 0);
    for (let i = 0; i < size; i++) {
      let along = 0;
      for (let j = 0; j < size; j++) along += out.data[i * size + j]! * axis[j]!;
      for (let j = 0; j < size; j++) out.data[i * size + j]! -= (2 * along * axis[j]!) / square;
    }
  }
  return out;
}

describe('polar()', function () {
  this.timeout(60_000);
  before(() => startEngine());

  it('finds the rotation in a stretched matrix, on the engine as well as outside', async () => {
    for (const [size, least, tolerance] of [
      [40, 1e-3, 1e-9],
      [300, 1e-2, 1e-5],
    ] as const) {
      const rotation = rotationOf(size);
      expect(difference(await polar(stretched(rotation, least), times, breathe), rotation)).to.be.below(tolerance);
    }
  });

  it('keeps the sign of a few directions above a spectrum that is otherwise flat', async () => {
    for (const size of [40, 300]) {
      const [rotation, turn] = [rotationOf(size), normalMatrix(size, 1, 2)];
      for (const spike of [1.1, 1.5, 30]) {
        // rotation (1 + (spike - 1) u uᵀ), with u a random direction
        const square = turn.data.reduce((sum, value) => sum + value ** 2, 0);
        const spiked = multiply(multiply(rotation, turn), turn, 'b');
        const m = matrix(
          size,
          size,
          rotation.data.map((value, i) => value + ((spike - 1) * spiked.data[i]!) / square),
        );
        expect(difference(await polar(m, times, breathe), rotation), `${size}, ${spike}`).to.be.below(1e-5);
      }
    }
  });

  it('has orthonormal rows or columns, whichever are fewer, also on the engine', async () => {
    for (const [rows, cols] of [
      [30, 20],
      [20, 30],
      [400, 260],
      [260, 400],
    ] as const) {
      const found = await polar(normalMatrix(rows, cols, 1), times, breathe);
      const gram = multiply(found, found, cols > rows ? 'b' : 'a');
      expect(difference(gram, identity(Math.min(rows, cols)))).to.be.below(1e-5);
    }
  });

  it('reaches small singular values that a guess had missed, and leaves absent ones out', async () => {
    const small = matrix(3, 3, Float64Array.of(1, 0, 0, 0, 1e-5, 0, 0, 0, 0));
    const wanted = matrix(3, 3, Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 0));
    expect(difference(await polar(small, times, breathe), wanted)).to.be.below(1e-6);
    const faint = matrix(3, 3, Float64Array.of(1, 0, 0, 0, 1e-5, 0, 0, 0, 1e-9));
    expect(difference(await polar(faint, times, breathe), wanted)).to.be.below(0.05);
  });

  it('gives the partial isometry of half a rank, also on the engine', async () => {
    for (const [size, tolerance] of [
      [40, 1e-6],
      [300, 0.03],
    ] as const) {
      const half = (seed: number): Matrix => normalMatrix(size, size / 2, seed);
      const found = await polar(multiply(half(1), half(2), 'b'), times, breathe);
      // A projection: what is kept is kept whole, and the rest is left out.
      const gram = multiply(found, found, 'b');
      expect(difference(multiply(gram, gram), gram), `${size}`).to.be.below(tolerance);
      const trace = gram.data.reduce((sum, value, at) => sum + (at % (size + 1) === 0 ? value : 0), 0);
      expect(trace, `${size}`).to.be.closeTo(size / 2, tolerance * size);
    }
  });
});
