import { isCognateError } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { pictureIn, readPicture } from './read-picture.ts';

const svg = (size: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" ${size}><rect width="9" height="9"/></svg>`;

async function png(width: number, height: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')!.fillRect(0, 0, width, height);
  return canvas.convertToBlob();
}

async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return isCognateError(error) ? error.code : error;
  }
  return 'nothing went wrong';
}

describe('readPicture()', () => {
  it('decodes a raster file at its own size', async () => {
    const { bitmap } = await readPicture(await png(30, 20));
    expect([bitmap.width, bitmap.height]).to.deep.equal([30, 20]);
  });

  it('scales a large picture down and keeps its shape', async () => {
    const { bitmap } = await readPicture(await png(2000, 1000));
    expect([bitmap.width, bitmap.height]).to.deep.equal([1024, 512]);
  });

  it('gives an SVG without a size pixels in the shape of its view box', async () => {
    const { bitmap } = await readPicture(new Blob([svg('viewBox="0 0 20 10"')], { type: 'image/svg+xml' }));
    expect([bitmap.width, bitmap.height]).to.deep.equal([512, 256]);
  });

  it('knows an SVG by its name when the type is missing', async () => {
    const { bitmap } = await readPicture(new File([svg('width="4" height="4"')], 'Dot.SVG'));
    expect(bitmap.width).to.equal(512);
  });

  it('fetches data URLs', async () => {
    const { bitmap } = await readPicture(`data:image/svg+xml,${encodeURIComponent(svg('width="4" height="4"'))}`);
    expect(bitmap.height).to.equal(512);
  });

  it('refuses a truncated picture, a broken SVG, a text and an empty file as bad input', async () => {
    const whole = await png(64, 64);
    expect(await codeOf(readPicture(whole.slice(0, 40, 'image/png')))).to.equal('invalid-input');
    expect(await codeOf(readPicture(new Blob(['<svg'], { type: 'image/svg+xml' })))).to.equal('invalid-input');
    expect(await codeOf(readPicture(new Blob(['hello'], { type: 'text/plain' })))).to.equal('invalid-input');
    expect(await codeOf(readPicture(new Blob([])))).to.equal('invalid-input');
  });

  it('tells an address that nobody answers, or that holds nothing, from bad input', async () => {
    expect(await codeOf(readPicture('http://localhost:1/cat.png'))).to.equal('load-failed');
    expect(await codeOf(readPicture('/no-such-picture.png'))).to.equal('load-failed');
    expect(await codeOf(readPicture('http://'))).to.equal('load-failed');
  });

  it('rejects with the reason of an abort', async () => {
    const reason = new Error('changed my mind');
    expect(await codeOf(readPicture('/cat.png', AbortSignal.abort(reason)))).to.equal(reason);
  });
});

describe('pictureIn()', () => {
  it('prefers a picture file, then an image of another page, then an address', () => {
    const transfer = new DataTransfer();
    expect(pictureIn(transfer)).to.be.undefined;
    transfer.setData('text/plain', 'see https://example.org/a.png');
    expect(pictureIn(transfer)).to.equal('https://example.org/a.png');
    transfer.setData('text/html', '<a href="/page"><img src="https://example.org/b.png"></a>');
    expect(pictureIn(transfer)).to.equal('https://example.org/b.png');
    transfer.items.add(new File(['x'], 'c.png', { type: 'image/png' }));
    expect(pictureIn(transfer)).to.be.instanceOf(File);
  });
});
