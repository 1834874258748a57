import { expect } from '@open-wc/testing';
import { captionConsensus } from './caption-consensus.ts';

describe('captionConsensus()', () => {
  const written = (text: string, chance: number) => ({
    ...{ text, language: 'en', finished: true, seed: 0 },
    logProbability: Math.log(chance),
  });

  it('believes a captioner that is sure of a point, but not of an aligned one', () => {
    const [own, aligned] = [captionConsensus({ aligned: false }), captionConsensus({ aligned: true })];
    expect([0.99, 0.91, 0.89].map((chance) => own.isSure!(written('sun', chance)))).to.deep.equal([true, true, false]);
    expect(aligned.isSure!(written('sun', 1))).to.equal(false);
  });

  it('compares what is written', () => {
    const { likeness } = captionConsensus({ aligned: true });
    expect(likeness(written('red car', 0.1), written('redcar', 0.9))).to.be.closeTo(1, 1e-9);
    expect(likeness(written('sun', 0.5), written('cat', 0.5))).to.equal(0);
  });
});
