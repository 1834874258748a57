import { random } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { grad, numpy as np } from '@jax-js/jax';
import { startEngine } from './engine.ts';
import { l2Normalize } from './layers.ts';
import { crossEntropy, infoNce, sigmoidLoss, type PairMasks } from './losses.ts';
import { normal, toDevice, type DeviceArray, type Tensor } from './tree.ts';

const matrix = (rows: number[][]): DeviceArray => np.array(rows);
const read = async (x: DeviceArray): Promise<number> => (await x.data())[0]!;

/** Largest difference of the gradient by the engine and by central differences. */
async function gradientError(loss: (x: DeviceArray) => DeviceArray, at: Tensor): Promise<number> {
  const gradient = await grad(loss)(toDevice<Tensor>(at)).data();
  const step = 1e-2;
  let worst = 0;
  for (let i = 0; i < at.data.length; i++) {
    const shifted = async (by: number): Promise<number> => {
      const data = at.data.slice() as Float32Array<ArrayBuffer>;
      data[i]! += by;
      return read(loss(toDevice<Tensor>({ shape: at.shape, data })));
    };
    const slope = ((await shifted(step)) - (await shifted(-step))) / (2 * step);
    worst = Math.max(worst, Math.abs(slope - gradient[i]!));
  }
  return worst;
}

describe('infoNce()', () => {
  before(() => startEngine({ device: 'wasm' }));
  const eye = (): DeviceArray => np.eye(2);
  // a = I and b = Z^T make the cosines Z.
  const loss = (scale: number, masks?: PairMasks): Promise<number> =>
    read(
      infoNce(
        eye(),
        matrix([
          [0.8, 0.4],
          [0.2, 0.6],
        ]),
        np.array(Math.log(scale)),
        masks,
      ),
    );

  it('gives the worked numbers', async () => {
    expect(await loss(10)).to.be.closeTo(0.0414259, 1e-6);
    expect(await loss(1 / 0.07)).to.be.closeTo(0.0156549, 1e-6);
  });
  it('clips the scale at 100 and lets its gradient through', async () => {
    expect(await loss(1e4)).to.equal(await loss(100));
    const byScale = grad((s: DeviceArray) =>
      infoNce(
        eye(),
        matrix([
          [0.5, 0.6],
          [0.6, 0.5],
        ]),
        s,
      ),
    );
    expect(await read(byScale(np.array(Math.log(1e4))))).to.be.greaterThan(1);
  });
  it('leaves a masked pair out of every denominator', async () => {
    const candidates = (): DeviceArray =>
      matrix([
        [1, 0],
        [1, 1],
      ]);
    const [rows, columns] = [Math.log(1 + Math.exp(4 - 6)) / 2, Math.log(1 + Math.exp(4 - 8)) / 2];
    expect(await loss(10, { candidates: candidates() })).to.be.closeTo((rows + columns) / 2, 1e-6);
  });
  it('averages over several positives and leaves out rows without any', async () => {
    const even = await read(infoNce(eye(), eye(), np.array(0), { positives: np.ones([2, 2]) }));
    expect(even).to.be.closeTo(Math.log(1 + Math.E) - 0.5, 1e-6);
    const first = await read(
      infoNce(eye(), eye(), np.array(0), {
        positives: matrix([
          [1, 0],
          [0, 0],
        ]),
      }),
    );
    expect(first).to.be.closeTo(Math.log(1 + Math.E) - 1, 1e-6);
  });
  it('has the gradient of finite differences, masks and normalisation included', async () => {
    const draw = random(3);
    const b = normal(draw, [5, 4], 1);
    const masks = (): PairMasks => ({
      positives: np.eye(5),
      candidates: np.array([1, 1, 0, 1, 1, ...Array<number>(20).fill(1)]).reshape([5, 5]),
    });
    const at = normal(draw, [5, 4], 1);
    const f = (x: DeviceArray): DeviceArray =>
      infoNce(l2Normalize(x), l2Normalize(toDevice<Tensor>(b)), np.array(1), masks());
    expect(await gradientError(f, at)).to.be.lessThan(2e-3);
  });
});

describe('sigmoidLoss()', () => {
  before(() => startEngine({ device: 'wasm' }));
  const loss = (cosines: number[][], scale: number, bias: number, masks?: PairMasks): Promise<number> => {
    const parameters = { logScale: np.array(Math.log(scale)), bias: np.array(bias) };
    // a = I and b = Z^T make the cosines Z.
    return read(sigmoidLoss(np.eye(2), np.transpose(matrix(cosines)), parameters, masks));
  };
  const cosines = [[0.8, 0.2], [0.4, 0.6]]; // prettier-ignore

  it('gives the worked numbers', async () => {
    expect(await loss(cosines, 10, -10)).to.be.closeTo(3.0739445, 1e-6);
    expect(await loss(cosines, 10, -2.71)).to.be.closeTo(0.9873217, 1e-6);
    expect(await loss([[1, 0], [0, 1]], 10, -10)).to.be.closeTo(0.6931926, 1e-6); // prettier-ignore
  });
  it('stays finite where a cell is far on the wrong side', async () => {
    expect(await loss([[-1, 1], [1, -1]], 100, 0)).to.be.closeTo(200, 1e-3); // prettier-ignore
  });
  it('leaves masked cells out', async () => {
    const softplus = (x: number): number => Math.log1p(Math.exp(x));
    const candidates = matrix([[1, 0], [1, 1]]); // prettier-ignore
    const wanted = (softplus(-7) + softplus(3) + softplus(-5)) / 2;
    expect(await loss(cosines, 10, -1, { candidates })).to.be.closeTo(wanted, 1e-6);
  });
});

describe('crossEntropy()', () => {
  before(() => startEngine({ device: 'wasm' }));
  const labels = (list: number[]): DeviceArray => np.array(new Int32Array(list));
  it('is ln(classes) for even logits, smoothed or not', async () => {
    expect(await read(crossEntropy(np.zeros([3, 4]), labels([0, 1, 3])))).to.be.closeTo(Math.log(4), 1e-6);
    expect(await read(crossEntropy(np.zeros([3, 4]), labels([0, 1, 3]), 0.3))).to.be.closeTo(Math.log(4), 1e-6);
  });
  it('gives the hand-computed value with smoothing and leaves out unlabelled rows', async () => {
    const logits = (): DeviceArray =>
      matrix([
        [2, 0, 0],
        [5, 5, 9],
      ]);
    const z = Math.log(Math.exp(2) + 2);
    const expected = 0.9 * (z - 2) + (0.1 / 3) * (z - 2 + z + z);
    expect(await read(crossEntropy(logits(), labels([0, -1]), 0.1))).to.be.closeTo(expected, 1e-5);
  });
  it('has the gradient of finite differences', async () => {
    const at = normal(random(1), [3, 4], 1);
    expect(await gradientError((x) => crossEntropy(x, labels([2, -1, 0]), 0.1), at)).to.be.lessThan(2e-3);
  });
});
