import { expect } from '@open-wc/testing';
import { embeddings } from '@cognate/core';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { written, type Written } from '../../../test/golden/data-written.ts';
import { failure } from '../../../test/helpers/failure.ts';
import { writeParquet } from './parquet.ts';
import { readVectors } from './vectors.ts';
import { writeVectors } from './write-vectors.ts';

const space = { id: 'plane@1', dim: 2, normalized: false };

describe('the writers', () => {
  it('write the very files that NumPy, safetensors and Arrow have read every number of', async () => {
    const golden = (await (await fetch('/test/golden/data-written.json')).json()) as Written;
    const now = await written();
    expect(Object.keys(golden.files)).to.deep.equal(['source.npy', 'target.npy', 'both.safetensors', 'both.parquet']);
    for (const [name, file] of Object.entries(golden.files)) expect(now.files[name], name).to.equal(file);
  });
});

describe('writeVectors()', () => {
  it('writes what readVectors() reads back', async () => {
    const left = embeddings(space, Float32Array.of(1, 2, 3, 4));
    const right = embeddings({ ...space, dim: 1 }, Float32Array.of(5, 6));
    const sets = await readVectors(new Blob([writeVectors({ left, right })]));
    expect(sets.map(({ name, points }) => [name, points.space.dim, Array.from(points.data)])).to.deep.equal([
      ['left', 2, [1, 2, 3, 4]],
      ['right', 1, [5, 6]],
    ]);
  });

  it('rejects an empty file, and a name that the format keeps for itself', async () => {
    expect(await failure(async () => writeVectors({}))).to.match(/^invalid-input: /);
    const points = embeddings(space, Float32Array.of(1, 2));
    expect(await failure(async () => writeVectors({ __metadata__: points }))).to.match(
      /^invalid-input: .*__metadata__/,
    );
  });
});

describe('writeParquet()', () => {
  it('writes many row groups that an independent reader puts together again', async () => {
    const count = 1500;
    const dim = 96;
    const data = Float32Array.from({ length: count * dim }, (_, i) => Math.sin(i));
    const names = Array.from({ length: count }, (_, i) => `row ${i}`);
    const seen: number[] = [];
    const bytes = await writeParquet(
      { name: names, vector: embeddings({ ...space, dim }, data) },
      { onProgress: ({ done }) => seen.push(done) },
    );
    const rows = (await parquetReadObjects({ file: bytes.buffer })) as { name: string; vector: number[] }[];
    expect(rows.map(({ name }) => name)).to.deep.equal(names);
    expect(Float32Array.from(rows.flatMap(({ vector }) => vector))).to.deep.equal(data);
    expect(seen.length).to.be.above(2);
    expect(seen.at(-1)).to.equal(count);
  });

  it('writes vectors without rows as vectors', async () => {
    const points = embeddings(space, new Float32Array());
    const { schema, num_rows } = parquetMetadata((await writeParquet({ text: [], points })).buffer);
    expect(num_rows).to.equal(0n);
    expect(schema.flatMap(({ type }) => type ?? [])).to.deep.equal(['BYTE_ARRAY', 'FLOAT']);
  });

  it('rejects columns of different lengths and an empty table', async () => {
    const points = embeddings(space, Float32Array.of(1, 2));
    expect(await failure(() => writeParquet({ a: ['x', 'y'], b: points }))).to.equal(
      'shape-mismatch: writeParquet() needs columns of one length, got 2 in a and 1 in b',
    );
    expect(await failure(() => writeParquet({}))).to.match(/^invalid-input: /);
    expect(await failure(() => writeParquet({ b: { ...points, count: 2 } }))).to.equal(
      'shape-mismatch: writeParquet() needs 2 rows of 2 numbers in b, got 2 numbers',
    );
  });

  it('rejects a column of texts and numbers, naming column and row', async () => {
    const mixed = (column: readonly unknown[]): Promise<string> =>
      failure(() => writeParquet({ a: column.map(() => 'x'), n: column as readonly string[] }));
    expect(await mixed([1, 2, 'x', 'y'])).to.equal(
      'invalid-input: writeParquet() needs a number in each row of n, got string in row 2 (counted from 0)',
    );
    expect(await mixed(['x', null])).to.equal(
      'invalid-input: writeParquet() needs a string in each row of n, got null in row 1 (counted from 0)',
    );
    expect(await mixed([[1, 2]])).to.match(/got object in row 0/);
    expect(await mixed([])).to.equal('none');
  });

  it('stops with the reason of an abort', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const reading = writeParquet({ a: ['x'] }, { signal });
    expect(await reading.catch((error: Error) => error.message)).to.equal('enough');
  });
});
