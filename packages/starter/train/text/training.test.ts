import { random, similarity, type Embeddings } from '@cognate/core';
import { startEngine } from '@cognate/nn';
import { loadTextEncoder } from '@cognate/text-encoders';
import { expect } from '@open-wc/testing';
import { serveVirtually, type VirtualServer } from '../../../../test/helpers/virtual-files.ts';
import { isHeldOut } from '../../src/split.ts';
import { chooseGramRows } from './gram-rows.ts';
import { textDefaults, type TextOptions } from './options.ts';
import { publishModel, textModelFolder } from './publish.ts';
import { loadTexts, trainingTexts, type ConceptTexts } from './texts.ts';
import { characterTokenizer, collectCharacters } from './tokenizer.ts';
import { trainText, type TextTraining } from './training.ts';

const small: TextOptions = {
  ...textDefaults,
  steps: 8,
  concepts: 24,
  rows: 2000,
  dim: 24,
  hidden: 32,
  buckets: 2 ** 14,
};

function start(concepts: readonly ConceptTexts[]): TextTraining & { publish(files: object): Promise<void> } {
  const all = concepts.flatMap(({ texts }) => texts.flatMap(({ name, keywords }) => [name, ...keywords]));
  const tokenizer = characterTokenizer(collectCharacters(all));
  const training = trainText(concepts, tokenizer, chooseGramRows(concepts, tokenizer, small, small.rows), small);
  return Object.assign(training, {
    async publish(files: Record<string, Uint8Array<ArrayBuffer>>) {
      const publish = async (path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> => {
        files[path.replace(textModelFolder, '/starter/models/toy/text')] = bytes;
      };
      const nothing = async (): Promise<undefined> => undefined;
      const host = { log: () => {}, load: nothing, save: nothing, publish };
      await publishModel(host, await training.weights(), tokenizer);
    },
  });
}

describe('training of the text encoder', () => {
  let all: readonly ConceptTexts[];
  before(async () => {
    await startEngine({ device: 'wasm' });
    all = await loadTexts();
  });

  it('sees no concept that is held out', () => {
    const heldOut = all.filter(({ hexcode }) => isHeldOut(hexcode));
    expect(heldOut.length).to.be.within(150, 250);
    for (const andValidation of [false, true]) {
      const seen = new Set(trainingTexts(all, { andValidation }).map(({ hexcode }) => hexcode));
      expect(seen.size).to.be.greaterThan(1400);
      expect(heldOut.filter(({ hexcode }) => seen.has(hexcode))).to.have.length(0);
    }
    expect(() => start(all.slice(0, 60))).to.throw('is held out');
  });

  it('goes on from a checkpoint with the numbers of an uninterrupted run', async () => {
    const concepts = trainingTexts(all).slice(0, 60);
    using straight = start(concepts);
    for (let i = 0; i < 3; i++) await straight.update();
    const bytes = await straight.save(['so far']);
    const wanted = [await straight.update(), await straight.update()];
    using resumed = start(concepts);
    expect(resumed.restore(bytes)).to.deep.equal(['so far']);
    expect(resumed.step).to.equal(3);
    for (const loss of wanted) expect(await resumed.update()).to.be.closeTo(loss, 1e-4);
  });

  describe('publishes a model that', () => {
    let server: VirtualServer;
    let training: TextTraining;
    let texts: string[];
    let wanted: Embeddings;
    before(async () => {
      const concepts = trainingTexts(all).slice(0, 200);
      const own = start(concepts);
      training = own;
      for (let i = 0; i < 3; i++) await own.update();
      const files: Record<string, Uint8Array<ArrayBuffer>> = {};
      await own.publish(files);
      server = serveVirtually(files);
      const draw = random(3);
      texts = all
        .filter((_, i) => i % 10 === 0)
        .map(({ texts: own }) => own[draw.below(own.length)]!.name)
        .concat(['  Crème   BRÛLÉE!', 'ﬁsh & chips', 'x', 'a–b', '東京タワー', 'गाजर', 'ไข่ดาว', 'naïve façade 12½']);
      wanted = await training.encode(texts);
    });
    after(() => {
      server.restore();
      training[Symbol.dispose]();
    });

    it('transformers.js tokenizes as the training did, and the graph computes as the engine did', async () => {
      await using encoder = await loadTextEncoder({ model: 'toy/text', device: 'wasm' }, { baseUrl: '/' });
      expect(encoder.space.id).to.equal('cognate-text@1');
      const got = await encoder.encode(texts);
      const cosines = similarity({ ...got, space: wanted.space }, wanted);
      texts.forEach((text, i) => expect(cosines[i * texts.length + i], text).to.be.greaterThan(0.99));
      const mean = texts.reduce((sum, _, i) => sum + cosines[i * texts.length + i]!, 0) / texts.length;
      expect(mean).to.be.greaterThan(0.9995); // int8: another token would cost far more
    });
  });
});
