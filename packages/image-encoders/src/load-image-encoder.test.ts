import { expect } from '@open-wc/testing';
import { isCognateError, type Encoder, type Picture } from '@cognate/core';
import { encoderContract } from '../../../test/contracts/encoder.ts';
import { drawing, pngOf } from '../../../test/helpers/pictures.ts';
import { toyImageRepository } from '../../../test/helpers/toy-repository.ts';
import { serveVirtually, type VirtualServer } from '../../../test/helpers/virtual-files.ts';
import { loadImageEncoder } from './index.ts';

const folder = '/starter/models/toy';
const cognate = { space: { id: 'toy-image@1', dim: 3, normalized: true } };
const load = (name: string) => (): Promise<Encoder<Picture>> =>
  loadImageEncoder({ model: `toy/${name}`, device: 'wasm' }, { baseUrl: '/' });

async function refusal(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.catch((e: unknown) => e);
  if (!isCognateError(error)) throw new Error(`expected a CognateError, got ${String(error)}`);
  expect(error.code).to.equal('invalid-input');
  return error.message;
}

describe('loadImageEncoder()', () => {
  let server: VirtualServer;
  before(() => {
    server = serveVirtually({
      ...toyImageRepository(`${folder}/ours`),
      [`${folder}/ours/config.json`]: { body: { cognate } },
      [`${folder}/ours/preprocessor_config.json`]: {
        body: { size: { height: 8, width: 8 }, image_mean: [0, 0, 0], image_std: [1, 1, 1] },
      },
      ...toyImageRepository(`${folder}/theirs`),
      ...toyImageRepository(`${folder}/odd`, { resample: 0 }),
      ...toyImageRepository(`${folder}/broken`),
      [`${folder}/broken/config.json`]: { body: { cognate } },
    });
  });
  after(() => server.restore());

  const samples = [drawing('circle', 'red'), drawing('square', 'blue', 80), drawing('stripes', 'green', 33)] as const;
  for (const [name, whose] of [
    ['ours', 'this house'],
    ['theirs', 'most models'],
    ['odd', 'transformers.js'],
  ] as const) {
    describe(`with the preprocessing of ${whose}`, () => {
      encoderContract<Picture>({
        load: load(name),
        samples,
        refused: [
          ['an empty file', new Blob([], { type: 'image/png' })],
          ['a file that is no picture', new Blob(['Dear Sir or Madam'], { type: 'text/plain' })],
          ['a picture of noise', new Blob([new Uint8Array(500).fill(7)], { type: 'image/png' })],
          ['an SVG', new Blob(['<svg xmlns="http://www.w3.org/2000/svg"/>'], { type: 'image/svg+xml' })],
          ['an address', 'https://pictures.example/cat.png'],
          ['nothing', undefined],
        ],
      });

      it('sees the mean colour', async () => {
        await using encoder = await load(name)();
        const { data } = await encoder.encode([drawing('square', 'rgb(0 0 255)')]);
        // A quarter is blue (0, 0, 1), the rest is white.
        const expected = [0.75, 0.75, 1].map((value) => value / Math.hypot(0.75, 0.75, 1));
        data.forEach((value, i) => expect(value).to.be.closeTo(expected[i]!, 0.02));
      });

      it('sees transparent pixels as white, whatever colour they hide', async () => {
        await using encoder = await load(name)();
        const hidden = new ImageData(
          Uint8ClampedArray.from({ length: 400 }, (_, i) => (i % 4 === 0 ? 255 : 0)),
          10,
        );
        const { data } = await encoder.encode([hidden]);
        data.forEach((value) => expect(value).to.be.closeTo(Math.sqrt(1 / 3), 1e-3));
      });
    });
  }

  it('gives the same point for pixels, a bitmap and a file', async () => {
    await using encoder = await load('ours')();
    const pixels = drawing('circle', 'tomato');
    const bitmap = await createImageBitmap(pixels);
    const { data } = await encoder.encode([pixels, bitmap, await pngOf(pixels)]);
    for (let k = 0; k < 3; k++) {
      expect(data[3 + k]).to.be.closeTo(data[k]!, 1e-5);
      expect(data[6 + k]).to.be.closeTo(data[k]!, 1e-5);
    }
    expect(bitmap.width).to.equal(64);
    bitmap.close();
  });

  it('refuses a damaged picture file and says which', async () => {
    await using encoder = await load('ours')();
    const png = await pngOf(drawing('circle', 'tomato'));
    const damaged = png.slice(0, 60, 'image/png');
    expect(await refusal(encoder.encode([png, damaged])))
      .to.include('picture 1')
      .and.include('damaged');
  });

  it('refuses pictures without pixels and pictures beyond all measure', async () => {
    await using encoder = await load('ours')();
    const closed = await createImageBitmap(drawing('circle', 'tomato'));
    closed.close();
    expect(await refusal(encoder.encode([closed]))).to.include('no pixels');
    const huge = { width: 10_000, height: 10_000 };
    const gigantic = Object.defineProperties(drawing('circle', 'tomato', 8), {
      width: { value: huge.width },
      height: { value: huge.height },
    });
    expect(await refusal(encoder.encode([gigantic]))).to.include('10000 x 10000');
  });

  it('refuses a repository of this house whose preprocessing is not told', async () => {
    const error: unknown = await load('broken')().catch((e: unknown) => e);
    if (!isCognateError(error)) throw new Error(`expected a CognateError, got ${String(error)}`);
    expect(error.code).to.equal('file-format');
    expect(error.message).to.include('image_mean');
  });
});
