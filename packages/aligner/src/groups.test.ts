import { expect } from '@open-wc/testing';
import { deal, groupsOfAlike, spread, steadyOrder } from './groups.ts';

const groupsOf = (count: number): Int32Array => Int32Array.from({ length: 2 * count }, (_, i) => i >> 1);

describe('groupsOfAlike()', () => {
  it('joins pairs that share a row, however long rows are', async () => {
    const wide = (id: string, ...values: number[]) => {
      const space = { id, dim: 70_000, normalized: false };
      return {
        space,
        count: values.length,
        data: Float32Array.from(
          { length: values.length * 70_000 },
          (_, at) => values[Math.floor(at / 70_000)]! + (at % 70_000),
        ),
      };
    };
    const groups = await groupsOfAlike(wide('a', 1, 2, 1, 3), wide('b', 5, 6, 7, 6), async () => {});
    expect([...groups]).to.deep.equal([0, 1, 0, 1]);
  });
});

describe('deal()', () => {
  it('hands out whole groups, each once', () => {
    const parts = deal(groupsOf(50), [10, 5], 1);
    expect(parts.map((part) => part.length)).to.deep.equal([20, 10, 70]);
    expect([...parts.flat()].sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 100 }, (_, i) => i));
    for (const part of parts) expect(new Set(part.map((row) => row >> 1)).size).to.equal(part.length / 2);
  });

  it('leaves groups where they were when others are added, if asked for a steady order', () => {
    const held = (count: number, share: number): number[] => deal(groupsOf(count), [share], 3, steadyOrder)[0]!;
    const before = held(1000, 100);
    const learned = new Set(deal(groupsOf(1000), [100], 3, steadyOrder)[1]);
    const after = held(1050, 105);
    expect(after.filter((row) => learned.has(row)).length).to.be.at.most(2 * 5);
    expect(after.filter((row) => before.includes(row)).length).to.be.above(2 * 90);
    expect(held(1000, 100)).to.deep.equal(before);
    expect(deal(groupsOf(1000), [100], 4, steadyOrder)[0]).not.to.deep.equal(before);
  });
});

describe('spread()', () => {
  it('takes all, or so many from all over', () => {
    expect([...spread(3, 5)]).to.deep.equal([0, 1, 2]);
    expect([...spread(10, 4)]).to.deep.equal([0, 2, 5, 7]);
  });
});
