import { random } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { augment, pixelMean, pixelStd } from './augment.ts';
import { rasterSize } from './pictures.ts';

/** A black disc on nothing, premultiplied. */
function disc(): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(rasterSize * rasterSize * 4);
  for (let y = 0; y < rasterSize; y++) {
    for (let x = 0; x < rasterSize; x++) {
      const inside = Math.hypot(x - rasterSize / 2, y - rasterSize / 2) < rasterSize / 3;
      rgba[(y * rasterSize + x) * 4 + 3] = inside ? 255 : 0;
    }
  }
  return rgba;
}

/** The square that the disc fills. */
const box = { left: rasterSize / 6, top: rasterSize / 6, width: rasterSize / 1.5, height: rasterSize / 1.5 };

function once(seed: number, strength: number): Float32Array {
  const out = new Float32Array(32 * 32 * 3);
  augment(disc(), random(seed), { size: 32, box, mayMirror: true, strength }, out, 0);
  return out;
}

const grey = (value: number): number => value * pixelStd + pixelMean;

describe('augment()', () => {
  it('is wholly determined by the seed', () => {
    expect([...once(5, 1)]).to.deep.equal([...once(5, 1)]);
    expect([...once(5, 1)]).not.to.deep.equal([...once(6, 1)]);
  });

  it('leaves every number between black and white', () => {
    for (let seed = 0; seed < 60; seed++) {
      for (const value of once(seed, 1)) expect(grey(value)).to.be.within(-1e-6, 1 + 1e-6);
    }
  });

  it('only moves the drawing at strength 0: a black disc on white stays one', () => {
    for (let seed = 0; seed < 20; seed++) {
      const out = once(seed, 0);
      const values = [...out].map(grey);
      expect(Math.max(...values)).to.be.closeTo(1, 1e-6);
      expect(Math.min(...values)).to.be.closeTo(0, 1e-6);
      for (let i = 0; i < out.length; i += 3) expect(out[i]).to.equal(out[i + 1]);
      const dark = values.filter((value) => value < 0.5).length / values.length;
      expect(dark).to.be.within(0.2, 0.85);
    }
  });

  it('changes backgrounds and colours now and then at strength 1', () => {
    const corners = Array.from({ length: 60 }, (_, seed) => once(seed, 1)[0]!);
    const white = corners.filter((value) => grey(value) > 0.99).length;
    expect(white).to.be.within(25, 58);
  });
});
