import { chrf } from '@cognate/aligner';
import type { Embeddings, Encoder } from '@cognate/core';
import type { Captioner } from '@cognate/decoders';
import { expect } from '@open-wc/testing';
import { loadShippedText } from '../text/evaluate.ts';
import type { Language } from '../text/languages.ts';
import { loadTexts, nameOf, trainingTexts, type ConceptTexts } from '../text/texts.ts';
import { loadShippedCaptioner } from './shipped.ts';

describe('the shipped captioner', () => {
  let captioner: Captioner;
  let encoder: Encoder<string>;
  let concepts: readonly ConceptTexts[];
  let points: Embeddings;
  before(async () => {
    [captioner, encoder] = await Promise.all([loadShippedCaptioner(), loadShippedText()]);
    concepts = trainingTexts(await loadTexts()).filter((_, i) => i % 40 === 0);
    points = await encoder.encode(concepts.map((concept) => nameOf(concept, 'en')));
  });
  after(async () => {
    await captioner[Symbol.asyncDispose]();
    await encoder[Symbol.asyncDispose]();
  });

  it('translates names that it was trained on, in every script', async () => {
    for (const language of ['de', 'ru', 'ja', 'ko'] as const satisfies readonly Language[]) {
      const written = await captioner.decode(points, { language });
      const right = written.filter(({ text }, i) => text === nameOf(concepts[i]!, language));
      expect(right.length / concepts.length, language).to.be.greaterThan(0.8);
      expect(written.every(({ finished }) => finished)).to.equal(true);
    }
  });
  it('comes near to names that it has never seen, far nearer than to those of other concepts', async () => {
    const heldOut = (await loadTexts()).filter(({ part }) => part === 'heldOut');
    const asked = await encoder.encode(heldOut.map((concept) => nameOf(concept, 'en')));
    const written = (await captioner.decode(asked, { language: 'de' })).map(({ text }) => text);
    const truths = heldOut.map((concept) => [nameOf(concept, 'de')]);
    const others = truths.map((_, i) => truths[(i + 90) % truths.length]!);
    expect(chrf(written, truths)).to.be.greaterThan(chrf(written, others) + 10);
  });
});
