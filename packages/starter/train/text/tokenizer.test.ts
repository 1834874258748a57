import { expect } from '@open-wc/testing';
import { gramBuckets } from './grams.ts';
import { boundaryId, characters, characterTokenizer, collectCharacters, unknownId } from './tokenizer.ts';

describe('characterTokenizer()', () => {
  const tokenizer = characterTokenizer(collectCharacters(['café cat', 'cat face', 'tee fact'], 1));

  it('spells texts back', () => {
    const ids = tokenizer.encode('a cat');
    const spelt = [...ids].map((id) => tokenizer.vocabulary[id]).join('');
    expect(spelt).to.equal('▁a▁cat▁');
  });
  it('sees no difference between cases, accents and kinds of space', () => {
    const wanted = [...tokenizer.encode('cafe cat')];
    for (const text of ['CAFÉ cat', 'cafe\u0301  cat', 'ｃafé: cat']) {
      expect([...tokenizer.encode(text)], text).to.deep.equal(wanted);
    }
  });
  it('keeps the marks that carry vowels outside Latin', () => {
    expect(characters('हिन्दी')).to.include('ि');
    expect(characters('น้ำ')).to.include('้');
  });
  it('gives one id to every character it has not learned', () => {
    expect([...tokenizer.encode('☃q')]).to.deep.equal([boundaryId, unknownId, unknownId, boundaryId]);
  });
  it('leaves out characters that too few texts share', () => {
    expect(collectCharacters(['ab', 'bc', 'bb'], 2)).to.deep.equal(['b']);
  });
});

describe('gramBuckets()', () => {
  const scheme = { longest: 3, buckets: 2 ** 30 };

  it('numbers runs inside words, boundaries included', () => {
    // ▁ a b ▁ c ▁: runs of 1: a b c; of 2: ▁a ab b▁ ▁c c▁; of 3: ▁ab ab▁ ▁c▁, but neither b▁c nor anything like it.
    expect(gramBuckets([1, 5, 6, 1, 7, 1], scheme)).to.have.length(3 + 5 + 3);
  });
  it('gives the same number to the same run wherever it stands', () => {
    const [first, second] = [gramBuckets([1, 5, 6, 1], scheme), gramBuckets([1, 9, 1, 5, 6, 1], scheme)];
    expect(first.filter((bucket) => !second.includes(bucket))).to.deep.equal([]);
  });
  it('takes no notice of padding', () => {
    expect(gramBuckets([1, 5, 6, 1, 0, 0, 0], scheme)).to.deep.equal(gramBuckets([1, 5, 6, 1], scheme));
  });
});
