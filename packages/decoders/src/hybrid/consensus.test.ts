import { expect } from '@open-wc/testing';
import { byConsensus } from './consensus.ts';
import { textLikeness } from './text-likeness.ts';

describe('byConsensus()', () => {
  /** Two texts are alike where they begin with the same letter. */
  const likeness = (a: string, b: string): number => (a[0] === b[0] ? 1 : 0);
  const order = (...ranked: { sample: string; score: number }[]): string[] =>
    byConsensus(ranked, likeness).map(({ sample }) => sample);

  it('puts what several agree on before a lone best', () => {
    expect(
      order({ sample: 'x', score: 0.5 }, { sample: 'a1', score: 0.49 }, { sample: 'a2', score: 0.48 }),
    ).to.deep.equal(['a1', 'a2', 'x']);
  });

  it('weighs candidates by score, at 20 a unit', () => {
    // exp(20 * -.05) = .3679: two of them are less than the lone best; three are more.
    const [best, other] = [
      { sample: 'x', score: 0.5 },
      { sample: 'a', score: 0.45 },
    ];
    expect(order(best, other, other)[0]).to.equal('x');
    expect(order(best, other, other, other)[0]).to.equal('a');
  });

  it('keeps scores, and the order of equals', () => {
    const ranked = [
      { sample: 'b', score: 0.1 },
      { sample: 'b', score: 0.1, trust: 0.5 },
    ];
    expect(byConsensus(ranked, likeness)).to.deep.equal(ranked);
    expect(byConsensus([], likeness)).to.deep.equal([]);
  });
});

describe('textLikeness()', () => {
  it('equals numbers worked out by hand', () => {
    expect(textLikeness('sun', 'sun')).to.be.closeTo(1, 1e-9);
    expect(textLikeness('sun', 'cat')).to.equal(0);
    // One of two letters, no pair: (1/2 + 0) / 2.
    expect(textLikeness('ab', 'ac')).to.be.closeTo(0.25, 1e-9);
    // Letters 2 of 2 and 2 of 4; pairs 1 of 1 and 1 of 3: 1 and 5/12, harmonic mean 10/17.
    expect(textLikeness('ab', 'abcd')).to.be.closeTo(10 / 17, 1e-9);
  });

  it('counts repeated runs no oftener than both have them, and no white space', () => {
    expect(textLikeness('aaaa', 'a')).to.be.closeTo((2 * 0.25) / 1.25, 1e-9);
    expect(textLikeness('red car', 'redcar')).to.be.closeTo(1, 1e-9);
    expect(textLikeness('', '')).to.equal(0);
    expect(textLikeness('日本', '日本')).to.be.closeTo(1, 1e-9);
  });
});
