import { random } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { pictureLength, type Framed } from './gallery.ts';
import { makeUp } from './made-up.ts';
import { paintStyles } from './sketch.ts';

/** A picture of one colour, all opaque. */
const plain = (style: string, level: number): Framed => ({
  hexcode: `${level}`,
  style,
  part: 'train',
  picture: Uint8Array.from({ length: pictureLength }, (_, i) => (i % 4 === 3 ? 255 : level + 50 * (i % 4))),
});

describe('makeUp()', () => {
  const drawn = paintStyles.flatMap((style, i) => [plain(style, 20 * i), plain(style, 20 * i + 10)]);
  const madeUp = makeUp(random(1), drawn, 200);

  it('shows no concept, in every painted style', () => {
    expect(madeUp.length).to.equal(200);
    for (const { hexcode, picture } of madeUp) expect([hexcode, picture.length]).to.deep.equal(['', pictureLength]);
    expect(new Set(madeUp.map(({ style }) => style))).to.deep.equal(new Set(paintStyles));
  });

  it('is made of parts of pictures of that style, in their colours or with colours traded', () => {
    for (const { style, picture } of madeUp) {
      const base = 20 * paintStyles.indexOf(style as never);
      const allowed = new Set([0, 1, 2].flatMap((c) => [base + 50 * c, base + 10 + 50 * c]));
      const seen = new Set(picture.filter((_, i) => i % 4 < 3 && picture[i - (i % 4) + 3]! > 0));
      expect([...seen].filter((colour) => !allowed.has(colour)), style).to.deep.equal([]); // prettier-ignore
    }
  });

  it('is the same for the same seed', () => {
    const again = makeUp(random(1), drawn, 20);
    for (const [i, { picture }] of again.entries()) expect([...picture]).to.deep.equal([...madeUp[i]!.picture]);
  });
});
