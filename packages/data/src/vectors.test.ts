import { expect } from '@open-wc/testing';
import { writeSafetensors } from '@cognate/core';
import { fromBase64 } from '../../../test/helpers/bytes.ts';
import { failure as failureOf } from '../../../test/helpers/failure.ts';
import { formatOf } from './file-format.ts';
import type { Folder, FolderFile } from './folder.ts';
import { writeNpy } from './npy.ts';
import { problemList } from './problems.ts';
import { arraysOf, readVectors, type VectorOptions } from './vectors.ts';

interface Golden {
  readonly npy: readonly { name: string; file: string; values: readonly number[] }[];
  readonly npz: readonly { name: string; file: string }[];
  readonly safetensors: string;
  readonly objects: string;
  readonly records: string;
  readonly complex: string;
  readonly wide: readonly (readonly number[])[];
}

const npy = (dim: number, data: number[], name = 'v.npy'): File =>
  new File([writeNpy({ space: { dim }, count: data.length / dim, data: Float32Array.from(data) })], name);

const failure = (file: Blob, options?: VectorOptions): Promise<string> => failureOf(() => readVectors(file, options));

describe('readVectors()', () => {
  let golden: Golden;
  before(async () => {
    golden = (await (await fetch('/test/golden/data.json')).json()) as Golden;
  });

  it('makes one set of [count, dim] and two of [2, count, dim]', async () => {
    const file = (name: string): File =>
      new File([fromBase64(golden.npy.find((each) => each.name === name)!.file)], 'x.npy');
    const [one, ...more] = await readVectors(file('<f4'));
    expect([one!.name, one!.points.count, one!.points.space.dim, more.length]).to.deep.equal(['x.npy', 6, 4, 0]);
    for (const name of ['two sets', 'two sets, fortran']) {
      const [first, second] = await readVectors(file(name));
      expect(first!.points.data).to.deep.equal(one!.points.data);
      expect(Array.from(second!.points.data.subarray(0, 4))).to.deep.equal(Array.from(one!.points.data.subarray(20)));
    }
  });

  it('reads the arrays of two axes of archives and safetensors, or those that are named', async () => {
    const files = [...golden.npz.map(({ file }) => file), golden.safetensors].map(
      (file) => new Blob([fromBase64(file)]),
    );
    const reversed = golden.wide.map((row) => [...row].reverse());
    for (const file of files) {
      const sets = await readVectors(file);
      expect(sets.map(({ name }) => name).sort()).to.deep.equal(['source', 'target']);
      const [target, source] = await readVectors(file, { arrays: ['target', 'source'] });
      expect(Array.from(source!.points.data)).to.deep.equal(golden.wide.flat());
      // One of the files keeps the target in half precision.
      reversed.flat().forEach((value, i) => expect(target!.points.data[i]).to.be.closeTo(value, 1e-3));
    }
  });

  it('reads F64 and BF16, and passes over arrays of other types until they are asked for', async () => {
    const wide = writeSafetensors([
      ['wide', { dtype: 'F64', shape: [1, 2], data: Float64Array.of(0.5, 0.25) }],
      ['brain', { dtype: 'BF16', shape: [1, 2], data: Uint16Array.of(0x3f80, 0x4000) }],
      ['scale', { dtype: 'F64', shape: [], data: Float64Array.of(1) }],
      ['bytes', { dtype: 'I8', shape: [1, 2], data: Int8Array.of(1, 2) }],
    ]);
    const shown = async (file: Uint8Array<ArrayBuffer>, options?: VectorOptions): Promise<unknown[]> =>
      (await readVectors(new Blob([file]), options)).map(({ name, points }) => [name, ...points.data]);
    expect(await shown(wide)).to.deep.equal([
      ['wide', 0.5, 0.25],
      ['brain', 1, 2],
    ]);
    const unknown = new TextDecoder('latin1').decode(wide).replace('"I8"', '"B1"').replace('"BF16"', '"BOOL"');
    const others = Uint8Array.from(unknown, (character) => character.charCodeAt(0));
    expect(await shown(others)).to.deep.equal([['wide', 0.5, 0.25]]);
    const file = new File([others], 'x.safetensors');
    expect(await failure(file, { arrays: ['brain'] })).to.equal(
      'file-format: readSafetensors() needs brain as F32, F16, BF16 or F64, got BOOL',
    );
  });

  it('names the type of vectors that it does not read', async () => {
    const bytes = writeSafetensors([['codes', { dtype: 'I8', shape: [1, 2], data: Int8Array.of(1, 2) }]]);
    expect(await failure(new File([bytes], 'x.safetensors'))).to.equal(
      'file-format: readVectors() needs arrays of F32, F16, BF16 or F64, but x.safetensors holds codes of I8',
    );
    const flat = writeSafetensors([['codes', { dtype: 'I8', shape: [2], data: Int8Array.of(1, 2) }]]);
    expect(await failure(new File([flat], 'x.safetensors'))).to.equal(
      'file-format: x.safetensors holds no array of two axes [count, dim]',
    );
  });

  it('passes over texts, objects and records of an archive until they are asked for', async () => {
    const npyFile = (path: string, bytes: Uint8Array<ArrayBuffer>): FolderFile => ({
      path: `${path}.npy`,
      blob: async () => new Blob([bytes]),
    });
    const points = npyFile('points', writeNpy({ space: { dim: 2 }, count: 1, data: Float32Array.of(1, 2) }));
    const others = [
      npyFile('objects', fromBase64(golden.objects)),
      npyFile('records', fromBase64(golden.records)),
      npyFile('waves', fromBase64(golden.complex)),
    ];
    const archive = (files: FolderFile[]): Folder => ({ name: 'x.npz', files, problems: problemList() });
    const found = await arraysOf(archive([...others, points]), {});
    expect(found.map(({ name }) => name)).to.deep.equal(['points']);
    expect(await failureOf(() => arraysOf(archive([...others, points]), { arrays: ['points', 'objects'] }))).to.equal(
      'file-format: x.npz/objects: readNpy() needs numbers, got Python objects: save with a numeric dtype',
    );
    expect(await failureOf(() => arraysOf(archive([others[0]!, others[2]!]), {}))).to.equal(
      'file-format: readVectors() needs arrays of whole or real numbers, but x.npz holds objects of |O, waves of <c8',
    );
    expect(await failureOf(() => arraysOf(archive([points, npyFile('cut', new Uint8Array(9))]), {}))).to.match(
      /^file-format: x\.npz\/cut: readNpy\(\) needs a file that begins/,
    );
  });

  it('names the space after the file and the numbers, or as it is told', async () => {
    const ids = async (file: File, options?: VectorOptions): Promise<string> =>
      (await readVectors(file, options))[0]!.points.space.id;
    const id = await ids(npy(2, [1, 2, 3, 4]));
    expect(id).to.match(/^v\.npy@[\da-f]{16}$/);
    expect(await ids(npy(2, [1, 2, 3, 4]))).to.equal(id);
    const others = [npy(2, [1, 2, 3, 5]), npy(2, [3, 4, 1, 2]), npy(4, [1, 2, 3, 4]), npy(2, [-1, 2, -3, 4])];
    const all = new Set([
      id,
      await ids(npy(2, [1, 2, 3, 4], 'w.npy')),
      ...(await Promise.all(others.map((f) => ids(f)))),
    ]);
    expect(all.size).to.equal(6);
    expect(await ids(npy(2, [1, 2]), { space: 'clip@1' })).to.equal('clip@1');
  });

  it('tells rows of unit length from others', async () => {
    const normalized = async (data: number[]): Promise<boolean> =>
      (await readVectors(npy(2, data)))[0]!.points.space.normalized;
    expect(await normalized([0.6, 0.8, 1, 0])).to.equal(true);
    expect(await normalized([0.6, 0.8, 1, 0.2])).to.equal(false);
  });

  it('names the row of NaN and infinity', async () => {
    expect(await failure(npy(2, [1, 2, 3, NaN]))).to.equal(
      'invalid-input: v.npy needs finite numbers, got NaN in row 1 (counted from 0)',
    );
    expect(await failure(npy(2, [1, 2, 3, 4, -Infinity, 0]))).to.contain('got -Infinity in row 2');
  });

  it('rejects other axes, missing arrays, empty ones and other files', async () => {
    const shaped = (shape: string): Blob => {
      const bytes = writeNpy({ space: { dim: 6 }, count: 1, data: new Float32Array(6) });
      const at = new TextDecoder('latin1').decode(bytes).indexOf('(1, 6)');
      bytes.set(new TextEncoder().encode(shape), at);
      return new Blob([bytes]);
    };
    expect(await failure(shaped('(6,  )'))).to.match(/^shape-mismatch: .*got \[6\]/);
    expect(await failure(shaped('(3,1,2),'))).to.match(/^shape-mismatch: .*got \[3, 1, 2\]/);
    expect(await failure(npy(2, []))).to.match(/^invalid-input: .*no rows/);
    const archive = new File([fromBase64(golden.npz[0]!.file)], 'a.npz');
    expect(await failure(archive, { arrays: ['left'] })).to.equal(
      'invalid-input: readVectors() needs an array named left, but a.npz holds source, step, target',
    );
    expect(await failure(archive, { arrays: ['step'] })).to.match(/^shape-mismatch: /);
    expect(await failure(new File(['a,b\n'], 'a.csv'))).to.match(
      /^file-format: a\.csv is no NPY, NPZ or safetensors file/,
    );
  });
});

describe('readVectors() of a safetensors file that was cut short', () => {
  it('says that its header goes on', async () => {
    const data = Float32Array.of(1, 2);
    const whole = writeSafetensors([['a', { dtype: 'F32', shape: [1, 2], data }]]);
    expect(await failure(new Blob([whole.subarray(0, 40)]))).to.match(/^file-format: .*but the file ends after 40/);
    const lying = whole.slice();
    lying[4] = 1;
    expect(await failure(new Blob([lying]))).to.match(/^file-format: .*a header of at most/);
  });
});

describe('formatOf()', () => {
  it('goes by the first bytes', async () => {
    const golden = (await (await fetch('/test/golden/data.json')).json()) as Golden;
    const of = (...parts: BlobPart[]): Promise<string> => formatOf(new Blob(parts));
    expect(await of(fromBase64(golden.npy[0]!.file))).to.equal('npy');
    expect(await of(fromBase64(golden.npz[0]!.file))).to.equal('zip');
    expect(await of(fromBase64(golden.safetensors))).to.equal('safetensors');
    expect(await of(Uint8Array.of(0x89, 0x50, 0x4e, 0x47))).to.equal('picture');
    expect(await of('<svg xmlns="http://www.w3.org/2000/svg"/>')).to.equal('picture');
    expect(await of('BMW,a car\n')).to.equal('table');
    expect(await of('{"a": 1}\n')).to.equal('table');
    expect(await of(Uint8Array.of(0xff, 0xfe, 0x14, 0x04, 0x30, 0x04))).to.equal('table');
    expect(await of('<!DOCTYPE html><title>404</title>')).to.equal('page');
    expect(await of('html,words\n')).to.equal('table');
    expect(await of('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n')).to.equal('pointer');
    expect(await of('PAR1')).to.equal('unknown');
    expect(await of(new Uint8Array(100))).to.equal('unknown');
  });
});
