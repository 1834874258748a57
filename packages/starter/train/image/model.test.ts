import { random } from '@cognate/core';
import { compile, release, startEngine, tensor, toDevice, type DeviceArray, type Tensor } from '@cognate/nn';
import { expect } from '@open-wc/testing';
import { encodeImages, initImageModel, type ImageModel } from './model.ts';

/** Small enough to compile within a second. */
const sizes = { stem: 8, fine: 8, coarse: 16, output: 12, convBlocks: 1, coarseBlocks: 1 };

async function encode(model: ImageModel<Tensor>, pixels: Float32Array<ArrayBuffer>, size: number): Promise<Tensor> {
  using run = compile<ImageModel>(encodeImages);
  const params = toDevice(model) as ImageModel<DeviceArray>;
  const count = pixels.length / (size * size * 3);
  const rows = await run(params, tensor([count, size, size, 3], pixels));
  release(params);
  return rows;
}

function noise(count: number, size: number): Float32Array<ArrayBuffer> {
  const draw = random(3);
  return Float32Array.from({ length: count * size * size * 3 }, () => draw.normal());
}

describe('encodeImages()', () => {
  before(async () => {
    await startEngine({ device: 'wasm' });
  });

  for (const size of [24, 32]) {
    it(`gives unit rows for pictures of ${size} pixels with the same weights`, async () => {
      const { shape, data } = await encode(initImageModel(1, sizes), noise(2, size), size);
      expect(shape).to.deep.equal([2, 12]);
      for (const row of [data.subarray(0, 12), data.subarray(12)]) {
        expect(Math.hypot(...row)).to.be.closeTo(1, 1e-4);
      }
    });
  }

  it('tells a picture from its mirror image', async () => {
    const size = 32;
    const picture = new Float32Array(2 * size * size * 3).fill(0.7);
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < 8; x++) {
        picture.fill(-2, (y * size + x) * 3, (y * size + x) * 3 + 3);
        picture.fill(-2, ((size + y) * size + size - 1 - x) * 3, ((size + y) * size + size - 1 - x) * 3 + 3);
      }
    }
    const { data } = await encode(initImageModel(1, sizes), picture, size);
    const [one, other] = [[...data.subarray(0, 12)], [...data.subarray(12)]];
    const cosine = one.reduce((sum, value, i) => sum + value * other[i]!, 0);
    expect(cosine).to.be.below(0.99);
  });
});
