import { random } from '@cognate/core';
import { preprocess } from '@cognate/image-encoders/preprocess';
import { compile, release, startEngine, tensor, toDevice, type DeviceArray } from '@cognate/nn';
import { expect } from '@open-wc/testing';
import { channelsLastCopy, normalisation } from '../image/inputs.ts';
import { encodeImages, initImageModel, type ImageModel } from '../image/model.ts';
import { framePicture, fromImageData, mirrorPicture, pictureSize, recolourPicture, toImageData } from './frames.ts';
import { lookAt } from './look.ts';

/** A red disc with a half-transparent blue bar, off centre, on a transparent canvas. */
function drawing(): ImageData {
  const context = new OffscreenCanvas(90, 80).getContext('2d')!;
  context.fillStyle = '#d22';
  context.beginPath();
  context.arc(40, 30, 22, 0, 7);
  context.fill();
  context.fillStyle = 'rgba(0, 60, 200, 0.5)';
  context.fillRect(20, 30, 60, 12);
  return context.getImageData(0, 0, 90, 80);
}

describe('framePicture()', () => {
  it('trims and centres: content touches two opposite borders and leaves equal margins between the others', () => {
    const framed = framePicture(drawing());
    const alpha = (x: number, y: number): number => framed[(y * pictureSize + x) * 4 + 3]!;
    const column = (x: number): number => Math.max(...Array.from({ length: pictureSize }, (_, y) => alpha(x, y)));
    const line = (y: number): number => Math.max(...Array.from({ length: pictureSize }, (_, x) => alpha(x, y)));
    expect(column(0)).to.be.greaterThan(100);
    expect(column(63)).to.be.greaterThan(100);
    expect(line(0)).to.equal(0);
    expect(line(63)).to.equal(0);
    const top = Array.from({ length: 64 }, (_, y) => line(y)).findIndex((value) => value > 60);
    const bottom = Array.from({ length: 64 }, (_, y) => line(63 - y)).findIndex((value) => value > 60);
    expect(Math.abs(top - bottom)).to.be.at.most(1);
  });

  it('keeps colours premultiplied', () => {
    const framed = framePicture(drawing());
    for (let i = 0; i < framed.length; i += 4) {
      for (let c = 0; c < 3; c++) expect(framed[i + c]).to.be.at.most(framed[i + 3]! + 1);
    }
  });

  it('is mirrored back by a second mirror only', () => {
    const framed = framePicture(drawing());
    const once = mirrorPicture(framed);
    expect([...once]).not.to.deep.equal([...framed]);
    expect([...mirrorPicture(once)]).to.deep.equal([...framed]);
  });
});

describe('recolourPicture()', () => {
  it('takes each colour from where the order says, and leaves opacity', () => {
    const framed = framePicture(drawing());
    const turned = recolourPicture(framed, [2, 0, 1]);
    for (let i = 0; i < framed.length; i += 4) {
      const [red, green, blue, alpha] = framed.subarray(i, i + 4);
      expect([...turned.subarray(i, i + 4)]).to.deep.equal([blue, red, green, alpha]);
    }
    expect([...recolourPicture(turned, [1, 2, 0])]).to.deep.equal([...framed]);
  });
});

describe('fromImageData()', () => {
  it('is what toImageData() was given', () => {
    const framed = framePicture(drawing());
    fromImageData(toImageData(framed)).forEach((value, i) => expect(value, `byte ${i}`).to.be.closeTo(framed[i]!, 1));
  });

  it('halves what is twice as large, by opacity', () => {
    const large = new ImageData(2 * pictureSize, 2 * pictureSize);
    // Of the first four pixels one is red and opaque, one green and half so; two are clear, whatever their colour.
    large.data.set([200, 0, 0, 255, 0, 100, 0, 128]);
    large.data.set([9, 9, 9, 0], 4 * large.width);
    const small = fromImageData(large);
    expect(small.length).to.equal(4 * pictureSize ** 2);
    expect([...small.subarray(0, 4)]).to.deep.equal([50, Math.round((100 * 128) / 255 / 4), 0, Math.round(383 / 4)]);
    expect(small.subarray(4).every((value) => value === 0)).to.equal(true);
  });
});

describe('lookAt()', () => {
  it('sees a painted picture as preprocess() shows it to the encoder', async () => {
    await startEngine({ device: 'wasm' });
    const model = initImageModel(random(2).below(100), {
      stem: 8,
      fine: 8,
      coarse: 16,
      output: 12,
      convBlocks: 1,
      coarseBlocks: 1,
    });
    const framed = framePicture(drawing());
    const input = preprocess(toImageData(framed), { size: 40, ...normalisation, trim: false });
    const params = toDevice(model) as ImageModel<DeviceArray>;
    using encode = compile<ImageModel>(encodeImages);
    using look = compile<ImageModel>(lookAt);
    const { data: wanted } = await encode(params, tensor([1, 40, 40, 3], channelsLastCopy(input)));
    const unit = Float32Array.from(framed, (value) => value / 255);
    const { data: got } = await look(params, tensor([1, 64, 64, 4], unit));
    release(params);
    wanted.forEach((value, k) => expect(got[k]).to.be.closeTo(value, 5e-3));
  });
});
