import { isCognateError } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { digest, pack, unpack } from './pack.ts';

async function bytesOf(value: unknown): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Blob(pack(value)).arrayBuffer());
}

describe('pack()', () => {
  const value = {
    rows: new Float32Array([1, -0.5, NaN]),
    10: new Int32Array([7]),
    9: { list: [1, 'two', null, true, new Uint8Array(3).fill(5)], patience: Infinity, empty: {} },
    b: new Float64Array([Math.PI]).subarray(0, 1),
  };

  it('keeps plain data with typed arrays', async () => {
    expect(unpack(await bytesOf(value))).to.deep.equal(value);
    expect(unpack(await bytesOf({ left: undefined, kept: 1 }))).to.deep.equal({ kept: 1 });
  });

  it('gives equal bytes for equal data, in whatever order it was written', async () => {
    const turned = Object.fromEntries(Object.entries(value).reverse());
    expect(await digest(pack(turned))).to.equal(await digest(pack(value)));
    expect(await digest(pack({ ...value, rows: new Float32Array([1, -0.5, 0]) }))).not.to.equal(
      await digest(pack(value)),
    );
    expect(await digest(pack({ a: new Uint8Array(4) }))).not.to.equal(await digest(pack({ a: new Float32Array(1) })));
  });

  it('refuses what is no plain data', () => {
    for (const bad of [() => 1, new Date(), new Map(), { deep: [Symbol('x')] }]) {
      expect(() => pack(bad)).to.throw('pack() needs plain data');
    }
  });

  it('recognises bytes that are cut off or of another kind', async () => {
    const bytes = await bytesOf(value);
    for (const bad of [bytes.slice(0, -1), bytes.slice(0, 20), new Uint8Array(3), bytes.with(0, 255)]) {
      let error: unknown;
      try {
        unpack(bad);
      } catch (thrown) {
        error = thrown;
      }
      expect(isCognateError(error) && error.code).to.equal('file-format');
    }
  });
});
