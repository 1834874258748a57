import { random, trust } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { estimateTrust, type AnswerList } from './estimate-trust.ts';

/** Lists of ten whose right answer is drawn with the probabilities of a known calibration. */
function drawn(count: number, slope: number, offset: number): AnswerList[] {
  const draw = random(5);
  return Array.from({ length: count }, () => {
    const scores = Array.from({ length: 10 }, () => 0.1 * draw.normal()).sort((a, b) => b - a);
    let rest = draw.next();
    const chances = trust({ slope, offset, listed: 10, candidates: 0, queries: 0 }, scores);
    return { scores, right: chances.findIndex((chance) => (rest -= chance) < 0) };
  });
}

describe('estimateTrust', () => {
  it('finds the slope and offset that answers were drawn with', () => {
    const { slope, offset, queries } = estimateTrust(drawn(4000, 25, -3));
    expect(slope).to.be.closeTo(25, 1.5);
    expect(offset).to.be.closeTo(-3, 0.25);
    expect(queries).to.equal(4000);
  });

  it('stays finite when all answers are right, and when all are wrong', () => {
    const lists = drawn(50, 25, -3);
    const right = estimateTrust(lists.map(({ scores }) => ({ scores, right: 0 })));
    const wrong = estimateTrust(lists.map(({ scores }) => ({ scores, right: -1 })));
    const top = lists.map(({ scores }) => scores);
    const mean = (found: typeof right): number =>
      top.reduce((sum, scores) => sum + trust({ ...found, listed: 10, candidates: 0 }, scores)[0]!, 0) / top.length;
    expect(mean(right)).to.be.within(0.9, 1);
    expect(mean(wrong)).to.be.within(0, 0.1);
  });

  it('never trusts a higher score less', () => {
    const backwards = drawn(300, 25, -3).map(({ scores }) => ({ scores, right: 9 }));
    expect(estimateTrust(backwards).slope).to.equal(0);
  });
});
