import { isCognateError, random, readSafetensors, sealed, writeSafetensors, type FileTensor } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { loadAlignment } from './alignment.ts';
import { alignmentOf } from './example-alignment.ts';

/** Why the file is refused; rethrows what is no error of ours. */
function refusal(bytes: Uint8Array): string {
  try {
    loadAlignment(bytes);
  } catch (error) {
    if (isCognateError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'accepted';
}

describe('the file of an alignment', () => {
  const whole = alignmentOf().save();
  const { tensors, metadata } = readSafetensors(whole);

  /** A file that is sealed as if it had been saved so. */
  const resaved = (changes: { readonly paths?: string; readonly tensors?: Readonly<Record<string, FileTensor>> }) => {
    const { crc32: _, paths = '', ...others } = metadata;
    const texts = { ...others, paths: changes.paths ?? paths };
    const arrays = [...new Map([...tensors, ...Object.entries(changes.tensors ?? {})])];
    return writeSafetensors(arrays, sealed(arrays, texts));
  };
  const withPaths = (from: string, to: string): Uint8Array => {
    expect(metadata['paths']).to.contain(from);
    return resaved({ paths: metadata['paths']!.replace(from, to) });
  };

  it('is refused with a wrong bit anywhere, or gives the very alignment', () => {
    const { below } = random(1);
    for (let i = 0; i < 2000; i++) {
      const bytes = whole.slice();
      bytes[below(bytes.length)]! ^= 1 << below(8);
      const why = refusal(bytes);
      if (why === 'accepted') expect(loadAlignment(bytes).save()).to.deep.equal(whole);
      else expect(why).to.match(/^file-format: /);
    }
  });

  it('was not sealed once, and is read nevertheless', () => {
    const { crc32: _, ...texts } = metadata;
    expect(loadAlignment(writeSafetensors(tensors, texts)).save()).to.deep.equal(whole);
  });

  it('is read where it was written anew with the same content', () => {
    expect(loadAlignment(writeSafetensors([...tensors].reverse(), metadata)).save()).to.deep.equal(whole);
  });

  it('is refused with numbers that no step can have', () => {
    expect(refusal(resaved({}))).to.equal('accepted');
    expect(refusal(withPaths('"keep":6', '"keep":0'))).to.match(/^file-format: .*positive/);
    expect(refusal(withPaths('"keep":6', '"keep":6.5'))).to.match(/^file-format: .*whole/);
    expect(refusal(withPaths('"power":3', '"power":1e999'))).to.match(/^file-format: .*positive/);
    expect(refusal(withPaths('"sharpness":2', '"sharpness":1e999'))).to.match(/^file-format: .*sharpness/);
    expect(refusal(withPaths('"weight":0.8', '"weight":-1e999'))).to.match(/^file-format: .*a weight/);
  });

  it('is refused with steps that nobody knows, or that do not fit', () => {
    expect(refusal(withPaths('"kind":"sphere', '"kind":"sphinx'))).to.match(/^file-format: .*sphinx/);
    expect(refusal(withPaths('"weight":0.8', '"weigth":0.8'))).to.match(/^file-format: .*a weight/);
    expect(refusal(withPaths('{"kind":"gaussian","sharpness":2}', '{"kind":"linear"}'))).to.match(/^file-format: /);
  });

  it('is refused with branches within branches without end', () => {
    const deep = '[{"kind":"concat","branches":[{"weight":1,"path":'.repeat(20_000) + '[]' + '}]}]'.repeat(20_000);
    const { target } = JSON.parse(metadata['paths']!) as { target: unknown };
    const paths = `{"source":${deep},"target":${JSON.stringify(target)}}`;
    expect(refusal(resaved({ paths }))).to.match(/^file-format: .*branches within branches/);
    expect(refusal(resaved({ paths: `{"source":{"a":${deep}}}` }))).to.match(/^file-format: .*a list of steps/);
  });

  it('is refused where a matrix without bytes claims a dimension', () => {
    const none = (shape: number[]): FileTensor => ({ dtype: 'F32', shape, data: new Float32Array() });
    const paths = JSON.parse(metadata['paths']!) as Record<string, unknown>;
    paths['target'] = [{ kind: 'linear' }, { kind: 'linear' }];
    const empty = { 'target.0.weight': none([9, 0]), 'target.1.weight': none([0, 8]) };
    expect(refusal(resaved({ paths: JSON.stringify(paths), tensors: empty }))).to.match(/^file-format: .*\[9, 0\]/);
  });
});
