import { random } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { cycleTrust, fitCycleTrust } from './cycle-trust.ts';

describe('fitCycleTrust()', () => {
  it('finds the logistic curve that samples were drawn from', () => {
    const { next } = random(1);
    const truth = { slope: 8, offset: -5 };
    const scores = Array.from({ length: 20_000 }, next);
    const right = scores.map((score) => next() < cycleTrust(truth, score));
    const found = fitCycleTrust(scores, right);
    expect(found.slope).to.be.closeTo(8, 0.3);
    expect(found.offset).to.be.closeTo(-5, 0.2);
  });

  it('equals the curve through two groups, as worked out by hand', () => {
    // At 0 one of four is right, at 1 three of four: logits -ln 3 and ln 3, but for targets 5/6 and 1/6 a little less:
    // (1 * 5/6 + 3 * 1/6) / 4 = 1/3 and 2/3, logits -ln 2 and ln 2.
    const scores = [0, 0, 0, 0, 1, 1, 1, 1];
    const right = [true, false, false, false, true, true, true, false];
    const { slope, offset } = fitCycleTrust(scores, right);
    expect(offset).to.be.closeTo(-Math.log(2), 1e-6);
    expect(slope).to.be.closeTo(2 * Math.log(2), 1e-6);
  });

  it('claims no certainty where right and wrong do not overlap', () => {
    const { slope, offset } = fitCycleTrust([0.1, 0.2, 0.3, 0.7, 0.8, 0.9], [false, false, false, true, true, true]);
    const [low, high] = [0.1, 0.9].map((score) => cycleTrust({ slope, offset }, score));
    expect(low).to.be.within(0.01, 0.3);
    expect(high).to.be.within(0.7, 0.99);
  });

  it('gives every score the same where higher ones are not right more often', () => {
    const { slope, offset } = fitCycleTrust([0.1, 0.2, 0.8, 0.9], [true, true, false, false]);
    expect([slope, offset]).to.deep.equal([0, 0]);
    expect(fitCycleTrust([0.5, 0.5], [true, false])).to.deep.equal({ slope: 0, offset: 0 });
  });

  it('refuses what nothing can be learned from', () => {
    expect(() => fitCycleTrust([0.5], [true])).to.throw('two or more');
    expect(() => fitCycleTrust([0.5, NaN], [true, false])).to.throw('numbers');
    expect(() => fitCycleTrust([0.5, 0.6], [true])).to.throw('as many truths');
  });
});
