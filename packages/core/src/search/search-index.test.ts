import { expect } from '@open-wc/testing';
import { failure } from '../../../../test/helpers/failure.ts';
import type { Progress } from '../contracts.ts';
import { csls, neighbourhood } from '../csls.ts';
import { embeddings, normalizeRows, row, rows, type Embeddings } from '../embeddings.ts';
import { random } from '../random.ts';
import { dotProducts, topK } from '../similarity.ts';
import { searchIndex, type Matches } from './search-index.ts';

type Fill = (count: number, dim: number, seed: number) => Float32Array<ArrayBuffer>;

const gaussian: Fill = (count, dim, seed) => Float32Array.from({ length: count * dim }, random(seed).normal);

/** Rows around few centres, all in a narrow cone, with one number that outweighs the others. */
const clustered: Fill = (count, dim, seed) => {
  const centres = gaussian(7, dim, 99);
  const data = gaussian(count, dim, seed);
  for (let i = 0; i < data.length; i++) data[i] = 3 + centres[i % (7 * dim)]! + 0.1 * data[i]!;
  for (let at = 0; at < data.length; at += dim) data[at] = 40;
  return data;
};

/** Rows that differ in the last bits only, and many that do not differ at all. */
const nearTies: Fill = (count, dim, seed) => {
  const { below } = random(seed);
  const base = gaussian(3, dim, 98);
  const data = new Float32Array(count * dim);
  for (let j = 0; j < count; j++) {
    for (let i = 0; i < dim; i++) data[j * dim + i] = base[(j % 3) * dim + i]!;
    if (j % 2) data[j * dim + below(dim)]! *= 1 + 2 ** -22;
  }
  return data;
};

function points(fill: Fill, count: number, dim: number, seed: number): Embeddings {
  const data = fill(count, dim, seed);
  normalizeRows(data, dim);
  return embeddings({ id: 'points', dim, normalized: true }, data);
}

/** Every query compared with every row. */
function plain(bank: Embeddings, queries: Embeddings, anchors: Embeddings, k: number): Matches[] {
  const cosines = dotProducts(queries.data, bank.data, bank.space.dim);
  const scores = csls(cosines.slice(), neighbourhood(queries, bank), neighbourhood(bank, anchors));
  return Array.from({ length: queries.count }, (_, i) => {
    const part = scores.subarray(i * bank.count, (i + 1) * bank.count);
    const indices = Uint32Array.from(topK(part, k));
    return {
      indices,
      scores: Float32Array.from(indices, (j) => part[j]!),
      cosines: Float32Array.from(indices, (j) => cosines[i * bank.count + j]!),
    };
  });
}

/** As in a browser without WebAssembly, or under a policy that forbids it. */
async function without<Name extends keyof typeof WebAssembly, Value>(
  what: Name | 'all of it',
  run: () => Promise<Value>,
): Promise<Value> {
  const before = globalThis.WebAssembly;
  const refuse = (): never => {
    throw new Error('Refused to compile or instantiate WebAssembly module');
  };
  const rest =
    what === 'all of it' ? undefined : { Memory: before.Memory, instantiate: before.instantiate, [what]: refuse };
  Object.assign(globalThis, { WebAssembly: rest });
  try {
    return await run();
  } finally {
    Object.assign(globalThis, { WebAssembly: before });
  }
}

describe('searchIndex()', () => {
  for (const [name, fill] of Object.entries({ gaussian, clustered, nearTies })) {
    for (const [count, dim] of [
      [1500, 128],
      [1801, 37],
      [22_000, 3],
      [701, 512],
    ] as const) {
      it(`finds to the last bit what comparing with every row finds: ${name}, ${count} x ${dim}`, async () => {
        const bank = points(fill, count, dim, 1);
        const anchors = points(fill, 70, dim, 2);
        const queries = points(fill, 9, dim, 3);
        const wanted = plain(bank, queries, anchors, 10);
        const coded = await searchIndex(bank, { anchors });
        const uncoded = await without('all of it', () => searchIndex(bank, { anchors }));
        expect(coded.bytes, 'codes are in use').to.be.greaterThan(count * dim);
        expect(uncoded.bytes).to.be.lessThan(coded.bytes - count * dim);
        expect(await coded.search(queries, 10)).to.deep.equal(wanted);
        expect(await uncoded.search(queries, 10)).to.deep.equal(wanted);
      });
    }
  }

  it('finds the same whatever number is wanted, and all where there are no more', async () => {
    const bank = points(gaussian, 1500, 64, 1);
    const anchors = points(gaussian, 50, 64, 2);
    const queries = points(gaussian, 3, 64, 3);
    const index = await searchIndex(bank, { anchors });
    for (const k of [1, 187, 188, 1001, 1500, 4000]) {
      expect(await index.search(queries, k), `k ${k}`).to.deep.equal(plain(bank, queries, anchors, k));
    }
  });

  it('does without the kernel where a policy forbids it or memory lacks', async () => {
    const bank = points(gaussian, 1500, 64, 1);
    const queries = points(gaussian, 3, 64, 3);
    const usual = await searchIndex(bank);
    for (const missing of ['Memory', 'instantiate'] as const) {
      const index = await without(missing, () => searchIndex(bank));
      expect(index.bytes, missing).to.be.lessThan(usual.bytes / 2);
      expect(await index.search(queries, 10), missing).to.deep.equal(await usual.search(queries, 10));
    }
  });

  it('answers a query alone as it does among others', async () => {
    const queries = points(gaussian, 7, 100, 3);
    const index = await searchIndex(points(gaussian, 1000, 100, 1), { anchors: points(gaussian, 50, 100, 2) });
    const together = await index.search(queries, 5);
    for (let i = 0; i < 7; i++) expect(await index.search(rows(queries, [i]), 5)).to.deep.equal([together[i]]);
  });

  it('takes rows of zeros, and rows that are far from unit length', async () => {
    const { normal } = random(5);
    const data = gaussian(1100, 64, 4);
    for (let j = 0; j < 1100; j++) {
      const length = j % 5 === 0 ? 0 : Math.exp(4 * normal());
      for (let i = 0; i < 64; i++) data[j * 64 + i]! *= length;
    }
    const bank = embeddings({ id: 'points', dim: 64, normalized: false }, data);
    const queries = rows(bank, [0, 1, 2, 3, 4, 6]);
    const anchors = rows(bank, [10, 11, 12, 13]);
    expect(await (await searchIndex(bank, { anchors })).search(queries, 10)).to.deep.equal(
      plain(bank, queries, anchors, 10),
    );
  });

  it('measures points against themselves where there are no anchors', async () => {
    const bank = points(clustered, 600, 128, 1);
    const queries = points(clustered, 5, 128, 3);
    expect(await (await searchIndex(bank)).search(queries, 10)).to.deep.equal(plain(bank, queries, bank, 10));
  });

  it('measures many points against some of them, each counting itself', async () => {
    const bank = points(gaussian, 2100, 32, 1);
    const some = rows(
      bank,
      Array.from({ length: 1024 }, (_, i) => Math.floor((i * 2100) / 1024)),
    );
    const query = points(gaussian, 1, 32, 3);
    const cosines = dotProducts(query.data, bank.data, 32);
    const crowding = Array.from({ length: 2100 }, (_, j) => {
      const dots = new Set([
        ...dotProducts(row(bank, j), some.data, 32),
        dotProducts(row(bank, j), row(bank, j), 32)[0]!,
      ]);
      return [...dots]
        .sort((a, b) => b - a)
        .slice(0, 10)
        .reduce((sum, dot) => sum + dot / 10, 0);
    });
    const scores = csls(cosines.slice(), neighbourhood(query, bank), crowding);
    const [found] = await (await searchIndex(bank)).search(query, 10);
    expect([...found!.indices]).to.deep.equal(topK(scores, 10));
  });

  it('finds nothing in an empty bank, and nothing for no queries', async () => {
    const none = points(gaussian, 0, 8, 1);
    const some = points(gaussian, 3, 8, 1);
    const [found] = await (await searchIndex(none, { anchors: some })).search(rows(some, [0]), 4);
    expect(found!.indices.length).to.equal(0);
    expect(await (await searchIndex(some)).search(none, 4)).to.deep.equal([]);
    expect(await (await searchIndex(some, { anchors: none })).search(some, 2)).to.deep.equal(
      plain(some, some, none, 2),
    );
  });

  it('holds less than half as much as the points', async () => {
    const bank = points(gaussian, 6000, 256, 1);
    const index = await searchIndex(bank, { anchors: points(gaussian, 20, 256, 2) });
    expect(index.bytes).to.be.within(0.25 * bank.data.byteLength, 0.33 * bank.data.byteLength);
  });

  it('says what it cannot use', async () => {
    const bank = points(gaussian, 20, 8, 1);
    const broken = rows(bank, [0, 1, 2, 3]);
    broken.data[17] = NaN;
    const huge = rows(bank, [0, 1]);
    huge.data[9] = 1e20;
    const other: Embeddings = { ...bank, space: { ...bank.space, id: 'other' } };
    const index = await searchIndex(bank);
    expect(await failure(() => searchIndex(broken))).to.match(/^invalid-input: searchIndex\(\).* in row 2$/);
    expect(await failure(() => searchIndex(huge))).to.match(/^invalid-input: .* length 1000.* in row 1$/);
    expect(await failure(() => searchIndex(bank, { anchors: broken }))).to.match(/^invalid-input/);
    expect(await failure(() => searchIndex(bank, { anchors: other }))).to.match(/^space-mismatch/);
    expect(await failure(() => index.search(broken, 1))).to.match(/^invalid-input: search\(\).* in row 2$/);
    expect(await failure(() => index.search(other, 1))).to.match(/^space-mismatch/);
    const cut = { ...bank, data: bank.data.slice(1) };
    expect(await failure(() => searchIndex(cut))).to.match(/^shape-mismatch: searchIndex\(\) needs/);
    expect(await failure(() => index.search(cut, 1))).to.match(/^shape-mismatch: search\(\) needs/);
    for (const k of [0, -1, 1.5, NaN]) expect(await failure(() => index.search(bank, k))).to.match(/^invalid-input/);
    index[Symbol.dispose]();
    index[Symbol.dispose]();
    expect(await failure(() => index.search(bank, 1))).to.match(/^disposed/);
  });

  it('tells how far it has come, and stops when aborted', async () => {
    const bank = points(gaussian, 20_000, 64, 1);
    const anchors = points(gaussian, 512, 64, 2);
    const heard: Progress[] = [];
    await searchIndex(bank, { anchors }, { onProgress: (progress) => heard.push(progress) });
    expect(heard.map(({ done }) => done)).to.deep.equal([...heard.map(({ done }) => done)].sort((a, b) => a - b));
    expect(heard.at(-1)).to.deep.equal({ phase: 'prepare', done: 40_000, total: 40_000 });

    const controller = new AbortController();
    const reason = new Error('not needed any more');
    const onProgress = (): void => void setTimeout(() => controller.abort(reason));
    const building = searchIndex(bank, { anchors }, { signal: controller.signal, onProgress });
    expect(await building.catch((error: unknown) => error)).to.equal(reason);
  });
});
