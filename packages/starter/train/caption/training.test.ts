import { startEngine } from '@cognate/nn';
import { expect } from '@open-wc/testing';
import { loadTexts, nameOf, trainingTexts, type ConceptTexts } from '../text/texts.ts';
import { textDim } from '../text/text-model.ts';
import { eosId, learnBpe, type Bpe } from './bpe.ts';
import { drawPoints } from './conditions.ts';
import { captionDefaults } from './options.ts';
import { captionKeywords, captionTargets, spelling, tokensByLanguage, type Target } from './targets.ts';
import { trainCaptioner, type CaptionTraining } from './training.ts';

const languages = ['en', 'de'] as const;
const small = {
  ...captionDefaults,
  dim: 32,
  heads: 2,
  layers: 1,
  hidden: 64,
  conditionHidden: 64,
  tokens: 96,
  groups: 2,
  means: 0,
  mixed: 0,
  noisy: 0,
};

/** A point of its own for each concept. */
const points = {
  rows: Float32Array.from({ length: 40 * textDim }, (_, i) => Number(i % textDim === Math.floor(i / textDim) * 5)),
  starts: Int32Array.from({ length: 41 }, (_, i) => i),
  names: new Int32Array(40).fill(1),
};

describe('training of the captioner', () => {
  let all: readonly ConceptTexts[];
  let concepts: readonly ConceptTexts[];
  let targets: readonly Target[];
  let vocabulary: number;
  let bpe: Bpe;
  before(async () => {
    await startEngine({ device: 'wasm' });
    all = await loadTexts();
    concepts = trainingTexts(all).slice(0, 40);
    const names = concepts.flatMap(({ texts }) =>
      texts.flatMap(({ language, name }) => (language === 'en' || language === 'de' ? [spelling(name, language)] : [])),
    );
    bpe = learnBpe(names, 400);
    vocabulary = bpe.vocabulary.length;
    targets = captionTargets(concepts, languages, bpe).filter(({ tokens }) => tokens.length <= 6);
  });
  const start = (): CaptionTraining =>
    trainCaptioner(concepts, targets, { languages: 2, vocabulary }, drawPoints(points, small), small);

  it('ends every target and knows which tokens a language uses', () => {
    for (const { tokens } of targets) expect(tokens.indexOf(eosId)).to.equal(tokens.length - 1);
    const [english, german] = tokensByLanguage(targets, 2);
    expect([...english!].sort()).not.to.deep.equal([...german!].sort());
    expect(english![0]).to.equal(eosId);
  });
  it('writes keywords of its own concepts, each once, and none that is the name of any concept', () => {
    const keywords = captionKeywords(concepts, all, languages, bpe);
    expect(keywords.length).to.be.greaterThan(targets.length);
    for (const [index, language] of languages.entries()) {
      const own = keywords.filter((each) => each.language === index).map(({ text }) => text.toLowerCase());
      expect(new Set(own).size).to.equal(own.length);
      const names = all.map((concept) => nameOf(concept, language).toLowerCase());
      expect(own.filter((text) => names.includes(text))).to.deep.equal([]);
    }
    for (const { concept, language, text, tokens } of keywords) {
      const { texts } = concepts[concept]!;
      expect(texts.find((each) => each.language === languages[language])!.keywords).to.include(text);
      expect(bpe.decode(tokens).trim()).to.equal(text);
    }
  });
  it('takes no concept that is held out or kept for validation', () => {
    for (const part of ['heldOut', 'validation'] as const) {
      const leaking = [...concepts, all.find((concept) => concept.part === part)!];
      const sizes = { languages: 2, vocabulary };
      const begin = (final: boolean) => () =>
        trainCaptioner(leaking, targets, sizes, drawPoints(points, small), { ...small, final });
      expect(begin(false)).to.throw('must not be');
      if (part === 'heldOut') expect(begin(true)).to.throw('must not be');
    }
  });
  it('learns names by heart', async () => {
    using training = start();
    const first = (await training.update(0)).loss;
    let last = first;
    for (let i = 0; i < 40; i++) last = (await training.update(i / 80)).loss;
    expect(first).to.be.within(3, 8);
    expect(last).to.be.lessThan(first * 0.75);
    const mean = training.losses.reduce((a, b) => a + b, 0) / targets.length;
    expect(mean).not.to.be.closeTo(2, 1e-3); // reported, not as they began
  });
  it('begins with the weights that it is given', async () => {
    using straight = start();
    for (let i = 0; i < 20; i++) await straight.update(0.1);
    const begin = await straight.weights();
    const { loss } = await straight.update(1);
    using next = trainCaptioner(
      concepts,
      targets,
      { languages: 2, vocabulary },
      drawPoints(points, small),
      small,
      begin,
    );
    expect((await next.update(1)).loss).to.be.closeTo(loss, loss / 4);
  });
  it('goes on from a checkpoint with the numbers of an uninterrupted run', async () => {
    using straight = start();
    for (let i = 0; i < 3; i++) await straight.update(0.1);
    const bytes = await straight.save({ so: 'far' });
    const wanted = [await straight.update(0.2), await straight.update(0.2)];
    using resumed = start();
    expect(resumed.restore(bytes)).to.deep.equal({ so: 'far' });
    expect(resumed.step).to.equal(3);
    for (const { loss } of wanted) expect((await resumed.update(0.2)).loss).to.be.closeTo(loss, 1e-4);
  });
});
