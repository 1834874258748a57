import { expect } from '@open-wc/testing';
import { keepBest, leavesRoom } from './choose-method.ts';
import { pooled, quality } from './measure/judge.ts';
import type { Candidate, Method } from './methods.ts';

/** A method that placed the right answer of each query so far back, in both directions. */
function shown(method: Method, ranks: readonly number[], evidence?: number): Candidate {
  const ranked = [{ forward: Float64Array.from(ranks), backward: Float64Array.from(ranks) }];
  const heads = (): Promise<never> => Promise.reject(new RangeError('no heads'));
  return { method, setting: {}, ranked, quality: quality(pooled(ranked)), evidence, seconds: 0, heads };
}

const [good, fair, poor] = [1, 2, 4].map((rank) => Array.from({ length: 60 }, (_, i) => rank + (i % 3)));
const kept = (...tried: Candidate[]): Method => keepBest(tried, 60).method;

describe('keepBest', () => {
  it('keeps CSA straight or bent, whichever has more evidence, even where one look says otherwise', () => {
    expect(kept(shown('csa', fair!, 0.5), shown('kernel', good!, 0.4))).to.equal('csa');
    expect(kept(shown('csa', good!, 0.4), shown('kernel', fair!, 0.5))).to.equal('kernel');
  });

  it('bends only for a clear gain where there is no evidence', () => {
    expect(kept(shown('csa', fair!), shown('kernel', [1, ...fair!.slice(1)]))).to.equal('csa');
    expect(kept(shown('csa', fair!), shown('kernel', good!))).to.equal('kernel');
  });

  it('keeps another method only for a clear gain over that', () => {
    const usual = [shown('csa', poor!, 0.4), shown('kernel', fair!, 0.5)] as const;
    expect(kept(shown('procrustes', [1, ...fair!.slice(1)]), ...usual)).to.equal('kernel');
    expect(kept(shown('procrustes', good!), ...usual)).to.equal('procrustes');
  });

  it('does without a map where that is better than guessing, unless another method is clearly better', () => {
    const usual = [shown('csa', fair!, 0.5), shown('kernel', poor!, 0.4)] as const;
    expect(kept(shown('identity', good!), ...usual)).to.equal('identity');
    expect(kept(shown('identity', [4, 2, ...fair!.slice(2)]), ...usual)).to.equal('identity');
    expect(kept(shown('identity', poor!), ...usual)).to.equal('csa');
    const lucky = Array.from({ length: 60 }, (_, i) => i + 1);
    expect(kept(shown('identity', lucky), shown('csa', lucky.toReversed(), 0.1))).to.equal('csa');
  });
});

describe('leavesRoom', () => {
  it('tells whether another method could be better by more than chance', () => {
    const first = Array.from({ length: 60 }, () => 1);
    expect(leavesRoom([shown('csa', good!)])).to.equal(true);
    expect(leavesRoom([shown('identity', good!), shown('csa', first)])).to.equal(false);
    expect(leavesRoom([shown('csa', [3, ...first])])).to.equal(false);
    expect(leavesRoom([shown('csa', [3, 2, 4, 2, ...first])])).to.equal(true);
  });
});
