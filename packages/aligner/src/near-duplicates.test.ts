import { breather, embeddings, random, type Embeddings } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { groupsOfAlike } from './groups.ts';
import { nearDuplicates } from './near-duplicates.ts';

function points(id: string, count: number, dim: number, seed: number): Embeddings {
  const { normal } = random(seed);
  const space = { id, dim, normalized: false };
  return embeddings(space, Float32Array.from({ length: count * dim }, normal));
}

/** Row `to` becomes row `from`, moved by a share of its length. */
function retold(batch: Embeddings, from: number, to: number, by: number): void {
  const { dim } = batch.space;
  const { normal } = random(to);
  for (let j = 0; j < dim; j++) batch.data[to * dim + j] = batch.data[from * dim + j]! + by * normal();
}

describe('nearDuplicates', () => {
  it('are rows told twice with a little noise, and no others', async () => {
    const batch = points('a', 300, 64, 1);
    retold(batch, 3, 200, 0.02);
    retold(batch, 4, 201, 0.3);
    expect(await nearDuplicates(batch, breather())).to.deep.equal([[3, 200]]);
  });

  it('are not looked for where chance would make them', async () => {
    const batch = points('a', 300, 3, 1);
    retold(batch, 3, 200, 1e-4);
    expect(await nearDuplicates(batch, breather())).to.deep.equal([]);
  });

  it('put their pairs into one group, whichever side they are on', async () => {
    const [source, target] = [points('a', 100, 64, 1), points('b', 100, 64, 2)];
    retold(source, 0, 9, 0.02);
    retold(target, 9, 50, 0.02);
    const groups = await groupsOfAlike(source, target, breather());
    expect([groups[0], groups[9], groups[50]]).to.deep.equal([0, 0, 0]);
    expect(new Set(groups).size).to.equal(98);
  });
});
