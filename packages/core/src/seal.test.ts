import { expect } from '@open-wc/testing';
import { readSafetensors, writeSafetensors, type FileTensor } from './safetensors.ts';
import { isWhole, sealed } from './seal.ts';

describe('sealed()', () => {
  const tensors: readonly (readonly [string, FileTensor])[] = [
    ['b', { dtype: 'F32', shape: [1], data: new Float32Array([1]) }],
    ['a', { dtype: 'U8', shape: [3], data: new Uint8Array([1, 2, 3]) }],
  ];
  const whole = writeSafetensors(tensors, sealed(tensors, { k: 'é' }));

  it('adds the CRC-32 that zlib gives', () => {
    // zlib.crc32(b'["a","U8",[3]]\1\2\3["b","F32",[1]]\0\0\x80\x3f[["k","é"]]')
    expect(sealed(tensors, { k: 'é' })).to.deep.equal({ k: 'é', crc32: '1f914851' });
  });

  it('tells a file with one wrong bit from the whole one', () => {
    expect(isWhole(readSafetensors(whole), ['k'])).to.equal(true);
    let accepted = 0;
    for (let bit = 0; bit < 8 * whole.length; bit++) {
      const bytes = whole.slice();
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      try {
        const file = readSafetensors(bytes);
        if (!isWhole(file, ['k'])) continue;
        // A space at the end may be another kind of space.
        accepted++;
        expect([...file.tensors]).to.deep.equal([...readSafetensors(whole).tensors]);
        expect(file.metadata).to.deep.equal(readSafetensors(whole).metadata);
      } catch (error) {
        expect(error).to.have.property('code', 'file-format');
      }
    }
    expect(accepted).to.be.below(8);
  });

  it('knows nothing of files from before', () => {
    const file = readSafetensors(writeSafetensors(tensors, { k: 'é' }));
    expect(isWhole(file, ['k', 'more'])).to.equal(true);
    expect(isWhole(file, ['more'])).to.equal(false);
  });
});
