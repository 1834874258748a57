import { breather } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { csa } from './csa.ts';
import { eigh } from '../algebra/eigh.ts';
import { matrix, multiply, type Matrix } from '../algebra/matrix.ts';
import { polar } from '../algebra/polar.ts';
import { procrustes } from './procrustes.ts';
import { ridge } from './ridge.ts';
import { slicedMultiply } from '../algebra/slices.ts';

/** From NumPy, SciPy and scikit-learn, by test/golden/aligner.py. */
interface Golden {
  readonly x: Stored;
  readonly y: Stored;
  readonly square: Stored;
  readonly ridge: {
    readonly lambdas: readonly number[];
    readonly lambda: number;
    readonly weight: number[][];
    readonly groups: readonly number[];
    readonly groupError: number;
  };
  readonly procrustes: number[][];
  readonly semiOrthogonal: number[][];
  readonly wide: { readonly m: number[][]; readonly polar: number[][] };
  readonly rankTwo: { readonly m: number[][]; readonly polar: number[][] };
  readonly csa: Readonly<Record<string, { readonly correlations: number[]; readonly bilinear: number[][] }>>;
  readonly ccaCorrelations: number[];
  readonly eigh: number[];
}
interface Stored {
  readonly rows: number;
  readonly cols: number;
  readonly data: number[];
}

const breathe = breather();
const times = slicedMultiply(breathe);

function stored({ rows, cols, data }: Stored): Matrix {
  return matrix(rows, cols, Float64Array.from(data));
}

function fromRows(rows: number[][]): Matrix {
  return matrix(rows.length, rows[0]!.length, Float64Array.from(rows.flat()));
}

function expectClose(got: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number): void {
  expect(got.length).to.equal(wanted.length);
  for (let i = 0; i < wanted.length; i++) expect(got[i], `at ${i}`).to.be.closeTo(wanted[i]!, tolerance);
}

describe('closed forms, next to NumPy, SciPy and scikit-learn', () => {
  let golden: Golden;
  let x: Matrix;
  let y: Matrix;
  before(async () => {
    golden = (await (await fetch('/test/golden/aligner.json')).json()) as Golden;
    [x, y] = [stored(golden.x), stored(golden.y)];
  });

  it('finds the eigenvalues of NumPy, and vectors that rebuild the matrix', async () => {
    const gram = multiply(x, x, 'a');
    const { values, vectors } = await eigh(gram, breathe);
    expectClose(values, golden.eigh, 1e-10);
    const scaled = matrix(
      6,
      6,
      vectors.data.map((value, i) => value * values[Math.floor(i / 6)]!),
    );
    expectClose(multiply(vectors, scaled, 'a').data, gram.data, 1e-10);
  });

  it('chooses the ridge penalty that scikit-learn chooses by leave-one-out, and fits the same weights', async () => {
    const found = await ridge(x, y, times, breathe, { lambdas: golden.ridge.lambdas });
    expect(found.lambda).to.equal(golden.ridge.lambda);
    expectClose(found.weight.data, golden.ridge.weight.flat(), 1e-8);
  });

  it('leaves groups out together, as refitting without each of them would', async () => {
    const { error } = await ridge(x, y, times, breathe, { lambdas: [1], groups: golden.ridge.groups });
    expect(error).to.be.closeTo(golden.ridge.groupError, 1e-6);
  });

  it('fits ridge the same through the other Gram matrix, when rows are fewer than dimensions', async () => {
    const [few, answers] = [matrix(4, 6, x.data.slice(0, 24)), matrix(4, 5, y.data.slice(0, 20))];
    const { weight } = await ridge(few, answers, times, breathe, { lambdas: [0.3] });
    // (xᵀx + lambda) W = xᵀy, whichever way W was found.
    const gram = multiply(few, few, 'a');
    for (let i = 0; i < 6; i++) gram.data[i * 7]! += 0.3;
    expectClose(multiply(gram, weight).data, multiply(few, answers, 'a').data, 1e-9);
  });

  it('finds the rotation of SciPy, and the polar factor where dimensions differ', async () => {
    expectClose((await procrustes(x, stored(golden.square), times, breathe)).data, golden.procrustes.flat(), 1e-6);
    expectClose((await procrustes(x, y, times, breathe)).data, golden.semiOrthogonal.flat(), 1e-6);
    expectClose((await polar(fromRows(golden.wide.m), times, breathe)).data, golden.wide.polar.flat(), 1e-6);
  });

  it('gives the partial isometry of a rank-deficient matrix', async () => {
    const { m, polar: wanted } = golden.rankTwo;
    expectClose((await polar(fromRows(m), times, breathe)).data, wanted.flat(), 1e-6);
    expect([...(await polar(matrix(2, 2), times, breathe)).data]).to.deep.equal([0, 0, 0, 0]);
  });

  it('rotates within the spans of few rows as it does without the detour', async () => {
    const [few, answers] = [matrix(4, 6, x.data.slice(0, 24)), matrix(4, 5, y.data.slice(0, 20))];
    const direct = await polar(multiply(few, answers, 'a'), times, breathe);
    expectClose((await procrustes(few, answers, times, breathe)).data, direct.data, 1e-6);
  });

  it('finds regularised canonical correlations and weights of NumPy', async () => {
    for (const [strength, { correlations, bilinear }] of Object.entries(golden.csa)) {
      const found = await csa(x, y, Number(strength), times, breathe);
      expectClose(found.correlations, correlations, 1e-9);
      // Signs of directions are free; the similarity that they define is not.
      expectClose(multiply(found.source, found.target, 'b').data, bilinear.flat(), 1e-8);
    }
  });

  it('reduces to canonical correlation analysis of scikit-learn without regularisation', async () => {
    const { correlations } = await csa(x, y, 0, times, breathe);
    expectClose(correlations, golden.ccaCorrelations, 1e-6);
  });

  it('gives the worked numbers of five rows', async () => {
    const five = unitCentred([[0, 0], [1, 0], [0, 2], [3, 1], [2, 2]]); // prettier-ignore
    const other = unitCentred([[0, 0, 1], [1, 0, 0], [0, 1, 2], [2, 1, 0], [1, 3, 1]]); // prettier-ignore
    const w = await procrustes(five, other, times, breathe);
    expectClose(w.data.slice(0, 3), [0.724439, 0.449309, -0.52279], 1e-6);
    const turned = multiply(five, w);
    const cosine = turned.data.reduce((sum, value, i) => sum + value * other.data[i]!, 0) / 5;
    expect(cosine).to.be.closeTo(0.954461, 1e-6);
  });
});

function unitCentred(rows: number[][]): Matrix {
  const out = fromRows(rows);
  for (let j = 0; j < out.cols; j++) {
    const mean = rows.reduce((sum, row) => sum + row[j]! / rows.length, 0);
    for (let i = 0; i < out.rows; i++) out.data[i * out.cols + j]! -= mean;
  }
  for (let i = 0; i < out.rows; i++) {
    const row = out.data.subarray(i * out.cols, (i + 1) * out.cols);
    const length = Math.hypot(...row);
    row.forEach((value, j) => (row[j] = value / length));
  }
  return out;
}
