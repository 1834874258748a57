import { expect } from '@open-wc/testing';
import { pictureSize } from './frames.ts';
import { inkCount, inksOf } from './inks.ts';
import { paintStyles } from './sketch.ts';

/** Stripes of one colour each, as wide as they can be. */
function striped(colours: readonly (readonly [number, number, number])[]): Uint8Array {
  const picture = new Uint8Array(pictureSize * pictureSize * 4);
  for (let i = 0; i < picture.length; i += 4) {
    const x = (i / 4) % pictureSize;
    picture.set([...colours[Math.floor((x * colours.length) / pictureSize)]!, 255], i);
  }
  return picture;
}

/** As many colours as there are inks, far enough apart to be told from each other; `channel` is a little stronger. */
const shades = (channel: number): [number, number, number][] =>
  Array.from({ length: inkCount }, (_, i) => {
    const colour: [number, number, number] = [20 + 60 * (i % 4), 20 + 60 * (Math.floor(i / 4) % 4), 20 + 80 * Math.floor(i / 16)]; // prettier-ignore
    colour[channel]! += 14;
    return colour;
  });

describe('inksOf()', () => {
  const drawn = paintStyles.flatMap((style, i) => {
    const colours = shades(i);
    return Array.from({ length: inkCount / 8 }, (_, n) => ({
      style,
      picture: striped(colours.slice(8 * n, 8 * n + 8)),
    }));
  });

  it('finds the colours of the even areas of each style', () => {
    const { shape, data } = inksOf(drawn);
    expect(shape).to.deep.equal([paintStyles.length, 3 * inkCount]);
    paintStyles.forEach((_, i) => {
      const own = data.subarray(i * 3 * inkCount, (i + 1) * 3 * inkCount);
      for (const colour of shades(i)) {
        const away = Array.from({ length: inkCount }, (_, k) =>
          Math.max(...colour.map((value, c) => Math.abs(255 * own[3 * k + c]! - value))),
        );
        expect(Math.min(...away), colour.join()).to.be.lessThan(3);
      }
    });
  });

  it('gives the same inks again, and says when a style has too few colours', () => {
    expect(inksOf(drawn)).to.deep.equal(inksOf(drawn));
    expect(() => inksOf(drawn.slice(0, 3))).to.throw(/48 colours of a style, got 24/);
  });
});
