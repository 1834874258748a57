import { row, type Candidate, type Progress } from '@cognate/core';
import { connect, type Cognate, type Name, type PictureItem } from '@cognate/web-workers';
import { expect } from '@open-wc/testing';
import { cognateError } from './helpers.ts';

/** The built site with the models it ships. */
describe('the shipped starter', () => {
  let cognate: Cognate;
  before(async () => {
    cognate = await connect({ baseUrl: '/' });
  });
  after(() => cognate[Symbol.asyncDispose]());

  /** A sample picture as pixels: workers cannot draw SVG. */
  async function sample(style: string, hexcode: string): Promise<ImageBitmap> {
    const image = new Image(128, 128);
    image.src = `/starter/pictures/samples/${style}/${hexcode}.svg`;
    await image.decode();
    const canvas = new OffscreenCanvas(128, 128);
    canvas.getContext('2d')!.drawImage(image, 0, 0, 128, 128);
    return canvas.transferToImageBitmap();
  }

  /** Concepts that every site keeps a sample picture of. */
  const hexcodes = '1F419 1F335 1F6B2 1F98A 26F5 1F3B8 1F355 1F344 1F680 1F41D 1F3F0 1F308'.split(' ');
  const samples = (style: string): Promise<ImageBitmap[]> => Promise.all(hexcodes.map((each) => sample(style, each)));

  /** How many of the concepts are among the ten best answers. Guessing finds one in two hundred. */
  function found(answers: readonly (readonly Candidate<Name | PictureItem>[])[]): number {
    return answers.filter((list, i) => list.some(({ item }) => item.hexcode === hexcodes[i])).length;
  }

  it('names pictures', async () => {
    const t = await cognate.translator({ from: 'image', to: 'text' });
    const answers = await t.translate(await samples('noto'));
    expect(found(answers)).to.be.at.least(6);
    expect(answers[0]![0]!.item).to.include({ language: 'en' });
    expect(answers[0]![0]!.trust).to.be.within(0, 1);
  });

  it('names them in another language, whose names it encodes first, and tells how far that is', async () => {
    await caches.delete('cognate-banks');
    const heard: Progress[] = [];
    const request = { from: 'image', to: 'text', language: 'de' } as const;
    const t = await cognate.translator(request, { onProgress: (progress) => heard.push(progress) });
    const answers = await t.translate(await samples('twemoji'));
    expect(found(answers)).to.be.at.least(6);
    expect(answers[0]![0]!.item).to.include({ language: 'de' });
    expect(heard.filter(({ phase }) => phase === 'prepare').length).to.be.greaterThan(5);
  });

  it('finds pictures for names, also in a style that it has never seen', async () => {
    const t = await cognate.translator({ from: 'text', to: 'image', style: 'openmoji' });
    const { names } = (await (await fetch('/starter/names/en.json')).json()) as { names: Record<string, string> };
    const answers = await t.translate(hexcodes.map((each) => names[each]!));
    expect(found(answers)).to.be.at.least(6);
    expect(answers[0]![0]!.item).to.include({ style: 'openmoji' });
    expect(answers[0]![0]!.item.svg).to.match(/^<svg/);
  });

  it('translates phrases, and pictures to another style', async () => {
    const words = await cognate.translator({ from: 'text', to: 'text', language: 'fr' });
    expect((await words.translate(['guitar']))[0]!.map(({ item }) => item.name)).to.include('guitare');
    const pictures = await cognate.translator({ from: 'image', to: 'image', style: 'twemoji' });
    expect(found(await pictures.translate(await samples('noto')))).to.be.at.least(6);
  });

  it('stores the points that its encoder gives', async () => {
    const { source, labels } = await cognate.starterPairs({ count: 20 });
    const points = await (await cognate.encoder('text')).encode(labels);
    expect(points.space).to.deep.equal(source.space);
    for (let i = 0; i < points.count; i++) {
      const cosine = row(points, i).reduce((sum, x, k) => sum + x * row(source, i)[k]!, 0);
      expect(cosine, labels[i]).to.be.greaterThan(0.999);
    }
  });

  it('keeps rows for the next visit where asked to: known texts are answered at once, to the bit', async () => {
    await cognate.clearCache();
    const { labels } = await cognate.starterPairs({ count: 100 });
    const first = await (await cognate.encoder('text', { cache: true })).encode(labels);
    const size = await cognate.cacheSize();
    expect(size.rows).to.equal(100);
    expect(size.bytes).to.be.greaterThan(first.data.byteLength);

    const next = await connect({ baseUrl: '/' });
    const encoder = await next.encoder('text', { cache: true });
    const heard: Progress[] = [];
    const onProgress = (progress: Progress): void => void heard.push(progress);
    expect(await encoder.encode(labels, { onProgress })).to.deep.equal(first);
    expect(heard).to.deep.equal([{ phase: 'encode', done: 100, total: 100 }]);
    await encoder.encode(['a phrase that nobody has asked for', labels[3]!], { onProgress });
    expect(heard.slice(1).map(({ done }) => done)).to.include.members([1, 2]);
    await next.clearCache();
    expect(await next.cacheSize()).to.deep.equal({ rows: 0, bytes: 0 });
    await next[Symbol.asyncDispose]();
  });

  it('takes a newly trained alignment, and refuses what is none or joins other spaces', async function () {
    this.timeout(120_000);
    const { source, target, heldOut } = await cognate.starterPairs({ count: 300 });
    expect(source.count).to.equal(300);
    const { alignment, report } = await cognate.fit(source, target, { method: 'ridge', heldOut });
    expect(report.forward!.recallAt10).to.be.greaterThan(2 * report.chance.recallAt10);
    const before = await cognate.forward(undefined, source);
    expect((await cognate.use(alignment))!.report).to.deep.equal(report);
    expect(await cognate.forward(undefined, source)).to.deep.equal(await cognate.forward(alignment, source));
    expect(before).not.to.deep.equal(await cognate.forward(undefined, source));
    const t = await cognate.translator({ from: 'image', to: 'text' });
    expect(await t.translate(await samples('noto'))).to.have.length(hexcodes.length);

    expect(await cognateError(cognate.use(alignment.slice(0, 1000)))).to.include({ code: 'file-format' });
    const few = await cognate.starterPairs({ count: 20 });
    const space = { ...few.source.space, id: 'elsewhere@1' };
    const stranger = await cognate.fit({ ...few.source, space }, few.target, { method: 'ridge' });
    expect(await cognateError(cognate.use(stranger.alignment))).to.include({ code: 'space-mismatch' });
    await cognate.use(undefined);
  });

  it('refuses an empty text and a file that is no picture, takes a very long text, and works on', async () => {
    const words = await cognate.translator({ from: 'text', to: 'text', language: 'en' });
    expect(await cognateError(words.translate(['']))).to.include({ code: 'invalid-input' });
    const names = await cognate.translator({ from: 'image', to: 'text' });
    expect(await cognateError(names.translate([new Blob(['a,b,c'])]))).to.include({ code: 'invalid-input' });
    expect(await words.translate(['octopus '.repeat(2500)])).to.have.length(1);
    expect((await words.translate(['octopus']))[0]![0]!.item.name).to.equal('octopus');
  });
});
