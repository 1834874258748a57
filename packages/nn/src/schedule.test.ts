import { expect } from '@open-wc/testing';
import { warmupCosine } from './schedule.ts';

describe('warmupCosine()', () => {
  const plan = { peak: 1, warmup: 4, steps: 104, floor: 0.1 };
  it('rises linearly to the peak', () => {
    expect([0, 1, 2, 3, 4].map((step) => warmupCosine(step, plan))).to.deep.equal([0.25, 0.5, 0.75, 1, 1]);
  });
  it('is half way between peak and floor in the middle and at the floor from the end on', () => {
    expect(warmupCosine(54, plan)).to.be.closeTo(0.55, 1e-12);
    expect(warmupCosine(104, plan)).to.be.closeTo(0.1, 1e-12);
    expect(warmupCosine(500, plan)).to.be.closeTo(0.1, 1e-12);
  });
});
