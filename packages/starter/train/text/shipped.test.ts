import { dotProducts, type Encoder } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { loadShippedText } from './evaluate.ts';
import { recall } from './score.ts';
import { loadTexts, nameOf, type ConceptTexts } from './texts.ts';

describe('the shipped text encoder', () => {
  let encoder: Encoder<string>;
  let heldOut: readonly ConceptTexts[];
  before(async () => {
    encoder = await loadShippedText();
    heldOut = (await loadTexts()).filter(({ part }) => part === 'heldOut');
  });
  after(() => encoder[Symbol.asyncDispose]());

  it('finds German names of concepts that it never saw by their English names', async () => {
    const english = await encoder.encode(heldOut.map((concept) => nameOf(concept, 'en')));
    const german = await encoder.encode(heldOut.map((concept) => nameOf(concept, 'de')));
    const { r1, r10 } = recall(english, german);
    expect(r1).to.be.greaterThan(0.5);
    expect(r10).to.be.greaterThan(0.75);
  });
  it('has a point for every name of every script', async () => {
    for (const language of ['ja', 'zh', 'zh-hant', 'ko', 'th', 'hi', 'bn', 'ru'] as const) {
      const { count } = await encoder.encode(heldOut.map((concept) => nameOf(concept, language)));
      expect(count).to.equal(heldOut.length);
    }
  });
  it('stays close when case, accents, spaces and filler words change', async () => {
    const variants = ['sleepy cat', 'Sleepy  CAT', 'a cat that is sleepy', 'sleepy catt', 'flag: Chile'];
    const { data, space } = await encoder.encode(variants);
    const [same, case_, filler, typo, other] = dotProducts(data.subarray(0, space.dim), data, space.dim);
    expect(case_).to.be.closeTo(same!, 1e-5);
    expect(filler).to.be.greaterThan(0.6);
    expect(typo).to.be.greaterThan(0.6);
    expect(other).to.be.lessThan(0.4);
  });
  it('cuts a text of 20,000 characters', async () => {
    const { count } = await encoder.encode(['cat face '.repeat(2222)]);
    expect(count).to.equal(1);
  });
});
