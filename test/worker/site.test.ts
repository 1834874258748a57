import { embeddings, normalizeRows, random, type Embeddings, type Progress } from '@cognate/core';
import { connect, type Cognate } from '@cognate/web-workers';
import { expect } from '@open-wc/testing';
import { mirror, needMirror } from '../helpers/mirror.ts';
import { drawing, pngOf } from '../helpers/pictures.ts';
import { cognateError, rejection, watchWorkers } from './helpers.ts';

/** The built workers, as a page uses them. */
describe('a connected page', () => {
  let cognate: Cognate;
  before(async () => {
    cognate = await connect({ baseUrl: '/', hosts: mirror ? [mirror] : [] });
  });
  after(() => cognate[Symbol.asyncDispose]());

  describe('encodes, with models of a mirror,', () => {
    const words = { kind: 'text', model: 'word2vec-emoji2vec-300d', host: mirror } as const;
    const pictures = { kind: 'image', model: 'squeezenet1.0-dsc', host: mirror } as const;
    before(function () {
      needMirror(this);
    });

    it('texts and pictures at the same time', async () => {
      const download: Progress[] = [];
      const [text, image] = await Promise.all([
        cognate.encoder(words, { onProgress: (progress) => download.push(progress) }),
        cognate.encoder(pictures),
      ]);
      expect(download.some(({ phase }) => phase === 'download')).to.equal(true);
      const [texts, images] = await Promise.all([
        text.encode(['king', 'queen', 'sun']),
        image.encode([drawing('circle', 'red'), await pngOf(drawing('square', 'blue'))]),
      ]);
      expect(texts).to.deep.include({ count: 3, space: text.space });
      expect(images).to.deep.include({ count: 2, space: image.space });
      expect(images.data.every(Number.isFinite)).to.equal(true);
    });

    it('and tells what cannot be encoded, then works on', async () => {
      const text = await cognate.encoder(words);
      const image = await cognate.encoder(pictures);
      expect(await cognateError(text.encode(['king', '']))).to.include({ code: 'invalid-input' });
      expect(await cognateError(image.encode([new Blob(['no picture'])]))).to.include({ code: 'invalid-input' });
      const broken = new Blob([(await (await pngOf(drawing('circle', 'red'))).arrayBuffer()).slice(0, 60)]);
      expect(await cognateError(image.encode([broken]))).to.include({ code: 'invalid-input' });
      expect((await text.encode([`king ${'sun '.repeat(5000)}`])).count).to.equal(1);
      expect((await image.encode([])).count).to.equal(0);
    });

    it('leaves an ImageBitmap to the caller', async () => {
      const bitmap = await createImageBitmap(drawing('circle', 'green'));
      const image = await cognate.encoder(pictures);
      const [first, second] = [await image.encode([bitmap]), await image.encode([bitmap])];
      expect(bitmap.width).to.equal(64);
      expect([...first.data]).to.deep.equal([...second.data]);
    });

    it('until the encoder is released; another can be had', async () => {
      const text = await cognate.encoder(words);
      await text[Symbol.asyncDispose]();
      await text[Symbol.asyncDispose]();
      expect((await cognateError(text.encode(['king']))).code).to.equal('disposed');
      expect((await (await cognate.encoder(words)).encode(['king'])).count).to.equal(1);
    });

    it('unless it was told to stop: before, and while it loads', async () => {
      expect(await rejection(cognate.encoder(words, { signal: AbortSignal.abort('before') }))).to.equal('before');
      const fresh = await connect({ baseUrl: '/', hosts: [mirror!] });
      const controller = new AbortController();
      const loading = fresh.encoder(pictures, {
        signal: controller.signal,
        onProgress: () => controller.abort('during'),
      });
      expect(await rejection(loading)).to.equal('during');
      expect((await (await fresh.encoder(pictures)).encode([drawing('circle', 'red')])).count).to.equal(1);
      await fresh[Symbol.asyncDispose]();
    });

    it('only from hosts that the page has named', async () => {
      const stranger = await connect({ baseUrl: '/' });
      const error = await cognateError(stranger.encoder(words));
      expect(error).to.include({ code: 'load-failed' });
      expect(error.message).to.include('did not name');
      await stranger[Symbol.asyncDispose]();
    });

    it("from workers of another origin, as a page does that links to somebody else's copy", async () => {
      const elsewhere = await connect({ baseUrl: location.origin.replace('localhost', '127.0.0.1'), hosts: [mirror!] });
      expect((await (await elsewhere.encoder(words)).encode(['king'])).count).to.equal(1);
      await elsewhere[Symbol.asyncDispose]();
    });

    it('again after its worker was killed, in mid-call and while it loads', async () => {
      using workers = watchWorkers();
      const victim = await connect({ baseUrl: '/', hosts: [mirror!] });
      const text = await victim.encoder(words);
      const many = cognateError(text.encode(Array.from({ length: 50_000 }, () => 'king queen sun')));
      setTimeout(() => workers.made[0]!.terminate(), 50);
      expect((await many).code).to.equal('worker-failed');
      expect((await text.encode(['king'])).count).to.equal(1);

      const loading = cognateError(victim.encoder(pictures, { onProgress: () => workers.made[1]!.terminate() }));
      expect((await loading).code).to.equal('worker-failed');
      expect((await (await victim.encoder(pictures)).encode([drawing('circle', 'red')])).count).to.equal(1);
      expect(workers.made).to.have.length(3);
      await victim[Symbol.asyncDispose]();
    });

    it('and tells when there is no such model', async () => {
      const missing = cognate.encoder({ kind: 'text', model: 'no-such-model', host: mirror });
      expect(await cognateError(missing)).to.include({ code: 'load-failed' });
    });
  });

  describe('trains an aligner', () => {
    it('and hears of it at most ten times a second, in order', async () => {
      const { source, target } = pairs(220);
      const heard: Progress[] = [];
      const began = performance.now();
      const { alignment, report } = await cognate.fit(source, target, {
        ...{ method: 'contrastive', steps: 30, hidden: 32, seed: 1 },
        onProgress: (progress) => heard.push(progress),
      });
      const seconds = (performance.now() - began) / 1000;
      expect(alignment).to.be.instanceOf(Uint8Array);
      expect(report.method).to.equal('contrastive');
      const steps = heard.filter((progress) => progress.phase === 'fit');
      expect(steps.at(-1)).to.include({ done: 30, total: 30 });
      expect(steps.some(({ heldOut }) => heldOut !== undefined)).to.equal(true);
      expect(steps.map(({ done }) => done)).to.deep.equal(steps.map(({ done }) => done).sort((a, b) => a - b));
      const plain = steps.filter(({ heldOut, done, total }, i) => heldOut === steps[i - 1]?.heldOut && done < total);
      expect(plain.length).to.be.at.most(10 * seconds + 1);
      expect(source.data.length).to.be.greaterThan(0);
    });

    it('holds while it is paused, and goes on', async () => {
      const { source, target } = pairs(220);
      const steps: number[] = [];
      const resumed = Promise.withResolvers<void>();
      const session = cognate.fit(source, target, {
        ...{ method: 'contrastive', steps: 40, hidden: 32 },
        onProgress: (progress) => {
          if (progress.phase !== 'fit') return;
          steps.push(progress.done);
          if (steps.length === 1) {
            session.pause();
            setTimeout(resumed.resolve, 600);
          }
        },
      });
      await resumed.promise;
      const held = steps.at(-1)!;
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(steps.at(-1)).to.equal(held);
      session.resume();
      await session;
      expect(steps.at(-1)).to.equal(40);
    });

    it('until it is cancelled, running or paused', async () => {
      const { source, target } = pairs(220);
      for (const paused of [false, true]) {
        const session = cognate.fit(source, target, {
          ...{ method: 'contrastive', steps: 100_000, hidden: 32 },
          onProgress: ({ phase }) => {
            if (phase !== 'fit') return;
            if (paused) session.pause();
            session.cancel('enough');
          },
        });
        expect(await rejection(session)).to.equal('enough');
      }
      expect((await cognate.fit(source, target, { method: 'ridge' })).report.method).to.equal('ridge');
    });

    it('but not on what is no pair', async () => {
      const { source, target } = pairs(30);
      const nine = { ...target, count: 9, data: target.data.slice(0, 9 * target.space.dim) };
      expect(await cognateError(cognate.fit(source, nine))).to.include({ code: 'shape-mismatch' });
      expect(await cognateError(cognate.fit(source, source))).to.include({ code: 'space-mismatch' });
      const data = source.data.slice();
      data[40] = NaN;
      const error = await cognateError(cognate.fit({ ...source, data }, target));
      expect(error).to.include({ code: 'invalid-input' });
      expect(error.message).to.match(/NaN in source row 3/);
    });

    it('takes buffers only when told that it may', async () => {
      const { source, target } = pairs(60);
      await cognate.fit(source, target, { method: 'ridge', transfer: true });
      expect([source.data.length, target.data.length]).to.deep.equal([0, 0]);
    });
  });
});

/** Paired rows: the target is a turned, noisy copy of the source. */
function pairs(count: number): { source: Embeddings; target: Embeddings } {
  const dim = 12;
  const draw = random(7);
  const source = Float32Array.from({ length: count * dim }, () => draw.normal());
  const target = source.map((_, i) => source[i - (i % dim) + (dim - 1 - (i % dim))]! + 0.1 * draw.normal());
  for (const rows of [source, target]) normalizeRows(rows, dim);
  return {
    source: embeddings({ id: 'here@1', dim, normalized: true }, source),
    target: embeddings({ id: 'there@1', dim, normalized: true }, target),
  };
}
