import { row, rows, type Embeddings, type PartialSample, type Progress } from '@cognate/core';
import {
  captionLanguages,
  connect,
  paintStyles,
  type Caption,
  type Cognate,
  type GenerateOptions,
  type Painting,
} from '@cognate/web-workers';
import { expect } from '@open-wc/testing';
import { cognateError, rejection, watchWorkers } from './helpers.ts';

/** The built site with the captioner and the painter that it ships. */
describe('the shipped generators', () => {
  let cognate: Cognate;
  before(async () => {
    cognate = await connect({ baseUrl: '/' });
  });
  after(() => cognate[Symbol.asyncDispose]());

  const known = async (model: string): Promise<Record<'languages' | 'styles', string[]>> => {
    const config = (await (await fetch(`/starter/models/cognate/${model}/config.json`)).json()) as { cognate: never };
    return config.cognate;
  };
  /** Pictures in two steps are poor, but pictures. */
  const quick = { steps: 2 };
  const words = ['octopus', 'guitar', 'red apple'];

  it('offer in menus what they know', async () => {
    const { languages } = await known('captioner');
    expect(captionLanguages.map(({ code }) => code)).to.have.members(languages);
    const { styles } = await known('painter');
    expect(paintStyles.map(({ id }) => id)).to.have.members(styles);
    expect(cognate).to.include({ captionLanguages, paintStyles });
  });

  it('write in another language what they are told', async () => {
    const generator = await cognate.generator({ from: 'text', to: 'text', language: 'de' });
    const made = await generator.translate(words);
    expect(made.map((list) => list.length)).to.deep.equal([1, 1, 1]);
    expect(made[0]![0]).to.include({ language: 'de', seed: 0 });
    expect(made[0]![0]!.text).to.match(/\S/);
    expect(made[0]![0]!.score).to.be.within(-1, 1);
    expect(made[0]![0]!.logProbability).to.be.at.most(0);
  });

  it('paint what they are told, the same for the same seed, and name what they have painted', async () => {
    const painter = await cognate.generator({ from: 'text', to: 'image', style: 'twemoji' });
    const partials: PartialSample[] = [];
    const once = await painter.translate(words, { ...quick, seed: 3, onProgress: note(partials) });
    const again = await painter.translate(words, { ...quick, seed: 3 });
    expect(new Set(partials.map(({ index }) => index))).to.deep.equal(new Set([0, 1, 2]));
    expect(partials[0]!.picture).to.include({ width: 128, height: 128 });
    expect(once[0]![0]).to.include({ style: 'twemoji', seed: 3 });
    expect(once[0]![0]!.picture).to.include({ width: 128, height: 128 });
    expect(pixels(once)).to.deep.equal(pixels(again));
    expect(once).to.deep.equal(again);
    const pictures = once.map(([first]) => first!.picture);
    const restyled = await cognate.generator({ from: 'image', to: 'image', style: 'noto' });
    expect(pixels(await restyled.translate(pictures.slice(0, 1), quick))[0]).to.have.length(128 * 128 * 4);
    const namer = await cognate.generator({ from: 'image', to: 'text' });
    expect((await namer.translate(pictures)).map(([first]) => first!.language)).to.deep.equal(['en', 'en', 'en']);
    // Pictures are copied on their way to the worker: they stay the page's.
    expect(pictures[0]!.data).to.have.length(128 * 128 * 4);
  });

  it('draw the same texts for the same seed, each of them once, with its score', async () => {
    const generator = await cognate.generator({ from: 'image', to: 'text' });
    const points = (await cognate.starterPairs({ count: 3 })).target;
    const draw = (options: GenerateOptions): Promise<readonly (readonly Caption[])[]> =>
      generator.decode(points, options);
    const settings = { count: 3, candidates: 8, seed: 11 };
    const [once, again] = [await draw(settings), await draw(settings)];
    expect(once).to.deep.equal(again);
    for (const list of once) {
      expect(new Set(list.map(({ text }) => text)).size).to.equal(list.length);
      for (const { score } of list) expect(score).to.be.within(-1, 1);
    }
    expect((await draw({ beams: 3 })).map((list) => list.length)).to.deep.equal([1, 1, 1]);
  });

  it('make something of a point between two others, of either space', async () => {
    const { source, target } = await cognate.starterPairs({ count: 2 });
    const writer = await cognate.generator({ from: 'text', to: 'text' });
    const painter = await cognate.generator({ from: 'text', to: 'image' });
    for (const points of [source, target]) {
      const between = mean(points);
      expect((await writer.decode(between))[0]![0]!.text).to.be.a('string');
      expect((await painter.decode(between, quick))[0]![0]!.picture).to.be.instanceOf(ImageData);
    }
    const elsewhere = { ...source, space: { ...source.space, id: 'elsewhere@1' } };
    expect(await cognateError(writer.decode(elsewhere))).to.include({ code: 'space-mismatch' });
  });

  it('show the text as it grows, and stop between two tokens', async () => {
    const generator = await cognate.generator({ from: 'text', to: 'text', language: 'de' });
    const partials: PartialSample[] = [];
    const [[made]] = (await generator.translate(['guitar'], { onProgress: note(partials) })) as [[Caption]];
    expect(partials.length).to.be.greaterThan(0);
    for (const { index, text } of partials) expect([index, made.text.startsWith(text!)]).to.deep.equal([0, true]);

    const controller = new AbortController();
    const many = generator.translate(
      Array.from({ length: 200 }, () => 'guitar'),
      {
        signal: controller.signal,
        onProgress: ({ phase }) => phase === 'decode' && controller.abort('enough'),
      },
    );
    expect(await rejection(many)).to.equal('enough');
    expect((await generator.translate(['guitar']))[0]![0]).to.deep.equal(made);
  });

  it('refuse what they do not know, and work on', async () => {
    const refused = cognate.generator({ from: 'text', to: 'text', language: 'tlh' });
    expect((await cognateError(refused)).message).to.match(/^generator\(\) writes in .*, not "tlh"$/);
    const generator = await cognate.generator({ from: 'text', to: 'text' });
    expect((await cognateError(generator.translate(['sun'], { beams: 0.5 }))).message).to.match(/as beams, got 0.5$/);
    expect(await cognateError(generator.translate(['']))).to.include({ code: 'invalid-input' });
    expect(await generator.translate([])).to.deep.equal([]);
    await generator[Symbol.asyncDispose]();
    expect(await cognateError(generator.translate(['sun']))).to.include({ code: 'disposed' });
  });

  it('use the alignment that was chosen', async () => {
    const { source, target } = await cognate.starterPairs({ count: 40 });
    const { alignment } = await cognate.fit(source, target, { method: 'ridge' });
    const points = rows(target, [0, 1]);
    const own = await cognate.generator({ from: 'image', to: 'text' });
    const [before] = (await own.decode(points)) as [readonly Caption[]];
    await cognate.use(alignment);
    const chosen = await cognate.generator({ from: 'image', to: 'text' });
    await cognate.use(undefined);
    const handed = await cognate.generator({ from: 'image', to: 'text', alignment });
    const [after] = (await chosen.decode(points)) as [readonly Caption[]];
    expect(after[0]!.score).not.to.equal(before[0]!.score);
    expect(after[0]).not.to.have.property('trust');
    expect((await handed.decode(points))[0]).to.deep.equal(after);
    expect((await own.decode(points))[0]).to.deep.equal(before);
  });

  it('come back when their worker was killed, in mid-call and while it loads', async () => {
    using workers = watchWorkers();
    const victim = await connect({ baseUrl: '/' });
    const loading = victim.generator(
      { from: 'text', to: 'text' },
      { onProgress: ({ phase }) => phase === 'download' && workers.made[0]!.terminate() },
    );
    expect(await cognateError(loading)).to.include({ code: 'worker-failed' });
    const generator = await victim.generator({ from: 'text', to: 'text', language: 'de' });
    const killed = generator.translate(words, {
      onProgress: ({ phase }) => phase === 'decode' && workers.made[1]!.terminate(),
    });
    expect(await cognateError(killed)).to.include({ code: 'worker-failed' });
    expect(await generator.translate(words)).to.have.length(words.length);
    expect(workers.made).to.have.length(3);
    await victim[Symbol.asyncDispose]();
  });
});

const pixels = (outputs: readonly (readonly Painting[])[]): number[][] =>
  outputs.map(([first]) => [...first!.picture.data]);

const note = (partials: PartialSample[]) => (progress: Progress) =>
  void (progress.phase === 'decode' && progress.partial && partials.push(progress.partial));

function mean(points: Embeddings): Embeddings {
  const [a, b] = [row(points, 0), row(points, 1)];
  return { space: points.space, count: 1, data: a.map((x, k) => (x + b[k]!) / 2) };
}
