import { expect } from '@open-wc/testing';
import { isCognateError } from './errors.ts';
import { floats, fromHalf, readSafetensors, toHalf, writeSafetensors } from './safetensors.ts';

/** A file with this header and so many zero bytes of data. */
function file(header: unknown, dataBytes: number, claimed?: bigint): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, claimed ?? BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

function refusal(bytes: Uint8Array): string {
  try {
    readSafetensors(bytes);
  } catch (error) {
    if (isCognateError(error) && error.code === 'file-format') return error.message;
    throw error;
  }
  return 'accepted';
}

const entry = (from: number, to: number, shape = [(to - from) / 4], dtype = 'F32'): object => ({
  dtype,
  shape,
  data_offsets: [from, to],
});

describe('safetensors', () => {
  const bytes = writeSafetensors(
    [
      ['bytes', { dtype: 'I8', shape: [3], data: new Int8Array([-128, 0, 127]) }],
      ['halves', { dtype: 'F16', shape: [2, 1], data: toHalf(new Float32Array([0.5, -2])) }],
      ['rows', { dtype: 'F32', shape: [2, 2], data: new Float32Array([1, 2, 3, 4.5]) }],
      ['ids', { dtype: 'I64', shape: [1], data: new BigInt64Array([-(2n ** 40n)]) }],
      ['none', { dtype: 'F32', shape: [0, 5], data: new Float32Array(0) }],
    ],
    { space: 'é' },
  );

  it('reads what it wrote, from any offset of a buffer', () => {
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    const read = readSafetensors(shifted.subarray(3));
    const { tensors, metadata } = read;
    expect(metadata).to.deep.equal({ space: 'é' });
    expect([...tensors.get('bytes')!.data]).to.deep.equal([-128, 0, 127]);
    expect(tensors.get('rows')).to.deep.equal({ dtype: 'F32', shape: [2, 2], data: new Float32Array([1, 2, 3, 4.5]) });
    expect(tensors.get('ids')!.data[0]).to.equal(-(2n ** 40n));
    expect(tensors.get('none')!.shape).to.deep.equal([0, 5]);
    expect([...floats(read, 'halves', [2, 1])]).to.deep.equal([0.5, -2]);
  });
  it('says what is missing or of another shape', () => {
    const read = readSafetensors(bytes);
    expect(() => floats(read, 'rows', [4])).to.throw('readSafetensors() needs rows of shape [4], got [2, 2]');
    expect(() => floats(read, 'columns')).to.throw('needs an array named columns');
    expect(() => floats(read, 'bytes')).to.throw('needs bytes as F32, F16, BF16 or F64, got I8');
  });
  it('refuses data that do not fill their shape', () => {
    const wrong = { dtype: 'F32' as const, shape: [3], data: new Float32Array(2) };
    expect(() => writeSafetensors([['x', wrong]])).to.throw('needs 3 numbers for x');
  });
  it('refuses a file truncated anywhere', () => {
    for (let length = 0; length < bytes.length; length++)
      expect(refusal(bytes.slice(0, length))).to.not.equal('accepted');
  });
  it('refuses headers that are too long, no JSON or no object', () => {
    expect(refusal(file({}, 0, 2n ** 60n))).to.contain('a header of at most');
    expect(refusal(file('{"a":', 0))).to.contain('a JSON header');
    expect(refusal(file('[]', 0))).to.contain('a JSON object');
    expect(refusal(file({ __metadata__: { a: 1 } }, 0))).to.contain('metadata of texts');
  });
  it('reads F64 and BF16 as single precision', () => {
    const read = readSafetensors(
      writeSafetensors([
        ['brain', { dtype: 'BF16', shape: [4], data: Uint16Array.of(0x3f80, 0xc049, 0x0001, 0xff80) }],
        ['wide', { dtype: 'F64', shape: [2], data: Float64Array.of(0.1, -1e300) }],
      ]),
    );
    expect([...floats(read, 'wide', [2])]).to.deep.equal([Math.fround(0.1), -Infinity]);
    expect([...floats(read, 'brain')]).to.deep.equal([1, -3.140625, 2 ** -133, -Infinity]);
  });
  it('passes over arrays of other types until they are asked for', () => {
    const read = readSafetensors(
      file({ rows: entry(0, 8, [1, 2]), mask: entry(8, 10, [2], 'BOOL'), ids: entry(10, 14, [1], 'constructor') }, 14),
    );
    expect([...floats(read, 'rows')]).to.deep.equal([0, 0]);
    expect([...read.others]).to.deep.equal([
      ['mask', { dtype: 'BOOL', shape: [2] }],
      ['ids', { dtype: 'constructor', shape: [1] }],
    ]);
    expect(() => floats(read, 'mask')).to.throw('needs mask as F32, F16, BF16 or F64, got BOOL');
    expect(() => floats(read, 'none')).to.throw('needs an array named none, got rows, mask, ids');
    expect(refusal(file({ a: entry(0, 8), b: entry(4, 8, [4], 'U8x') }, 8))).to.contain('b starts at 4');
  });
  it('refuses a header that names something twice', () => {
    const once = '"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}';
    expect(refusal(file(`{${once}}`, 4))).to.equal('accepted');
    expect(refusal(file(`{${once},${once.replace('F32', 'I32')}}`, 4))).to.contain('got "a" twice');
    expect(refusal(file(`{${once},${once.replace('a', '\\u0061')}}`, 4))).to.contain('got "a" twice');
    expect(refusal(file(`{${once.replace('"shape"', '"shape":[4], "shape"')}}`, 4))).to.contain('got "shape" twice');
    expect(refusal(file({ __metadata__: { a: '"x": {"a": "a:' }, a: entry(0, 4) }, 4))).to.equal('accepted');
  });
  it('refuses what is nested too deeply to be told', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(refusal(file(`{"a":{"dtype":${deep},"shape":[1],"data_offsets":[0,4]}}`, 4))).to.contain('type of a, got');
    expect(refusal(file(`{"a":{"dtype":"F32","shape":${deep},"data_offsets":[0,4]}}`, 4))).to.contain('shape of a');
  });
  it('writes an array of any name, but of each name one', () => {
    const one = { dtype: 'F32' as const, shape: [1], data: new Float32Array(1) };
    expect([...readSafetensors(writeSafetensors([['__proto__', one]])).tensors.keys()]).to.deep.equal(['__proto__']);
    expect(() => writeSafetensors([['a', one], ['a', one]])).to.throw('got a twice'); // prettier-ignore
  });
  it('refuses types that are no text, bad shapes and offsets that do not fit', () => {
    expect(refusal(file({ a: { ...entry(0, 4), dtype: 7 } }, 4))).to.contain('a text as the type of a, got 7');
    expect(refusal(file({ a: entry(0, 4, [-1]) }, 4))).to.contain('whole numbers');
    expect(refusal(file({ a: entry(0, 4, [1.5]) }, 4))).to.contain('whole numbers');
    expect(refusal(file({ a: entry(4, 0, [1]) }, 4))).to.contain('two rising offsets');
    expect(refusal(file({ a: entry(0, 8, [1]) }, 8))).to.contain('4 bytes for a');
    expect(refusal(file({ a: null }, 0))).to.contain('a text as the type of a');
  });
  it('refuses arrays that overlap, leave gaps or leave bytes over', () => {
    expect(refusal(file({ a: entry(0, 8), b: entry(4, 12) }, 12))).to.contain('b starts at 4');
    expect(refusal(file({ a: entry(0, 4), b: entry(8, 12) }, 12))).to.contain('b starts at 8');
    expect(refusal(file({ a: entry(0, 4) }, 8))).to.contain('bytes in all');
    expect(refusal(file({ a: entry(0, 4) }, 4))).to.equal('accepted');
  });
});

describe('half precision', () => {
  it('widens and rounds back every finite number unchanged', () => {
    const all = Uint16Array.from({ length: 65536 }, (_, i) => i).filter((bits) => (bits & 0x7c00) !== 0x7c00);
    expect(toHalf(fromHalf(all))).to.deep.equal(all);
  });
  it('rounds to nearest, ties to even, and overflows to infinity', () => {
    const rounded = fromHalf(
      toHalf(new Float32Array([1 + 1 / 2048, 1 + 3 / 2048, 65519, 65520, -1e9, 2 ** -25, 2 ** -24 * 1.5])),
    );
    expect([...rounded]).to.deep.equal([1, 1 + 4 / 2048, 65504, Infinity, -Infinity, 0, 2 ** -23]);
    expect(fromHalf(toHalf(new Float32Array([NaN])))[0]).to.be.NaN;
  });
});
