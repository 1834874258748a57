import { normalizeRows, random } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { breather } from '../algebra/breathe.ts';
import { plainTools } from '../algebra/tools.ts';
import { foscttm, mrr, ranks } from './metrics/ranks.ts';
import { chanceScores, scoreAll, scoreOneAnother } from './retrieval.ts';

describe('scoreOneAnother()', () => {
  it('scores both ways as scoreAll() does with the queries themselves for a crowd', async () => {
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
    const there = await scoreAll(source, target, source, dim, tools);
    const back = await scoreAll(target, source, target, dim, tools);
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
