import { expect } from '@open-wc/testing';
import { row, type Embeddings, type Encoder, type Picture } from '@cognate/core';
import { loadImageEncoder } from '@cognate/image-encoders';
import type { DeviceWish } from '@cognate/runtime';
import { loadTextEncoder } from '@cognate/text-encoders';
import { encoderContract } from '../contracts/encoder.ts';
import { drawing } from '../helpers/pictures.ts';

const options = { baseUrl: '/' };
const loadText = (device?: DeviceWish): Promise<Encoder<string>> =>
  loadTextEncoder({ model: 'cognate/text', device }, options);
const loadImage = (): Promise<Encoder<Picture>> => loadImageEncoder('cognate/image', options);

/** Things that no one confuses, by hexcode. */
const things = ['1F436', '1F355', '1F697', '2708', '1F333', '1F451'] as const;

function cosine(a: Embeddings, i: number, b: Embeddings, j: number): number {
  return row(a, i).reduce((sum, value, k) => sum + value * row(b, j)[k]!, 0);
}

/** How many of `things` on one side have their own counterpart as nearest on the other. */
function matches(a: Embeddings, b: Embeddings): number {
  return things.filter((_, i) => things.every((__, j) => j === i || cosine(a, i, b, i) > cosine(a, i, b, j))).length;
}

async function namesOf(language: string): Promise<string[]> {
  const response = await fetch(`/starter/names/${language}.json`);
  const { names } = (await response.json()) as { names: Record<string, string> };
  return things.map((hexcode) => names[hexcode]!);
}

async function picturesOf(style: string): Promise<ImageData[]> {
  const response = await fetch(`/starter/pictures/${style}.json`);
  const { pictures } = (await response.json()) as { pictures: Record<string, string> };
  return Promise.all(things.map((hexcode) => drawSvg(pictures[hexcode]!)));
}

async function drawSvg(svg: string): Promise<ImageData> {
  const image = new Image(128, 128);
  image.src = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  await image.decode();
  const context = new OffscreenCanvas(128, 128).getContext('2d')!;
  context.drawImage(image, 0, 0, 128, 128);
  URL.revokeObjectURL(image.src);
  return context.getImageData(0, 0, 128, 128);
}

describe('the starter’s text encoder', () => {
  it('gives the same points on a GPU as on wasm', async () => {
    // The GPU first: the engine of a page that began without GPU support stays without. The image encoder is left out,
    // since an emulated GPU takes seconds for one of its convolutions.
    await using gpu = await loadText('webgpu-software');
    await using cpu = await loadText('wasm');
    const texts = ['dog', 'a slice of pizza', 'собака', '犬 hund'];
    const [a, b] = [await gpu.encode(texts), await cpu.encode(texts)];
    texts.forEach((_, i) => expect(cosine(a, i, b, i)).to.be.greaterThan(0.999));
  });

  it('names its space', async () => {
    await using encoder = await loadText();
    expect(encoder.space).to.deep.equal({ id: 'cognate-text@1', dim: 256, normalized: true });
  });

  it('brings names of one thing in two languages together', async () => {
    await using encoder = await loadText();
    const [english, german] = [await encoder.encode(await namesOf('en')), await encoder.encode(await namesOf('de'))];
    expect(matches(english, german)).to.be.at.least(things.length - 1);
  });

  it('takes texts of 20,000 characters, quickly', async () => {
    await using encoder = await loadText();
    const started = performance.now();
    const { count } = await encoder.encode(['a dog '.repeat(3500), `dog ${'x'.repeat(20_000)}`]);
    expect(count).to.equal(2);
    expect(performance.now() - started).to.be.lessThan(5000);
  });

  describe('keeps the contract of encoders', () => {
    encoderContract<string>({
      load: loadText,
      samples: ['dog', 'ein Stück Kuchen', 'самолёт'],
      refused: [
        ['an empty text', ''],
        ['nothing', undefined],
      ],
    });
  });
});

describe('the starter’s image encoder', () => {
  it('names its space', async () => {
    await using encoder = await loadImage();
    expect(encoder.space).to.deep.equal({ id: 'cognate-image@1', dim: 256, normalized: true });
  });

  it('brings drawings of one thing in two styles together', async () => {
    await using encoder = await loadImage();
    const [noto, twemoji] = [
      await encoder.encode(await picturesOf('noto')),
      await encoder.encode(await picturesOf('twemoji')),
    ];
    expect(matches(noto, twemoji)).to.be.at.least(things.length - 1);
  });

  describe('keeps the contract of encoders', () => {
    encoderContract<Picture>({
      load: loadImage,
      samples: [drawing('circle', 'tomato'), drawing('square', 'teal', 90), drawing('stripes', 'purple', 50)],
      refused: [['a file that is no picture', new Blob(['Dear Sir or Madam'], { type: 'text/plain' })]],
    });
  });
});
