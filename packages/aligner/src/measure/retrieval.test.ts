import { breather, normalizeRows, random } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { plainTools } from '../algebra/tools.ts';
import { foscttm, mrr, ranks } from './metrics/ranks.ts';
import { chanceScores, lookUps, scoreOneAnother, type Labelled, type LookUp } from './retrieval.ts';

describe('lookUps()', () => {
  it('hands many queries out in parts, each with its own rows and groups', async () => {
    const [dim, count, width] = [512, 100, 5000];
    const { normal } = random(1);
    const side = (rows: number): Labelled => ({
      rows: Float32Array.from({ length: rows * dim }, normal),
      groups: Int32Array.from({ length: rows }, (_, i) => i),
    });
    const [queries, bank] = [side(count), side(width)];
    const asked: number[] = [];
    for await (const part of lookUps(queries, bank, queries.rows, dim, plainTools(breather()))) {
      const last = part.queries.groups.length - 1;
      const query = part.queries.groups[last]!;
      const [row, candidate] = [queries.rows.subarray(query * dim), bank.rows.subarray((width - 1) * dim)];
      const dot = row.reduce((sum, value, i) => (i < dim ? sum + value * candidate[i]! : sum), 0);
      expect(part.cosines.at(-1)).to.be.closeTo(dot, 1e-3);
      asked.push(...Array.from(part.queries.groups));
      expect(part.scores).to.have.length((last + 1) * width);
    }
    expect(asked).to.deep.equal(Array.from(queries.groups));
  });
});

describe('scoreOneAnother()', () => {
  it('scores both ways as lookUps() does with the queries themselves for a crowd', async () => {
    const [dim, tools] = [6, plainTools(breather())];
    const unit = (count: number, seed: number): Float32Array => {
      const rows = Float32Array.from({ length: count * dim }, random(seed).normal);
      normalizeRows(rows, dim);
      return rows;
    };
    const [source, target] = [unit(25, 1), unit(14, 2)];
    const { forward, backward } = await scoreOneAnother(source, target, dim, tools);
    const apart = (a: Float32Array, b: Float32Array): number =>
      Math.max(...a.map((value, i) => Math.abs(value - b[i]!)), a.length - b.length);
    const all = async (queries: Float32Array, bank: Float32Array): Promise<LookUp> => {
      const labelled = (rows: Float32Array): Labelled => ({ rows, groups: rows.subarray(0, rows.length / dim) });
      for await (const part of lookUps(labelled(queries), labelled(bank), queries, dim, tools)) return part;
      throw new RangeError('there is one part at least');
    };
    const [there, back] = [await all(source, target), await all(target, source)];
    expect(apart(forward.scores, there.scores)).to.be.below(1e-6);
    expect(apart(forward.cosines, there.cosines)).to.be.below(1e-6);
    expect(apart(backward.scores, back.scores)).to.be.below(1e-6);
    expect(apart(backward.cosines, back.cosines)).to.be.below(1e-6);
  });
});

describe('chanceScores()', () => {
  it('are what random orders give, with one right answer or with several', () => {
    const groups = [0, 0, 0, 0, 1, 1, 2, 3, 4, 5];
    const { normal } = random(3);
    const found = Array.from({ length: 2000 }, () =>
      ranks(
        Array.from({ length: 100 }, () => normal()),
        10,
        (query) => groups.flatMap((group, at) => (group === groups[query] ? at : [])),
      ),
    ).flatMap((each) => [...each]);
    const chance = chanceScores(groups);
    expect(chance.foscttm).to.be.closeTo(foscttm(found, 10), 0.01);
    expect(chance.foscttm).to.be.below(0.4);
    expect(chance.mrr).to.be.closeTo(mrr(found), 0.01);
    expect(chanceScores([0, 1, 2, 3]).foscttm).to.equal(0.5);
  });
});
