import { CognateError, embeddings, type Embeddings } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { failure } from '../../../../../test/helpers/failure.ts';
import { fakeCognate } from '../../fake-cognate.ts';
import { encodePairs } from './encode-pairs.ts';
import type { Taken } from './own-data.ts';
import type { PictureFile } from './side.ts';

const space = { id: 'pictures@1', dim: 1, normalized: false };

/** Encodes a picture as the number that stands in its file, as long as all are numbers. */
function cognate(): ReturnType<typeof fakeCognate> {
  return Object.assign(fakeCognate(), {
    encoder: async () => ({
      space,
      async encode(inputs: readonly (Blob | string)[]): Promise<Embeddings> {
        const values = await Promise.all(
          inputs.map(async (each) => Number(each instanceof Blob ? await each.text() : 7)),
        );
        const bad = values.findIndex(Number.isNaN);
        if (bad < 0) return embeddings(space, Float32Array.from(values));
        throw new CognateError('invalid-input', `encode() cannot read picture ${bad}: it is damaged`);
      },
      async [Symbol.asyncDispose]() {},
    }),
  });
}

const pictures = (contents: readonly string[]): readonly PictureFile[] =>
  contents.map((content, i) => ({ name: `p/${i}.png`, blob: async () => new Blob([content]) }));

const taken = (contents: readonly string[]): Taken => ({
  left: { kind: 'picture', name: 'pictures', pictures: pictures(contents) },
  right: { kind: 'text', name: 'names', texts: contents.map((_, i) => `name ${i}`) },
  troubles: { count: 1, listed: [{ place: 'line 3', reason: 'empty' }] },
  of: undefined,
});

describe('encodePairs()', () => {
  it('leaves out pairs whose picture cannot be read, wherever it stands, and tells of them', async () => {
    const contents = Array.from({ length: 70 }, (_, i) => (i === 5 || i === 66 ? 'x' : String(i)));
    const found = await encodePairs(cognate(), taken(contents), {});
    const good = contents.filter((each) => each !== 'x').map(Number);
    expect([...found.points.left.data]).to.deep.equal(good);
    expect(found.points.right.count).to.equal(68);
    const { left, right, troubles } = found.taken;
    expect(left.kind === 'picture' && left.pictures.map(({ name }) => name)).to.deep.equal(
      good.map((i) => `p/${i}.png`),
    );
    expect(right.kind === 'text' && right.texts).to.deep.equal(good.map((i) => `name ${i}`));
    expect(troubles).to.deep.equal({
      count: 3,
      listed: [
        { place: 'line 3', reason: 'empty' },
        { place: 'p/5.png', reason: 'is damaged' },
        { place: 'p/66.png', reason: 'is damaged' },
      ],
    });
  });

  it('says so when too few are left, or none', async () => {
    const tried = (contents: readonly string[]): Promise<string> =>
      failure(() => encodePairs(cognate(), taken(contents), {}));
    expect(await tried(['1', '2', '3', 'x'])).to.equal(
      'invalid-input: 4 different pairs are the fewest to learn from, and there are 3.',
    );
    expect(await tried(['x', 'x', 'x', 'x'])).to.equal(
      'invalid-input: None of the 4 pictures can be read: “p/0.png” is damaged.',
    );
    const words = { kind: 'text', name: 'words', texts: ['a', 'a', 'a', 'a'] } as const;
    expect(await failure(() => encodePairs(cognate(), { ...taken([]), left: words, right: words }, {}))).to.equal(
      'invalid-input: 4 different pairs are the fewest to learn from, and there is 1.',
    );
  });

  it('does not take an abort or a lost worker for a damaged picture', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const aborted = encodePairs(cognate(), taken(['1', '2', 'x', '4']), { signal });
    expect(await aborted.catch((error: Error) => error.message)).to.contain('picture 2');
    const lost = Object.assign(fakeCognate(), {
      encoder: () => Promise.reject(new CognateError('worker-failed', 'the worker is gone')),
    });
    expect(await failure(() => encodePairs(lost, taken(['1', '2', '3', '4']), {}))).to.equal(
      'worker-failed: the worker is gone',
    );
  });
});
