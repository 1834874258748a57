import { expect } from '@open-wc/testing';
import { random } from '../random.ts';
import { dotKernel } from './dot-kernel.ts';

describe('dotKernel()', () => {
  for (const stride of [16, 48, 512, 1040]) {
    it(`multiplies bytes and words as a plain loop does, ${stride} a row`, async () => {
      const memory = new WebAssembly.Memory({ initial: 2 });
      const kernel = (await dotKernel(stride, memory))!;
      const height = 8;
      const vectorsAt = height * stride;
      const outAt = vectorsAt + 4 * stride * 2;
      const rows = new Int8Array(memory.buffer, 0, height * stride);
      const vectors = new Int16Array(memory.buffer, vectorsAt, 4 * stride);
      const { below } = random(stride);
      const level = Math.min(32767, Math.floor((2 ** 31 - 1) / (127 * stride)));
      for (let i = 0; i < rows.length; i++) rows[i] = below(255) - 127;
      for (let i = 0; i < vectors.length; i++) vectors[i] = below(2 * level + 1) - level;
      // As large as sums can get.
      rows.fill(-127, stride, 2 * stride);
      vectors.fill(level, stride, 2 * stride);

      const dot = (j: number, v: number): number =>
        rows.subarray(j * stride, (j + 1) * stride).reduce((sum, y, i) => sum + y * vectors[v * stride + i]!, 0);
      const out = new Int32Array(memory.buffer, outAt, 4 * height);
      kernel.four(0, vectorsAt, vectorsAt, outAt);
      expect([...out]).to.deep.equal(Array.from({ length: 32 }, (_, at) => dot(at >> 2, at % 4)));
      kernel.one(4 * stride, vectorsAt, vectorsAt + 2 * stride, outAt);
      expect([...out.subarray(0, 4)]).to.deep.equal([4, 5, 6, 7].map((j) => dot(j, 1)));
    });
  }
});
