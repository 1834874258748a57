import type { CallOptions, Progress } from '@cognate/core';
import { isHeldOut } from '@cognate/starter';
import { expect } from '@open-wc/testing';
import type { TranslatorChoice } from '../../web-workers/src/shared/inference.ts';
import { keptBanks } from '../../web-workers/src/starter/kept-banks.ts';
import { loadOnce } from '../../web-workers/src/starter/load-once.ts';
import { starterNames } from '../../web-workers/src/starter/names.ts';
import { starterPairs } from '../../web-workers/src/starter/pairs.ts';
import { starterPictures } from '../../web-workers/src/starter/pictures.ts';
import { starterTranslators } from '../../web-workers/src/starter/translators.ts';
import { cognateError, rejection } from './helpers.ts';
import {
  hexcodes,
  imageSpace,
  textSpace,
  toyAlignment,
  toyFiles,
  toyImageEncoder,
  toyPicture,
  toyTextEncoder,
} from './toy-starter.ts';

/** A starter of toys, and what it loaded. Another seed is another revision of the text encoder. */
function toyStarter(seed = 0) {
  const files = toyFiles(seed);
  const loaded: string[] = [];
  const encoders = {
    text: loadOnce(async () => (loaded.push('text'), toyTextEncoder)),
    image: loadOnce(async () => (loaded.push('image'), toyImageEncoder)),
  };
  const names = starterNames(files, keptBanks(), encoders.text);
  const pictures = starterPictures(files);
  const alignments = {
    get: async (number: number) => (loaded.push(`alignment ${number}`), toyAlignment()),
    use: async () => toyAlignment(),
  };
  const translatorOf = starterTranslators({ encoders, names, pictures, alignments });
  const translator = (choice: Partial<TranslatorChoice>, options?: CallOptions) =>
    translatorOf(
      { from: 'text', to: 'text', language: 'en', style: 'noto', count: 3, alignment: 0, ...choice },
      options,
    );
  return { files, loaded, names, pictures, translator };
}

describe('the starter', () => {
  beforeEach(() => caches.delete('cognate-banks'));

  describe('translates', () => {
    it('pictures to names in a language', async () => {
      const { translator } = toyStarter();
      const t = await translator({ from: 'image', to: 'text', language: 'fr' });
      const [first, second] = await t.translate([toyPicture('openmoji', 'C'), toyPicture('noto', 'A')]);
      expect(first![0]!.item).to.deep.equal({ hexcode: 'C', name: 'fr C', language: 'fr' });
      expect(second![0]!.item).to.deep.include({ name: 'fr A' });
      expect(first).to.have.length(3);
      expect(first![0]!.trust).to.be.greaterThan(first![1]!.trust!);
    });

    it('phrases to pictures of a style, whole', async () => {
      const { translator } = toyStarter();
      const t = await translator({ from: 'text', to: 'image', style: 'twemoji' });
      const [answers] = await t.translate(['fr D']);
      expect(answers![0]!.item).to.deep.equal({ hexcode: 'D', style: 'twemoji', svg: '<svg>twemoji D</svg>' });
    });

    it('phrases between languages, without any alignment', async () => {
      const { translator, loaded } = toyStarter();
      const t = await translator({ from: 'text', to: 'text', language: 'fr' });
      expect((await t.translate(['de E']))[0]![0]!.item).to.deep.include({ name: 'fr E' });
      expect(loaded).to.deep.equal(['text']);
    });

    it('pictures between styles, without text encoder or alignment', async () => {
      const { translator, loaded } = toyStarter();
      const t = await translator({ from: 'image', to: 'image', style: 'noto' });
      expect((await t.translate([toyPicture('twemoji', 'F')]))[0]![0]!.item).to.deep.include({
        svg: '<svg>noto F</svg>',
      });
      expect(loaded).to.deep.equal(['image']);
    });

    it('to concepts that have a name or a picture there, and to no others', async () => {
      const { translator } = toyStarter();
      const count = 100;
      const french = await translator({ from: 'image', to: 'text', language: 'fr', count });
      const names = (await french.translate([toyPicture('noto', 'K')]))[0]!.map(({ item }) => item.hexcode);
      expect(names.sort()).to.deep.equal(hexcodes.slice(0, -2));
      const noto = await translator({ from: 'text', to: 'image', style: 'noto', count });
      expect((await noto.translate(['en L']))[0]).to.have.length(hexcodes.length - 1);
    });

    it('nothing to nothing', async () => {
      const { translator } = toyStarter();
      expect(await (await translator({ from: 'image' })).translate([])).to.deep.equal([]);
    });
  });

  describe('loads', () => {
    it('only what is needed: English names of a picture take the image encoder and one bank', async () => {
      const { translator, loaded, files } = toyStarter();
      await translator({ from: 'image', to: 'text', language: 'en' });
      expect(loaded.sort()).to.deep.equal(['alignment 0', 'image']);
      expect(files.asked.sort()).to.deep.equal(['banks/text-en.safetensors', 'names/en.json']);
    });

    it('each part once for translators made at the same time', async () => {
      const { translator, loaded, files } = toyStarter();
      await Promise.all([
        translator({ language: 'fr' }),
        translator({ language: 'fr' }),
        translator({ language: 'en' }),
      ]);
      expect(loaded).to.deep.equal(['text']);
      expect(files.asked.filter((path) => path === 'names/en.json')).to.have.length(1);
    });

    it('again after a failure', async () => {
      const { translator, files } = toyStarter();
      const bank = files.files.get('banks/text-en.safetensors')!;
      files.files.delete('banks/text-en.safetensors');
      expect((await cognateError(translator({ from: 'image' }))).code).to.equal('load-failed');
      files.files.set('banks/text-en.safetensors', bank.slice(0, -7));
      expect((await cognateError(translator({ from: 'image' }))).code).to.equal('file-format');
      files.files.set('banks/text-en.safetensors', bank);
      const t = await translator({ from: 'image' });
      expect((await t.translate([toyPicture('noto', 'B')]))[0]![0]!.item).to.deep.include({ name: 'en B' });
    });

    it('names of another language by encoding them, tells how far it is, and keeps them for the next visit', async () => {
      const first = toyStarter();
      const heard: Progress[] = [];
      await first.names('fr', { onProgress: (progress) => heard.push(progress) });
      expect(heard).to.deep.equal([{ phase: 'prepare', done: 10, total: 10 }]);
      expect(first.loaded).to.deep.equal(['text']);
      const next = toyStarter();
      const [before, after] = [await first.names('fr'), await next.names('fr')];
      expect(next.loaded).to.deep.equal([]);
      expect(after.items).to.deep.equal(before.items);
      after.points.data.forEach((x, i) => expect(x).to.be.closeTo(before.points.data[i]!, 1e-3));
    });

    it('kept names of another revision of the model never', async () => {
      await toyStarter().names('fr');
      const { names, loaded } = toyStarter(1);
      await names('fr');
      expect(loaded).to.deep.equal(['text']);
    });

    it('the points of Noto for a style that has none of its own', async () => {
      const { translator } = toyStarter();
      const t = await translator({ from: 'text', to: 'image', style: 'openmoji' });
      expect((await t.translate(['en G']))[0]![0]!.item).to.deep.include({ svg: '<svg>openmoji G</svg>' });
    });
  });

  describe('refuses', () => {
    it('languages and styles that it does not know, and says which it knows', async () => {
      const { translator } = toyStarter();
      const language = await cognateError(translator({ language: 'tlh' }));
      expect(language).to.include({ code: 'invalid-input' });
      expect(language.message).to.match(/knows names in bn, .*, not in "tlh"/);
      const style = await cognateError(translator({ to: 'image', style: 'cubist' }));
      expect(style.message).to.match(/styles noto, .*, not in "cubist"/);
    });

    it('to go on after an abort, and is ready for the next call', async () => {
      const { translator } = toyStarter();
      const controller = new AbortController();
      const call = translator({ from: 'image' }, { signal: controller.signal });
      controller.abort('enough');
      expect(await rejection(call)).to.equal('enough');
      const t = await translator({ from: 'image' });
      expect(await rejection(t.translate([toyPicture('noto', 'A')], { signal: controller.signal }))).to.equal('enough');
      expect(await t.translate([toyPicture('noto', 'A')])).to.have.length(1);
    });
  });

  describe('pairs', () => {
    const all = { language: 'fr', style: 'noto', count: Infinity, seed: 0 };

    it('names and pictures by concept, and keeps the held-out concepts apart', async () => {
      const { source, target, labels, hexcodes: codes, heldOut } = await starterPairs(toyStarter(), all);
      expect(source).to.include({ space: textSpace, count: codes.length });
      expect(target).to.deep.include({ space: imageSpace, count: codes.length });
      expect(labels).to.deep.equal(codes.map((code) => `fr ${code}`));
      expect([...codes, ...heldOut.hexcodes].sort()).to.deep.equal(hexcodes.slice(0, -2));
      expect(codes.some(isHeldOut)).to.equal(false);
      expect(heldOut.hexcodes.every(isHeldOut)).to.equal(true);
      expect(heldOut.source.count).to.equal(heldOut.hexcodes.length);
    });

    it('a seeded sample when asked for fewer', async () => {
      const sample = async (seed: number): Promise<string> =>
        String((await starterPairs(toyStarter(), { ...all, count: 4, seed })).hexcodes);
      expect((await sample(1)).split(',')).to.have.length(4);
      expect(await sample(1)).to.equal(await sample(1));
      expect(await sample(1)).not.to.equal(await sample(2));
    });
  });
});
