import {
  rows,
  type Alignment,
  type CallOptions,
  type Embeddings,
  type PartialSample,
  type Progress,
} from '@cognate/core';
import type { Caption, Painting } from '@cognate/web-workers';
import { expect } from '@open-wc/testing';
import { starterGenerators } from '../../web-workers/src/generator/generators.ts';
import type { GeneratorChoice, GeneratorSettings } from '../../web-workers/src/shared/inference.ts';
import { keptBanks } from '../../web-workers/src/starter/kept-banks.ts';
import { loadOnce } from '../../web-workers/src/starter/load-once.ts';
import { starterNames } from '../../web-workers/src/starter/names.ts';
import { starterPictures } from '../../web-workers/src/starter/pictures.ts';
import { cognateError, rejection } from './helpers.ts';
import { toyMakers } from './toy-makers.ts';
import {
  hexcodes,
  imageSpace,
  nearestConcept,
  textSpace,
  toyAlignment,
  toyFiles,
  toyImageEncoder,
  toyPicture,
  toyPoints,
  toyTextEncoder,
} from './toy-starter.ts';

/** A starter of toys that makes things, and what it loaded. */
function toyGenerators({
  calibrated = true,
  alignment = toyAlignment(),
}: { calibrated?: boolean; alignment?: Alignment } = {}) {
  const files = toyFiles(0);
  const makers = toyMakers({ calibrated });
  const loaded: string[] = [];
  const broken = new Set<string>();
  const once = <Value>(name: string, value: Value) =>
    loadOnce(async () => {
      loaded.push(name);
      if (broken.has(name)) throw new Error(`no ${name}`);
      return value;
    });
  const encoders = { text: once('text', toyTextEncoder), image: once('image', toyImageEncoder) };
  const generators = starterGenerators({
    encoders,
    names: starterNames(files, keptBanks(), encoders.text),
    pictures: starterPictures(files),
    alignments: {
      async get(number) {
        if (!loaded.includes(`alignment ${number}`)) loaded.push(`alignment ${number}`);
        return alignment;
      },
      use: async () => alignment,
    },
    makers: { captioner: once('captioner', makers.captioner), painter: once('painter', makers.painter) },
  });
  const choose = (choice: Partial<GeneratorChoice>): GeneratorChoice => ({
    ...{ from: 'text', to: 'text', language: 'en', style: 'noto', alignment: 0 },
    ...choice,
  });
  type Settings = GeneratorSettings & CallOptions;
  const split = ({ signal, onProgress, ...settings }: Settings) => [settings, { signal, onProgress }] as const;
  return {
    ...{ files, makers, loaded, broken },
    prepare: (choice: Partial<GeneratorChoice>, options?: CallOptions) => generators.prepare(choose(choice), options),
    translate: (choice: Partial<GeneratorChoice>, inputs: readonly unknown[], settings: Settings = {}) =>
      generators.generate(choose(choice), { inputs: inputs as string[] }, ...split(settings)),
    decode: (choice: Partial<GeneratorChoice>, points: Embeddings, settings: Settings = {}) =>
      generators.generate(choose(choice), { points }, ...split(settings)),
  };
}

const first = <Made>(outputs: readonly (readonly (Caption | Painting)[])[], i = 0): Made => outputs[i]![0] as Made;
const conceptOf = ({ picture }: Painting): string => hexcodes[picture.data[0]!]!;

describe('generators of the starter', () => {
  describe('make', () => {
    it('texts of pictures, through the alignment', async () => {
      const { translate, loaded } = toyGenerators();
      const outputs = await translate({ from: 'image', language: 'fr' }, [
        toyPicture('noto', 'C'),
        toyPicture('noto', 'A'),
      ]);
      expect(first<Caption>(outputs)).to.include({
        text: 'fr C',
        language: 'fr',
        logProbability: -1,
        finished: true,
        seed: 0,
      });
      expect(first<Caption>(outputs, 1)).to.include({ text: 'fr A' });
      expect(loaded.sort()).to.deep.equal(['alignment 0', 'captioner', 'image', 'text']);
    });

    it('pictures of texts, through the alignment', async () => {
      const { translate, loaded } = toyGenerators();
      const made = first<Painting>(await translate({ to: 'image', style: 'twemoji' }, ['en D'], { seed: 5 }));
      expect(made).to.include({ style: 'twemoji', seed: 5 });
      expect(conceptOf(made)).to.equal('D');
      expect(made.picture).to.be.instanceOf(ImageData);
      expect(loaded.sort()).to.deep.equal(['alignment 0', 'image', 'painter', 'text']);
    });

    it('texts of texts and pictures of pictures, each without the other side and without an alignment', async () => {
      const words = toyGenerators();
      expect(first<Caption>(await words.translate({ language: 'fr' }, ['en B'])).text).to.equal('fr B');
      expect(words.loaded.sort()).to.deep.equal(['captioner', 'text']);
      const drawings = toyGenerators();
      const painting = first<Painting>(
        await drawings.translate({ from: 'image', to: 'image' }, [toyPicture('twemoji', 'E')]),
      );
      expect(conceptOf(painting)).to.equal('E');
      expect(drawings.loaded.sort()).to.deep.equal(['image', 'painter']);
    });

    it('samples of points of either space, whatever the generator starts from', async () => {
      const { decode } = toyGenerators();
      const texts = await toyTextEncoder.encode(['en F', 'en G']);
      const pictures = await toyImageEncoder.encode([toyPicture('noto', 'H')]);
      for (const from of ['text', 'image'] as const) {
        expect(first<Caption>(await decode({ from }, texts), 1).text).to.equal('en G');
        expect(first<Caption>(await decode({ from }, pictures)).text).to.equal('en H');
        expect(conceptOf(first(await decode({ from, to: 'image' }, texts)))).to.equal('F');
        expect(conceptOf(first(await decode({ from, to: 'image' }, pictures)))).to.equal('H');
      }
    });

    it('texts of pictures from names that an alignment of the page itself finds', async () => {
      // To this one, every concept is the one before it.
      const shipped = toyAlignment();
      const shifted = ({ space, count, data }: Embeddings): string[] =>
        Array.from({ length: count }, (_, i) => {
          const concept = nearestConcept(data.subarray(i * space.dim, (i + 1) * space.dim), space);
          return hexcodes.at(hexcodes.indexOf(concept) - 1)!;
        });
      const project: Alignment['project'] = (batch) =>
        shipped.project(batch.space.id === imageSpace.id ? toyPoints(imageSpace, shifted(batch)) : batch);
      const { translate, makers } = toyGenerators({ alignment: { ...shipped, project } });
      for (const [alignment, known] of [
        [0, 'C'],
        [1, 'B'],
      ] as const) {
        await translate({ from: 'image', alignment }, [toyPicture('noto', 'C')]);
        expect(makers.calls.at(-1)!.concepts.slice(0, 3)).to.deep.equal(['C', known, known]);
      }
    });

    it('the same of a sum of points, of any length, as of the mean', async () => {
      const { decode } = toyGenerators();
      const texts = await toyTextEncoder.encode(['en F', 'de F', 'fr F', 'en G']);
      const { dim } = textSpace;
      const data = Float32Array.from({ length: dim }, (_, k) => [0, 1, 2, 3].reduce((sum, i) => sum + texts.data[i * dim + k]!, 0)); // prettier-ignore
      const sum = { space: textSpace, count: 1, data };
      const long = { ...sum, data: data.map((x) => 1024 * x) };
      expect(await decode({}, sum)).to.deep.equal(await decode({}, long));
      expect(first<Caption>(await decode({}, sum)).text).to.equal('en F');
      expect(data).not.to.equal(long.data);
    });

    it('nothing of nothing', async () => {
      const { translate, decode } = toyGenerators();
      expect(await translate({ from: 'image' }, [])).to.deep.equal([]);
      expect(await decode({}, { space: imageSpace, count: 0, data: new Float32Array() }, { candidates: 4 })).to.deep.equal([]); // prettier-ignore
    });
  });

  describe('rank what they make', () => {
    it('by the cosine of the sample, encoded again, with the point, in its own space', async () => {
      const { translate } = toyGenerators();
      const [given, made] = [await toyTextEncoder.encode(['de C']), await toyTextEncoder.encode(['fr C'])];
      const cosine = given.data.reduce((sum, x, k) => sum + x * made.data[k]!, 0);
      expect(cosine).to.be.within(0.9, 0.9999);
      expect(first<Caption>(await translate({ language: 'fr' }, ['de C'])).score).to.be.closeTo(cosine, 1e-6);
    });

    it('or, of the other kind, where both sides meet', async () => {
      const { translate } = toyGenerators();
      const [given, made] = [
        await toyImageEncoder.encode([toyPicture('noto', 'C')]),
        await toyTextEncoder.encode(['fr C']),
      ];
      const cosine = given.data.reduce((sum, _, k) => sum + given.data[15 - k]! * made.data[k]!, 0);
      const { score, trust } = first<Caption>(
        await translate({ from: 'image', language: 'fr' }, [toyPicture('noto', 'C')]),
      );
      expect(score).to.be.closeTo(cosine, 1e-6);
      expect(trust).to.be.closeTo(1 / (1 + Math.exp(-(10 * score - 5))), 1e-6);
    });

    it('without trust where none was estimated, or not for the alignment in use', async () => {
      const picture = [toyPicture('noto', 'C')];
      const plain = toyGenerators({ calibrated: false });
      expect(first(await plain.translate({ from: 'image' }, picture))).not.to.have.property('trust');
      const { translate } = toyGenerators();
      expect(first(await translate({ from: 'image', alignment: 1 }, picture))).not.to.have.property('trust');
      expect(first(await translate({ alignment: 1 }, ['en C']))).to.have.property('trust');
    });

    it('texts by how many candidates agree, unless the captioner is sure of a point that was not aligned', async () => {
      const { translate, makers } = toyGenerators();
      const write = (logProbability: number): void => {
        // Of the point itself what is right, and scores best; of its mix and all that is known something else.
        makers.captioner.decode = async ({ count }) =>
          Array.from({ length: count }, (_, i) => ({
            ...{ text: i === 0 ? 'en C' : 'en D', language: 'en', finished: true, seed: 0 },
            logProbability,
          }));
      };
      const texts = async (choice: Partial<GeneratorChoice>, input: unknown): Promise<string[]> =>
        ((await translate(choice, [input], { count: 2 }))[0] as Caption[]).map(({ text }) => text);
      write(-1);
      expect(await texts({}, 'en C')).to.deep.equal(['en D', 'en C']);
      write(-0.01);
      expect(await texts({}, 'en C')).to.deep.equal(['en C', 'en D']);
      expect(await texts({ from: 'image' }, toyPicture('noto', 'C'))).to.deep.equal(['en D', 'en C']);
    });

    it('pictures best first, and give as many as were asked for', async () => {
      const { translate, makers } = toyGenerators();
      const [made] = await translate({ to: 'image' }, ['en D'], { count: 3, candidates: 8, seed: 7 });
      const scores = (made as Painting[]).map(({ score }) => score);
      expect(scores).to.have.length(3);
      expect(scores).to.deep.equal([...scores].sort((a, b) => b - a));
      expect(makers.calls[0]!.points.count).to.equal(8);
      expect(makers.calls[0]!.options).to.deep.include({ seed: [7, 7, 7, 7, 8, 8, 8, 8] });
    });

    it('texts that are the same only once', async () => {
      const { translate } = toyGenerators();
      const [made] = await translate({}, ['en D'], { count: 4 });
      const texts = (made as Caption[]).map(({ text }) => text);
      expect(texts[0]).to.equal('en D');
      expect(new Set(texts).size).to.equal(texts.length);
    });

    it('more candidates than are wanted for texts and where the kinds differ, unless told', async () => {
      const { translate, makers } = toyGenerators();
      const picture = [toyPicture('noto', 'C')];
      expect((await translate({ from: 'image' }, picture))[0]).to.have.length(1);
      await translate({ from: 'image' }, picture, { candidates: 1 });
      await translate({}, ['en C']);
      await translate({ to: 'image' }, ['en C']);
      // Of four sketches one is painted.
      expect(makers.calls.map(({ points }) => points.count)).to.deep.equal([7, 1, 7, 4, 1]);
    });

    it('candidates of what is known near the point: names of texts, pictures of the style', async () => {
      const { translate, files, makers } = toyGenerators();
      await translate({}, ['de D'], { candidates: 4 });
      expect(files.asked).to.include('banks/text-en.safetensors');
      const [point, mixed, nearest] = [0, 1, 2].map((i) => rows(makers.calls[0]!.points, [i]).data);
      const [asked, known] = [await toyTextEncoder.encode(['de D']), await toyTextEncoder.encode(['en D'])];
      expect(point).to.deep.equal(asked.data);
      for (const row of [mixed, nearest]) row!.forEach((x, k) => expect(x).to.be.closeTo(known.data[k]!, 1e-3));
      expect(makers.calls[0]!.concepts.slice(0, 3)).to.deep.equal(['D', 'D', 'D']);
      await translate({ from: 'image' }, [toyPicture('noto', 'D')]);
      rows(makers.calls[1]!.points, [2]).data.forEach((x, k) => expect(x).to.be.closeTo(known.data[k]!, 1e-3));
      await translate({ to: 'image', style: 'twemoji' }, ['en D'], { candidates: 2 });
      expect(files.asked).to.include('banks/image-twemoji.safetensors');
    });
  });

  describe('pass settings on', () => {
    it('each to the model that it is for', async () => {
      const { translate, makers } = toyGenerators();
      await translate({}, ['en A'], { beams: 3, steps: 9, candidates: 1 });
      expect(makers.calls[0]!.options).to.deep.equal({ language: 'en', seed: [0], beams: 3, temperature: undefined });
      const settings = { temperature: 1, steps: 9, seed: 4, candidates: 1 };
      await translate({ to: 'image', style: 'twemoji' }, ['en A'], settings);
      expect(makers.calls[1]!.options).to.deep.equal({ style: 'twemoji', seed: [4], steps: 0 });
      expect(makers.calls[2]!.options).to.deep.equal({ style: 'twemoji', seed: [4], steps: 9 });
    });

    it('and draw texts where the likeliest are too few', async () => {
      const { translate, makers } = toyGenerators();
      for (const candidates of [7, 8]) await translate({}, ['en A'], { candidates });
      const temperatures = makers.calls.map(({ options }) => (options as { temperature?: number }).temperature);
      expect(temperatures).to.deep.equal([undefined, 0.7]);
    });

    it('the same seed makes the same, another something else', async () => {
      const { translate } = toyGenerators();
      const draw = (seed: number) => translate({}, hexcodes.map((each) => `en ${each}`), { temperature: 1, seed }); // prettier-ignore
      expect(await draw(1)).to.deep.equal(await draw(1));
      const texts = async (seed: number) => (await draw(seed)).map((list) => (list[0] as Caption).text);
      expect(await texts(1)).not.to.deep.equal(await texts(2));
    });
  });

  describe('tell', () => {
    it('the text as it grows, of the first candidate alone, and how many inputs are done', async () => {
      const { translate } = toyGenerators();
      const heard: Progress[] = [];
      await translate({}, ['en A', 'en B'], { candidates: 2, onProgress: (progress) => heard.push(progress) });
      const decoding = heard.filter((progress) => progress.phase === 'decode');
      const partials = decoding.flatMap(({ partial }) => (partial ? [`${partial.index} ${partial.text}`] : []));
      expect(partials).to.deep.equal(['e', 'en', 'en ', 'en A', 'e', 'en', 'en ', 'en B'].map((text, i) => `${i < 4 ? 0 : 1} ${text}`)); // prettier-ignore
      expect(decoding.at(-1)).to.deep.equal({ phase: 'decode', done: 2, total: 2 });
    });

    it('the picture as it forms', async () => {
      const { translate } = toyGenerators();
      const partials: PartialSample[] = [];
      const onProgress = (progress: Progress): void =>
        void (progress.phase === 'decode' && progress.partial && partials.push(progress.partial));
      await translate({ from: 'image', to: 'image' }, [toyPicture('noto', 'A')], { steps: 3, onProgress });
      expect(partials.map(({ index }) => index)).to.deep.equal([0, 0, 0]);
      expect(partials[0]!.picture).to.be.instanceOf(ImageData);
    });
  });

  describe('load', () => {
    it('what the answer takes, and what inputs of their own kind take, before the first answer', async () => {
      const names = ['banks/text-en.safetensors', 'names/en.json'];
      const pictures = ['banks/image-noto.safetensors'];
      const drawings = ['fluent-flat', 'noto', 'twemoji'].map((style) => `banks/image-${style}.safetensors`);
      for (const [choice, wanted, asked] of [
        [
          { from: 'image', to: 'text', alignment: 0 },
          ['alignment 0', 'captioner', 'image', 'text'],
          [...drawings, ...names],
        ],
        [{ from: 'image', to: 'text' }, ['alignment 3', 'captioner', 'image', 'text'], names],
        [{ from: 'text', to: 'text' }, ['captioner', 'text'], names],
        [{ from: 'text', to: 'image' }, ['alignment 3', 'image', 'painter', 'text'], pictures],
        [{ from: 'image', to: 'image' }, ['image', 'painter'], []],
      ] as const) {
        const { prepare, loaded, files } = toyGenerators();
        await prepare({ alignment: 3, ...choice });
        expect(loaded.sort()).to.deep.equal(wanted);
        expect(files.asked.sort()).to.deep.equal(asked);
      }
    });

    it('again after a failure', async () => {
      const { prepare, translate, broken } = toyGenerators();
      broken.add('captioner');
      expect(await rejection(prepare({}))).to.have.property('message', 'no captioner');
      broken.clear();
      expect(first<Caption>(await translate({}, ['en A'])).text).to.equal('en A');
    });
  });

  describe('refuse', () => {
    it('languages and styles that the models do not know, before anything is loaded', async () => {
      const { prepare, translate, loaded } = toyGenerators();
      expect(await cognateError(prepare({ language: 'tlh' }))).to.include({ code: 'invalid-input' });
      expect((await cognateError(translate({ to: 'image', style: 'openmoji' }, ['en A']))).message).to.match(
        /"openmoji"/,
      );
      expect(loaded).to.deep.equal([]);
    });

    it('settings out of range, by name', async () => {
      const { translate, decode, loaded } = toyGenerators();
      expect((await cognateError(translate({}, ['en A'], { count: 0 }))).message).to.match(
        /^translate\(\) .* as count/,
      );
      const point = await toyTextEncoder.encode(['en A']);
      expect((await cognateError(decode({}, point, { seed: 0.5 }))).message).to.match(/^decode\(\) .* as seed/);
      expect(loaded).to.deep.equal([]);
    });

    it('points of other spaces, of no direction, of no number, and rows that are missing', async () => {
      const { decode } = toyGenerators();
      const point = await toyTextEncoder.encode(['en A']);
      const elsewhere = { ...point, space: { ...textSpace, id: 'elsewhere@1' } };
      const { code, message } = await cognateError(decode({}, elsewhere));
      expect(code).to.equal('space-mismatch');
      expect(message).to.equal('decode() needs points of toy-text@1 or toy-image@1, got elsewhere@1');
      const none = { ...point, data: new Float32Array(16) };
      expect((await cognateError(decode({}, none))).message).to.match(/row 0 is all zero/);
      const bad = { ...point, data: point.data.map((x, i) => (i === 3 ? NaN : x)) };
      expect((await cognateError(decode({}, bad))).message).to.match(/got NaN in row 0/);
      expect(await cognateError(decode({}, { ...point, count: 2 }))).to.include({ code: 'shape-mismatch' });
    });

    it('to go on after an abort: between two tokens, between two steps, before the start', async () => {
      const { translate, makers } = toyGenerators();
      for (const to of ['text', 'image'] as const) {
        const controller = new AbortController();
        const before = makers.steps;
        const call = translate({ to }, ['en A', 'en B', 'en C'], {
          signal: controller.signal,
          onProgress: ({ phase }) => phase === 'decode' && controller.abort('enough'),
        });
        expect(await rejection(call)).to.equal('enough');
        await new Promise((resolve) => setTimeout(resolve, 20));
        expect(makers.steps - before).to.equal(1);
      }
      const aborted = AbortSignal.abort('never mind');
      expect(await rejection(translate({}, ['en A'], { signal: aborted }))).to.equal('never mind');
      expect(await translate({}, ['en A'])).to.have.length(1);
    });
  });
});
