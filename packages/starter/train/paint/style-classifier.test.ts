import { random } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { pictureSize } from './frames.ts';
import { trainStyleClassifier } from './style-classifier.ts';
import { styleDim, styleFeatures } from './style-features.ts';

/** A square of one colour, off the rim, with a mark of another in its middle. */
function square(colour: readonly number[], mark: readonly number[], half: number): Uint8Array {
  const picture = new Uint8Array(pictureSize * pictureSize * 4);
  for (let y = 32 - half; y < 32 + half; y++) {
    for (let x = 32 - half; x < 32 + half; x++) {
      const inside = Math.max(Math.abs(x - 32), Math.abs(y - 32)) < half / 2;
      picture.set([...(inside ? mark : colour), 255], (y * pictureSize + x) * 4);
    }
  }
  return picture;
}

describe('styleFeatures()', () => {
  it('shares out areas and rim, each to a square sum of 4 at most, and tells nothing of what is not there', () => {
    const row = styleFeatures(square([255, 0, 0], [255, 0, 0], 16));
    const [rimStart, shapeStart] = [40 ** 3, 40 ** 3 + 12 ** 3];
    const strongest = (from: number, to: number): [number, number][] =>
      [...row].filter(([place, value]) => place >= from && place < to && value > 1e-6);
    // All red: the last level of the first channel.
    expect(strongest(0, rimStart)).to.deep.equal([[39 * 40 ** 2, 2]]);
    expect(strongest(rimStart, shapeStart)).to.deep.equal([[rimStart + 11 * 12 ** 2, 2]]);
    // A quarter of the picture is covered: 16 of 64 blocks.
    expect(strongest(shapeStart, styleDim).map(([, value]) => value)).to.deep.equal(Array.from({ length: 16 }, () => 0.5)); // prettier-ignore
    expect(strongest(0, shapeStart).concat(strongest(shapeStart, styleDim))).to.have.length(18);
    expect([...styleFeatures(new Uint8Array(pictureSize * pictureSize * 4)).values()].every((value) => value === 0)).to.equal(true); // prettier-ignore
  });
});

describe('trainStyleClassifier()', () => {
  it('knows a style by a colour that nobody else fills areas with, whatever the rest', () => {
    const draw = random(2);
    const reds = [200, 214, 228]; // of each style
    const drawn = (style: number): Uint8Array => {
      const any = [60 * draw.below(4), 60 * draw.below(4), 60 * draw.below(4)];
      return square(any, [reds[style]!, 40, 40], 10 + draw.below(14));
    };
    const styles = Array.from({ length: 90 }, (_, i) => i % 3);
    const styleOf = trainStyleClassifier(styles.map(drawn), styles, 3);
    const asked = Array.from({ length: 60 }, (_, i) => i % 3);
    expect(asked.filter((style) => styleOf(drawn(style)) === style).length).to.be.at.least(58);
  });
});
