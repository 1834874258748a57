import { random } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { textDim } from '../text/text-model.ts';
import type { ConceptTexts } from '../text/texts.ts';
import { conditionTexts, drawPoints, type ConditionPoints } from './conditions.ts';
import type { Target } from './targets.ts';

/** Four concepts with two names and one keyword each; concepts 0 and 1 lie near each other, 2 and 3 too. */
const points: ConditionPoints = (() => {
  const rows = new Float32Array(12 * textDim);
  for (let row = 0; row < 12; row++) {
    const concept = Math.floor(row / 3);
    const place = { family: concept < 2 ? 0 : 1, concept: 2 + concept, text: 10 + row };
    rows[row * textDim + place.family] = 0.6;
    rows[row * textDim + place.concept] = 0.64;
    rows[row * textDim + place.text] = Math.sqrt(1 - 0.6 ** 2 - 0.64 ** 2);
  }
  return { rows, starts: Int32Array.of(0, 3, 6, 9, 12), names: Int32Array.of(2, 2, 2, 2) };
})();
const plain = { names: 1, means: 0, mixed: 0, noisy: 0, cosine: 0.5 };

const of = (concept: number): Target => ({ concept, language: 0, tokens: [] });

describe('drawPoints()', () => {
  const point = new Float32Array(textDim);
  const cosineTo = (row: number): number =>
    point.reduce((sum, value, d) => sum + value * points.rows[row * textDim + d]!, 0);
  const nearest = (): number =>
    Math.floor([...Array(12).keys()].reduce((a, b) => (cosineTo(b) > cosineTo(a) ? b : a)) / 3);

  it('gives the points of names, and tells that they are', () => {
    const [draw, draws] = [random(1), drawPoints(points, plain)];
    const seen = new Set<number>();
    for (let i = 0; i < 40; i++) {
      expect(draws(of(1), draw, point)).to.equal(true);
      seen.add([...Array(12).keys()].find((row) => cosineTo(row) > 0.999)!);
    }
    expect([...seen].sort()).to.deep.equal([3, 4]);
    expect(drawPoints(points, { ...plain, names: 0 })(of(1), draw, point)).to.equal(false);
    expect(cosineTo(5)).to.be.greaterThan(0.999);
  });
  it('gives a keyword its own point, with noise where noise is asked for', () => {
    const own = points.rows.slice(11 * textDim);
    const draw = random(5);
    expect(drawPoints(points, { ...plain, means: 1 })({ ...of(1), point: own }, draw, point)).to.equal(true);
    expect(point).to.deep.equal(own);
    expect(drawPoints(points, { ...plain, noisy: 1 })({ ...of(1), point: own }, draw, point)).to.equal(false);
    expect(cosineTo(11)).to.be.within(0.3, 0.9999);
  });
  it('leaves at least the cosine asked for when it adds noise', () => {
    const [draw, draws] = [random(2), drawPoints(points, { ...plain, noisy: 1, cosine: 0.5 })];
    const cosines = Array.from({ length: 400 }, () => {
      expect(draws(of(0), draw, point)).to.equal(false);
      expect(Math.hypot(...point)).to.be.closeTo(1, 1e-5);
      return Math.max(cosineTo(0), cosineTo(1));
    });
    expect(Math.min(...cosines)).to.be.within(0.35, 0.55); // of a draw; 0.5 in the mean
    expect(cosines.reduce((a, b) => a + b, 0) / 400).to.be.within(0.7, 0.8);
  });
  it('goes part of the way to a neighbour, and stays nearer to its own concept', () => {
    const [draw, draws] = [random(3), drawPoints(points, { ...plain, mixed: 1 })];
    for (let i = 0; i < 200; i++) {
      expect(draws(of(2), draw, point)).to.equal(false);
      expect(Math.hypot(...point)).to.be.closeTo(1, 1e-5);
      expect(nearest()).to.equal(2);
    }
    const means = drawPoints(points, { ...plain, means: 1 });
    expect(means(of(2), draw, point)).to.equal(true);
    expect(nearest()).to.equal(2);
  });
});

describe('conditionTexts()', () => {
  it('takes every name, and keywords only of the concept', () => {
    const concept = {
      texts: [
        { language: 'en', name: 'fox', keywords: ['animal', 'face'] },
        { language: 'de', name: 'Fuchs', keywords: [] },
      ],
    } as unknown as ConceptTexts;
    const { names, others } = conditionTexts(concept, random(4));
    expect(names).to.deep.equal(['fox', 'Fuchs']);
    for (const text of ['animal', 'face', 'animal face', 'fox animal', 'fox face']) expect(others).to.include(text);
    for (const text of others) expect(text).to.match(/^(fox )?(animal|face)( (animal|face))?$/);
  });
});
