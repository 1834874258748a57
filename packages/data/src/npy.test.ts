import { expect } from '@open-wc/testing';
import { fromBase64 } from '../../../test/helpers/bytes.ts';
import { failure as failureOf } from '../../../test/helpers/failure.ts';
import { readNpy, writeNpy } from './npy.ts';

interface Golden {
  readonly npy: readonly { name: string; file: string; shape: readonly number[]; values: readonly number[] }[];
  readonly objects: string;
  readonly records: string;
  readonly complex: string;
}

const failure = (bytes: Uint8Array<ArrayBuffer>): Promise<string> => failureOf(() => readNpy(bytes));

describe('readNpy()', () => {
  let golden: Golden;
  before(async () => {
    golden = (await (await fetch('/test/golden/data.json')).json()) as Golden;
  });
  const file = (name: string): Uint8Array<ArrayBuffer> =>
    fromBase64(golden.npy.find((each) => each.name === name)!.file);

  it('reads what NumPy wrote, of every type, byte order, axis order and version', async () => {
    expect(golden.npy.length).to.equal(29);
    for (const { name, file, shape, values } of golden.npy) {
      const read = await readNpy(new Blob([fromBase64(file)]));
      expect(read.shape, name).to.deep.equal(shape);
      expect(Array.from(read.data), name).to.deep.equal(values.map(Number));
    }
  });

  it('gives numbers a buffer of their own', async () => {
    const { data } = await readNpy(file('<f4'));
    expect([data.byteOffset, data.buffer.byteLength]).to.deep.equal([0, 96]);
  });

  it('rejects what is no file of numbers, saying what it is', async () => {
    expect(await failure(fromBase64(golden.objects))).to.match(/^file-format: .*Python objects/);
    expect(await failure(fromBase64(golden.records))).to.match(/^file-format: .*records \[/);
    expect(await failure(fromBase64(golden.complex))).to.match(/^file-format: .*<c8/);
    expect(await failure(new TextEncoder().encode('a,b\n1,2\n'))).to.match(/^file-format: .*begins with/);
    expect(await failure(new Uint8Array())).to.match(/^file-format: /);
  });

  it('rejects a file that is cut short at any byte', async () => {
    const whole = file('<f4');
    for (const length of [6, 9, 11, 40, 127, 128, 200, whole.length - 1]) {
      expect(await failure(whole.slice(0, length)), String(length)).to.match(/^file-format: /);
    }
  });

  it('rejects a version to come', async () => {
    const bytes = file('<f4');
    bytes[6] = 4;
    expect(await failure(bytes)).to.match(/^file-format: .*format 1 to 3, got 4/);
  });

  it('rejects a shape of anything but whole numbers', async () => {
    for (const shape of [`(0, ${'9'.repeat(400)})`, '(4 3)', '(0, 99999999999999999999)']) {
      const text = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`;
      const head = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, text.length & 255, text.length >> 8];
      const bytes = new Uint8Array([...head, ...new TextEncoder().encode(text), ...new Uint8Array(48)]);
      expect(await failure(bytes), shape).to.match(/^file-format: .*whole numbers as its shape/);
    }
  });

  it('rejects with the reason of an abort', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    expect(await readNpy(file('>f8'), { signal }).catch((error: Error) => error.message)).to.equal('enough');
  });
});

describe('writeNpy()', () => {
  it('writes the bytes that NumPy writes, whatever the count of rows', async () => {
    for (const count of [0, 1, 9, 10, 12_345]) {
      const data = Float32Array.from({ length: 3 * count }, (_, i) => i / 7);
      const bytes = writeNpy({ space: { dim: 3 }, count, data });
      expect((bytes.length - data.byteLength) % 64).to.equal(0);
      const read = await readNpy(bytes);
      expect(read.shape).to.deep.equal([count, 3]);
      expect(read.data).to.deep.equal(data);
    }
  });

  it('rejects rows that are not of the shape', () => {
    expect(() => writeNpy({ space: { dim: 2 }, count: 2, data: new Float32Array(3) })).to.throw('2 rows of 2 numbers');
  });
});
