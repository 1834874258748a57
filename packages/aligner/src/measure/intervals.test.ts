import { random } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { overQueries, overSplits, recalls } from './intervals.ts';

const rows = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('intervals', () => {
  it('over queries hold the true recall about 19 times of 20', () => {
    const { next } = random(3);
    let held = 0;
    let width = 0;
    for (let trial = 0; trial < 100; trial++) {
      const ranks = rows(80).map(() => (next() < 0.3 ? 1 : 20));
      const { low, high } = overQueries(ranks, rows(80)).interval.recallAt1;
      if (low <= 0.3 && 0.3 <= high) held++;
      width += (high - low) / 100;
    }
    expect(held).to.be.within(89, 100);
    expect(width).to.be.closeTo(2 * 1.96 * Math.sqrt((0.3 * 0.7) / 80), 0.03);
  });

  it('over queries are wider where queries come in groups that stand and fall together', () => {
    const { next } = random(4);
    const found = rows(20).map(() => next() < 0.5);
    const ranks = rows(100).map((i) => (found[i % 20] ? 1 : 20));
    const width = ({ low, high }: { low: number; high: number }): number => high - low;
    const single = overQueries(ranks, rows(100)).interval.recallAt1;
    const grouped = overQueries(ranks, rows(100).map((i) => i % 20)).interval.recallAt1; // prettier-ignore
    expect(width(grouped)).to.be.above(1.5 * width(single));
  });

  it('never claim certainty: 20 of 20 found leave room down to 84 %', () => {
    const { interval } = overQueries(new Array<number>(20).fill(1), rows(20));
    expect(interval.recallAt1.low).to.be.closeTo(0.8389, 1e-3);
    expect(interval.recallAt1.high).to.equal(1);
    const score = recalls([1, 1]);
    expect(
      overSplits(score, [score, score], { folds: 1, queries: 20, ratio: 0.1 }).interval.recallAt1.low,
    ).to.be.closeTo(0.8389, 1e-3);
  });

  it('over splits grow with the spread of the splits, and shrink where more parts were measured', () => {
    const score = { recallAt1: 0.5, recallAt5: 0.6, recallAt10: 0.7 };
    const splits = [0.42, 0.46, 0.5, 0.54, 0.58].map((recallAt1) => ({ ...score, recallAt1 }));
    const one = overSplits(score, splits, { folds: 1, queries: 1e6, ratio: 1 / 9 });
    // t(4) = 2.776 times the standard deviation times the root of 1 + 1/9.
    const half = 2.776 * Math.sqrt(0.016 / 4) * Math.sqrt(10 / 9);
    expect(one.interval.recallAt1.high - 0.5).to.be.closeTo(half, 0.01 * half);
    expect(one.repeated).to.deep.equal({ over: 'splits', times: 5 });
    const five = overSplits(score, splits, { folds: 5, queries: 1e6, ratio: 1 / 4 });
    expect(five.interval.recallAt1.high - 0.5).to.be.closeTo(half * Math.sqrt(0.45 / (10 / 9)), 0.01 * half);
  });
});
