import { expect } from '@open-wc/testing';
import { plainKey, readOwnPairs } from './own-pairs.ts';

describe('readOwnPairs()', () => {
  it('reads phrase and emoji with a comma, a semicolon or a tab between', () => {
    const { pairs, wrong } = readOwnPairs('my bike, 🚲\n\nTom the cat;🐈\nboss\t👩‍🚀 ');
    expect(pairs).to.deep.equal([
      { phrase: 'my bike', hexcode: '1F6B2' },
      { phrase: 'Tom the cat', hexcode: '1F408' },
      { phrase: 'boss', hexcode: '1F469-200D-1F680' },
    ]);
    expect(wrong).to.be.empty;
  });

  it('takes the last comma as the one between', () => {
    expect(readOwnPairs('red, ripe, sweet, 🍎').pairs[0]!.phrase).to.equal('red, ripe, sweet');
  });

  it('names the lines that it does not understand', () => {
    expect(readOwnPairs('dog, 🐕\nno emoji here\n, 🐈\nroom, 12').wrong).to.deep.equal([2, 3, 4]);
  });

  it('knows an emoji with and without its variation selector as one', () => {
    const [plain, coloured] = readOwnPairs('a, ❤\nb, ❤️').pairs;
    expect(plainKey(plain!.hexcode)).to.equal(plainKey(coloured!.hexcode));
  });
});
