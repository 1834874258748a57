import { expect } from '@open-wc/testing';
import { trust, type Calibration } from './trust.ts';

const calibration: Calibration = { slope: 10, offset: -1, listed: 3, candidates: 100, queries: 50 };

describe('trust', () => {
  it('is a softmax over the listed answers and none of them', () => {
    const [a, b] = trust(calibration, [0.3, 0.1]);
    const sum = 1 + Math.exp(2) + Math.exp(0);
    expect(a).to.be.closeTo(Math.exp(2) / sum, 1e-12);
    expect(b).to.be.closeTo(1 / sum, 1e-12);
  });

  it('is higher for a clear lead than for a close one, and for a high score than for a low one', () => {
    const top = (...scores: number[]): number => trust(calibration, scores)[0]!;
    expect(top(0.4, 0.1)).to.be.greaterThan(top(0.4, 0.39));
    expect(top(0.4, 0.3)).to.be.greaterThan(top(-0.4, -0.5));
  });

  it('stays between 0 and 1 for extreme scores, adds up to at most 1, and has nothing to say of no answers', () => {
    const extreme = trust(calibration, [1e6, 1e6, -1e6]);
    expect(extreme).to.deep.equal([0.5, 0.5, 0]);
    expect(trust(calibration, [])).to.deep.equal([]);
  });
});
