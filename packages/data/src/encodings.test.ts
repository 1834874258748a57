import { expect } from '@open-wc/testing';
import { utf16 } from '../../../test/helpers/bytes.ts';
import { encodingsOf } from './encodings.ts';

describe('encodingsOf()', () => {
  const legacy = ['windows-1252', 'shift_jis', 'euc-jp'];

  it('is Unicode where the bytes are, with or without a mark', async () => {
    expect(await encodingsOf(new Blob(['größe']), legacy)).to.deep.equal(['utf-8']);
    expect(await encodingsOf(new Blob(['size']), legacy)).to.deep.equal(['utf-8']);
    expect(await encodingsOf(new Blob([utf16('größe', true)]), legacy)).to.deep.equal(['utf-16le']);
  });

  it('is any other that reads without a fault', async () => {
    const sushi = Uint8Array.of(0x8e, 0xf5, 0x8e, 0x69); // of Shift_JIS
    expect(await encodingsOf(new Blob(['a,', sushi, '\n']), legacy)).to.deep.equal(['windows-1252', 'shift_jis']);
    const size = Uint8Array.of(0x47, 0x72, 0xf6, 0xdf, 0x65); // of Windows-1252
    const long = new Blob(['size,'.repeat(50_000), size]);
    expect(await encodingsOf(long, legacy))
      .to.include('windows-1252')
      .and.not.include('utf-8');
  });

  it('is still Unicode where that was damaged', async () => {
    const file = new Blob(['äöüßéè', Uint8Array.of(0xff), 'ä']);
    expect(await encodingsOf(file, legacy)).to.deep.equal(['utf-8']);
  });
});
