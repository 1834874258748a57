import { expect } from '@open-wc/testing';
import { byConsensus } from './consensus.ts';
import { textLikeness } from './text-likeness.ts';

describe('byConsensus()', () => {
  /** Two texts are alike where they begin with the same letter. */
  const likeness = (a: string, b: string): number => (a[0] === b[0] ? 1 : 0);
  const order = (...voices: { sample: string; weight: number }[]): string[] =>
    byConsensus(voices, likeness).map(({ sample }) => sample);

  it('puts what several agree on before a lone best', () => {
    expect(
      order({ sample: 'x', weight: 0.4 }, { sample: 'a1', weight: 0.35 }, { sample: 'a2', weight: 0.25 }),
    ).to.deep.equal(['a1', 'a2', 'x']);
  });

  it('lets each say as much as it weighs', () => {
    const [best, other] = [
      { sample: 'x', weight: 1 },
      { sample: 'a', weight: 0.4 },
    ];
    expect(order(best, other, other)[0]).to.equal('x');
    expect(order(best, other, other, other)[0]).to.equal('a');
  });

  it('asks how well a sample does where the other is right, not the other way round', () => {
    // Half of "ab" is in "a", all of "a" is in "ab": "ab" gains 1 x 1 + 1 x 1, "a" gains .5 x 1 + 1 x 1.
    const covers = (text: string, meant: string): number =>
      [...meant].filter((letter) => text.includes(letter)).length / meant.length;
    const voices = ['a', 'ab'].map((sample) => ({ sample, weight: 1 }));
    expect(byConsensus(voices, covers)[0]!.sample).to.equal('ab');
  });

  it('keeps candidates as they are, and the order of equals', () => {
    const voices = [
      { sample: 'b', weight: 0.1 },
      { sample: 'b', weight: 0.1, trust: 0.5 },
    ];
    expect(byConsensus<string, (typeof voices)[number]>(voices, likeness)).to.deep.equal(voices);
    expect(byConsensus([], likeness)).to.deep.equal([]);
  });
});

describe('textLikeness()', () => {
  it('equals numbers worked out by hand', () => {
    expect(textLikeness('sun', 'sun')).to.be.closeTo(1, 1e-9);
    expect(textLikeness('sun', 'cat')).to.equal(0);
    // One of two letters, no pair: precision and recall (1/2 + 0) / 2.
    expect(textLikeness('ab', 'ac')).to.be.closeTo(0.25, 1e-9);
    // Letters 2 of 2 and 2 of 4; pairs 1 of 1 and 1 of 3: 1 and 5/12. Either is precision: 5 p r / (4 p + r).
    expect(textLikeness('ab', 'abcd')).to.be.closeTo(25 / 53, 1e-9);
    expect(textLikeness('abcd', 'ab')).to.be.closeTo(25 / 32, 1e-9);
  });

  it('counts repeated runs no oftener than both have them, and no white space', () => {
    // Precision 1/4, recall 1.
    expect(textLikeness('aaaa', 'a')).to.be.closeTo((5 * 0.25) / (4 * 0.25 + 1), 1e-9);
    expect(textLikeness('red car', 'redcar')).to.be.closeTo(1, 1e-9);
    expect(textLikeness('', '')).to.equal(0);
    expect(textLikeness('日本', '日本')).to.be.closeTo(1, 1e-9);
  });
});
