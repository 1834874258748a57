import { CognateError, embeddings, isCognateError, type Embeddings, type Encoder, type Progress } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { blocksInDatabase, blocksInMemory, type RowBlocks } from '../storage/row-blocks.ts';
import { rowCache } from '../storage/row-cache.ts';
import { encodeCached, modelKey } from './cached-encoder.ts';
import { contentKey } from './content-key.ts';

const dim = 3;
const space = { id: 'toy@1', dim, normalized: false };

/** Makes rows of texts, and remembers which it was asked for. Another `weight` is another state of the model. */
function toyEncoder(weight = 1): Encoder<string> & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    space,
    async encode(texts, { signal, onProgress } = {}) {
      signal?.throwIfAborted();
      const empty = texts.findIndex((text) => typeof text !== 'string' || text === '');
      if (empty >= 0) throw new CognateError('invalid-input', `encode() needs words, text ${empty} has none`);
      asked.push(...texts);
      onProgress?.({ phase: 'encode', done: texts.length, total: texts.length });
      return embeddings(
        space,
        Float32Array.from(texts.flatMap((text) => [weight / text.length, text.charCodeAt(0) / 7, asked.length])),
      );
    },
    async [Symbol.asyncDispose]() {},
  };
}

const numbered = (count: number, from = 0): string[] => Array.from({ length: count }, (_, i) => `text ${from + i}`);

describe('a cached encoder', () => {
  const name = `cognate-test-${Math.random()}`;
  let blocks: RowBlocks;
  before(async () => (blocks = await blocksInDatabase(name)));
  after(() => indexedDB.deleteDatabase(name));
  afterEach(() => rowCache(async () => blocks, 0).clear());

  /** As after a reload: nothing is at hand but what is on disk. */
  const fresh = (limit = 1e6) => rowCache(async () => blocks, limit);

  it('computes each text once, and gives the same bits again after a reload', async () => {
    const [first, second] = [toyEncoder(), toyEncoder()];
    const before = await encodeCached(first, fresh(), 'm', numbered(600));
    expect(first.asked).to.have.length(600);
    const after = await encodeCached(second, fresh(), 'm', numbered(600));
    expect(second.asked).to.deep.equal([]);
    expect(after).to.deep.equal(before);
    expect(await fresh().size()).to.deep.equal({ rows: 600, bytes: 600 * (4 * dim + 64) });
  });

  it('computes what is new among what is known, repeated texts once, and tells how far it is', async () => {
    const encoder = toyEncoder();
    const cache = fresh();
    const known = await encodeCached(encoder, cache, 'm', ['b', 'c', 'd']);
    const heard: Progress[] = [];
    const onProgress = (progress: Progress): void => void heard.push(progress);
    const all = await encodeCached(encoder, cache, 'm', ['new', 'd', 'newer', 'b', 'new', 'd'], { onProgress });
    expect(encoder.asked).to.deep.equal(['b', 'c', 'd', 'new', 'newer']);
    const rowOf = ({ data }: Embeddings, i: number): number[] => [...data.subarray(i * dim, (i + 1) * dim)];
    expect([1, 3, 5].map((i) => rowOf(all, i))).to.deep.equal([2, 0, 2].map((i) => rowOf(known, i)));
    expect(rowOf(all, 4)).to.deep.equal(rowOf(all, 0));
    expect(rowOf(all, 0)).not.to.deep.equal(rowOf(all, 2));
    const done = heard.map((each) => each.done);
    expect(done[0]).to.equal(3);
    expect(done.at(-1)).to.equal(6);
    expect(done).to.deep.equal(done.toSorted((a, b) => a - b));
    expect(await encodeCached(encoder, cache, 'm', [])).to.include({ count: 0 });
  });

  it('keeps what was computed before an abort', async () => {
    const controller = new AbortController();
    const encoder = toyEncoder();
    const call = encodeCached(encoder, fresh(), 'm', numbered(1000), {
      signal: controller.signal,
      onProgress: ({ done }) => done > 300 && controller.abort('enough'),
    });
    expect(await call.catch((reason: unknown) => reason)).to.equal('enough');
    const kept = (await fresh().size()).rows;
    expect(kept).to.be.within(256, 512);
    const again = toyEncoder();
    await encodeCached(again, fresh(), 'm', numbered(1000));
    expect(again.asked).to.have.length(1000 - kept);
  });

  it('names a bad input by its place among all', async () => {
    const cache = fresh();
    await encodeCached(toyEncoder(), cache, 'm', numbered(10));
    const call = encodeCached(toyEncoder(), cache, 'm', [...numbered(10), '']);
    const error: unknown = await call.catch((e: unknown) => e);
    expect(isCognateError(error) && error.message).to.equal('encode() needs words, text 10 has none');
  });

  it('keeps models apart, and states of one model', async () => {
    const cache = fresh();
    const [one, other] = [toyEncoder(1), toyEncoder(2)];
    const keys = [await modelKey('text', one), await modelKey('text', other), await modelKey({ other: 1 }, one)];
    expect(new Set(keys).size).to.equal(3);
    expect(await modelKey('text', toyEncoder(1))).to.equal(keys[0]);
    await encodeCached(one, cache, keys[0]!, ['king']);
    const before = other.asked.length;
    await encodeCached(other, cache, keys[1]!, ['king']);
    expect(other.asked.slice(before)).to.deep.equal(['king']);
  });

  it('drops first what nobody has wanted for longest', async () => {
    const block = 100 * (4 * dim + 64);
    const cache = fresh(3.5 * block);
    const parts = [0, 100, 200].map((from) => numbered(100, from));
    for (const part of parts) await encodeCached(toyEncoder(), cache, 'm', part);
    const heads = await blocks.heads();
    await blocks.touch(
      heads.map(({ id }) => id),
      Date.now() - 1e7,
    );
    // Known as old by whoever looks now, and wanted again.
    const later = fresh(3.5 * block);
    await encodeCached(toyEncoder(), later, 'm', parts[0]!);
    await encodeCached(toyEncoder(), later, 'm', numbered(100, 300));
    expect((await later.size()).bytes).to.be.at.most(3.5 * block);
    const [still, gone] = [toyEncoder(), toyEncoder()];
    await encodeCached(still, later, 'm', [...parts[0]!, ...numbered(100, 300)]);
    expect(still.asked).to.deep.equal([]);
    await encodeCached(gone, fresh(), 'm', [...parts[1]!, ...parts[2]!]);
    expect(gone.asked.length).to.be.at.least(100);
  });

  it('works on where nothing can be kept, and where there is no room', async () => {
    const none = rowCache(async () => {
      throw new DOMException('not here', 'SecurityError');
    }, 1e6);
    expect((await encodeCached(toyEncoder(), none, 'm', ['a', 'b'])).count).to.equal(2);
    expect(await none.size()).to.deep.equal({ rows: 0, bytes: 0 });
    await none.clear();

    // Takes two blocks, and no third.
    const small = blocksInMemory();
    const add: RowBlocks['add'] = async (head, rows) => {
      if ((await small.heads()).length === 2) throw new DOMException('full', 'QuotaExceededError');
      return small.add(head, rows);
    };
    const cache = rowCache(async () => ({ ...small, add }), 1e6);
    for (const text of ['a', 'b', 'c']) await encodeCached(toyEncoder(), cache, 'm', [text]);
    const encoder = toyEncoder();
    await encodeCached(encoder, cache, 'm', ['c']);
    expect(encoder.asked).to.deep.equal([]);
  });

  it('knows contents, not objects', async () => {
    const red = new ImageData(new Uint8ClampedArray([255, 0, 0, 255, 255, 0, 0, 255]), 2, 1);
    const tall = new ImageData(red.data.slice(), 1, 2);
    const [bitmap, twin] = [await createImageBitmap(red), await createImageBitmap(red)];
    const file = (text: string): Blob => new Blob([text], { type: 'image/png' });
    expect(await contentKey(file('x'))).to.equal(await contentKey(new File(['x'], 'renamed.png')));
    expect(await contentKey(bitmap)).to.equal(await contentKey(twin));
    const different = ['x', 'y', file('x'), file('y'), red, tall];
    expect(new Set(await Promise.all(different.map(contentKey))).size).to.equal(different.length);
    bitmap.close();
    expect(await contentKey(bitmap)).to.equal(undefined);
  });
});
