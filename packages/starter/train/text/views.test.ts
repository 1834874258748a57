import { random } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { indexCarriers, pairMasks } from './false-negatives.ts';
import { textDefaults } from './options.ts';
import { recall } from './score.ts';
import type { ConceptTexts } from './texts.ts';
import { drawView } from './views.ts';

const concept = (hexcode: string, name: string, ...keywords: string[]): ConceptTexts => ({
  hexcode,
  group: 0,
  subgroup: 0,
  part: 'train',
  texts: [
    { language: 'en', name, keywords },
    { language: 'de', name: `${name} (de)`, keywords: [] },
  ],
});
const plain = { ...textDefaults, slips: 0, shuffles: 0, losses: 0, fillers: 0, english: 0 };

describe('drawView()', () => {
  const cat = concept('A', 'cat face', 'cat', 'pet', 'whiskers');

  it('draws names, keywords and lists of keywords, in every language', () => {
    const draw = random(1);
    const seen = new Set(Array.from({ length: 3000 }, () => drawView(draw, cat, plain).text));
    expect([...seen]).to.include.members(['cat face', 'cat face (de)', 'pet', 'whiskers pet']);
  });
  it('makes at most one slip of the pen and tells what it started from', () => {
    const draw = random(2);
    for (let i = 0; i < 200; i++) {
      const { text, source } = drawView(draw, cat, { ...plain, slips: 1 });
      expect(Math.abs(text.length - source.length)).to.be.at.most(1);
      expect([...text].filter((letter) => !source.includes(letter))).to.deep.equal([]);
    }
  });
  it('puts filler words of its language around what it draws', () => {
    const draw = random(4);
    const texts = Array.from({ length: 100 }, () => drawView(draw, cat, { ...plain, names: 1, fillers: 1 }).text);
    expect(texts.filter((text) => text.split(' ').length <= 2)).to.deep.equal([]);
    expect(texts.some((text) => /cat.* the /.test(text))).to.equal(true);
    expect(texts.some((text) => / der |^der /.test(text))).to.equal(true);
  });
  it('draws the same views from the same seed', () => {
    const views = (): string[] => {
      const draw = random(3);
      return Array.from({ length: 20 }, () => drawView(draw, cat, textDefaults).text);
    };
    expect(views()).to.deep.equal(views());
  });
});

describe('pairMasks()', () => {
  it('counts no concept wrong for a word that is its own', () => {
    const carriers = indexCarriers([concept('A', 'cat', 'face'), concept('B', 'dog', 'face'), concept('C', 'car')]);
    const rows = { concepts: [0, 1, 2], sources: ['face', 'dog', 'car'] };
    const columns = { concepts: [0, 1, 2], sources: ['cat', 'dog', 'car'] };
    const { positives, candidates } = pairMasks(carriers, rows, columns);
    expect([...positives]).to.deep.equal([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect([...candidates]).to.deep.equal([1, 0, 1, 1, 1, 1, 1, 1, 1]); // `face` is said of the dog, too
  });
});

describe('recall()', () => {
  const points = (...rows: number[][]) => ({
    space: { id: 's', dim: 2, normalized: true },
    count: rows.length,
    data: new Float32Array(rows.flat()),
  });

  it('counts right answers within the first ones, ties against the model', () => {
    const candidates = points([1, 0], [0, 1], [0, 1]);
    expect(recall(points([1, 0], [0, 1], [1, 0]), candidates)).to.deep.equal({ r1: 1 / 3, r5: 1, r10: 1 });
  });
});
