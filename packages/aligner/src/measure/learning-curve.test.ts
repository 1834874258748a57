import { expect } from '@open-wc/testing';
import { worthOfMore } from './learning-curve.ts';

const curve = (...points: [number, number, number?][]) =>
  points.map(([pairs, recallAt1, sd = 0]) => ({ pairs, recallAt1, recallAt10: recallAt1, sd }));

describe('worthOfMore', () => {
  it('goes on with the slope of the last doubling, for a round number of pairs', () => {
    const more = worthOfMore(curve([50, 0.2], [100, 0.3], [200, 0.4]), 3)!;
    expect(more.pairs).to.equal(50);
    expect(more.gain).to.be.closeTo(0.1 * Math.log2(1.25), 1e-12);
    expect(worthOfMore(curve([450, 0.2], [900, 0.3], [1800, 0.4]), 3)!.pairs).to.equal(200);
    expect(worthOfMore(curve([4, 0.2], [8, 0.3], [16, 0.4]), 3)!.pairs).to.equal(5);
  });

  it('promises nothing where the curve is flat or falls, nor more than everything', () => {
    expect(worthOfMore(curve([50, 0.4], [100, 0.4], [200, 0.38]), 3)!.gain).to.equal(0);
    expect(worthOfMore(curve([50, 0.1], [100, 0.2], [200, 0.99]), 3)!.gain).to.be.at.most(0.01 + 1e-12);
  });

  it('does not take noise for a rise', () => {
    const noisy = curve([50, 0.2], [100, 0.3, 0.05], [200, 0.33, 0.05]);
    expect(worthOfMore(noisy, 3)!.gain).to.equal(0);
    expect(worthOfMore(noisy, 30)!.gain).to.be.above(0);
  });

  it('says nothing of a curve that is too short', () => {
    expect(worthOfMore(curve([50, 0.2], [100, 0.3]), 3)).to.equal(undefined);
  });
});
