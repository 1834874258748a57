import { random } from '@cognate/core';
import { valueAndGrad } from '@jax-js/jax';
import { expect } from '@open-wc/testing';
import { startEngine } from './engine.ts';
import { conv3x3, initConv3x3, patchify, shiftPixels } from './image-layers.ts';
import { gelu, initLayerNorm, l2Normalize, layerNorm, linearMap } from './layers.ts';
import { normal, tensor, toDevice, toHost, type DeviceArray, type MapTree, type Tensor } from './tree.ts';

const put = <T>(tree: T): MapTree<T, DeviceArray> => toDevice(tree);
const read = async (x: DeviceArray): Promise<number[]> => [...(await x.data())];
const counted = (...shape: number[]): Tensor =>
  tensor(
    shape,
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i),
  );

function directConv(x: Tensor, weight: Tensor, bias: Tensor, stride: number): number[] {
  const [n, h, w, from] = x.shape as [number, number, number, number];
  const to = bias.shape[0]!;
  const out: number[] = [];
  for (let i = 0; i < n; i++)
    for (let y = 0; y < h; y += stride)
      for (let z = 0; z < w; z += stride)
        for (let o = 0; o < to; o++) {
          let sum = bias.data[o]!;
          for (let k = 0; k < 9; k++) {
            const [row, column] = [y + Math.floor(k / 3) - 1, z + (k % 3) - 1];
            if (row < 0 || row >= h || column < 0 || column >= w) continue;
            for (let c = 0; c < from; c++) {
              sum += x.data[((i * h + row) * w + column) * from + c]! * weight.data[(k * from + c) * to + o]!;
            }
          }
          out.push(sum);
        }
  return out;
}

describe('layers', () => {
  before(() => startEngine({ device: 'wasm' }));

  for (const from of [1, 2, 7, 12]) {
    it(`map ${from} numbers linearly, and lead the gradient back`, async () => {
      const { normal: draw } = random(from);
      const numbers = (...shape: number[]): Tensor =>
        tensor(
          shape,
          Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => draw()),
        );
      const [weight, x, slope] = [numbers(from, 4), numbers(8, from), numbers(8, 4)];
      const loss = (w: DeviceArray): DeviceArray => linearMap(w, put(x)).mul(put(slope)).sum();
      const [, gradient] = valueAndGrad(loss)(put(weight));
      const [mapped, slopes] = [await read(linearMap(put(weight), put(x))), await read(gradient)];
      for (let i = 0; i < 8; i++)
        for (let j = 0; j < 4; j++) {
          let sum = 0;
          for (let k = 0; k < from; k++) sum += x.data[i * from + k]! * weight.data[k * 4 + j]!;
          expect(mapped[i * 4 + j]).to.be.closeTo(sum, 1e-5);
        }
      for (let k = 0; k < from; k++)
        for (let j = 0; j < 4; j++) {
          let sum = 0;
          for (let i = 0; i < 8; i++) sum += x.data[i * from + k]! * slope.data[i * 4 + j]!;
          expect(slopes[k * 4 + j]).to.be.closeTo(sum, 1e-5);
        }
    });
  }

  for (const stride of [1, 2] as const) {
    it(`conv3x3() equals a direct convolution, stride ${stride}`, async () => {
      const draw = random(5);
      const params = initConv3x3(draw, 3, 5);
      params.bias = normal(draw, [5], 1);
      const x = normal(draw, [2, 6, 4, 3], 1);
      const got = await toHost(conv3x3(put(params), put(x), stride));
      expect(got.shape).to.deep.equal([2, 6 / stride, 4 / stride, 5]);
      const wanted = directConv(x, params.weight, params.bias, stride);
      wanted.forEach((value, i) => expect(got.data[i]).to.be.closeTo(value, 1e-5));
    });
  }
  it('patchify() keeps each square together, rows first', async () => {
    const got = await toHost(patchify(put(counted(1, 4, 4, 1)), 2));
    expect(got.shape).to.deep.equal([1, 2, 2, 4]);
    expect([...got.data]).to.deep.equal([0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15]);
  });
  it('shiftPixels() moves one channel each way and keeps the rest', async () => {
    const dot = new Float32Array(3 * 3 * 5).fill(0);
    dot.fill(1, 4 * 5, 5 * 5); // all five channels of the middle pixel
    const got = await read(shiftPixels(put(tensor([1, 3, 3, 5], dot)), 1));
    const places = [0, 1, 2, 3, 4].map((channel) =>
      got.flatMap((v, i) => (i % 5 === channel && v ? [Math.floor(i / 5)] : [])),
    );
    expect(places).to.deep.equal([[7], [1], [5], [3], [4]]);
  });
  it('gelu() gives the exact values', async () => {
    // torch.nn.functional.gelu
    const got = await read(gelu(put(tensor([4], new Float32Array([-2, -0.5, 0.5, 3])))));
    [-0.04550026, -0.15426877, 0.34573123, 2.99595031].forEach((v, i) => expect(got[i]).to.be.closeTo(v, 1e-6));
  });
  it('layerNorm() gives zero mean and unit variance', async () => {
    const got = await read(layerNorm(put(initLayerNorm(4)), put(tensor([1, 4], new Float32Array([1, 2, 3, 6])))));
    expect(got.reduce((a, b) => a + b)).to.be.closeTo(0, 1e-5);
    expect(got.reduce((a, b) => a + b * b, 0) / 4).to.be.closeTo(1, 1e-4);
  });
  it('l2Normalize() gives unit rows and leaves a zero row', async () => {
    expect(await read(l2Normalize(put(tensor([2, 2], new Float32Array([3, 4, 0, 0])))))).to.deep.equal(
      [3 / 5, 4 / 5, 0, 0].map(Math.fround),
    );
  });
});
