import type { Embeddings } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { spread } from './measure.ts';
import { makePairs, mixPairs } from './pairs.ts';
import type { PointSet, Points } from './points.ts';

/** Points of two numbers: which set, which concept. */
function pointSet(set: number, hexcodes: readonly string[]): PointSet {
  const space = { id: set < 10 ? 'text' : 'image', dim: 2, normalized: false };
  const data = new Float32Array(hexcodes.flatMap((hexcode) => [set, hexcode.codePointAt(0)!]));
  const points: Embeddings = { space, count: hexcodes.length, data };
  return { points, rowOf: new Map(hexcodes.map((hexcode, i) => [hexcode, i])) };
}

describe('makePairs()', () => {
  const points: Points = {
    concepts: [],
    names: new Map([
      ['en', pointSet(1, ['A', 'B', 'C', 'D'])],
      ['de', pointSet(2, ['A', 'B', 'C', 'D'])],
      ['fr', pointSet(3, ['A', 'B', 'C', 'D'])],
    ]),
    pictures: new Map([
      ['noto', pointSet(11, ['B', 'A', 'D'])],
      ['twemoji', pointSet(12, ['A', 'D'])],
    ]),
  };
  const mix = { languages: ['en', 'de', 'fr'], styles: ['noto', 'twemoji'] } as const;
  const { source, target, groups } = makePairs(points, ['A', 'B', 'C'], mix);
  const at = (batch: Embeddings, i: number): number[] => [...batch.data.subarray(2 * i, 2 * i + 2)];

  it('pairs a name with a picture of the same concept', () => {
    expect(source.count).to.equal(groups.length);
    expect(target.count).to.equal(groups.length);
    groups.forEach((group, i) => {
      const code = 'ABC'.codePointAt(group)!;
      expect(at(source, i)[1]).to.equal(code);
      expect(at(target, i)[1]).to.equal(code);
    });
  });
  it('leaves out concepts without a picture and those not asked for', () => {
    expect([...new Set(groups)]).to.deep.equal([0, 1]);
  });
  it('adds up mixes and keeps the groups', () => {
    const both = mixPairs(points, ['A', 'B', 'C'], [mix, { languages: ['en'], styles: ['noto'] }]);
    expect(both.source.count).to.equal(source.count + 2);
    expect([...both.groups].slice(-2)).to.deep.equal([0, 1]);
    expect(at(both.target, source.count)).to.deep.equal([11, 'A'.codePointAt(0)]);
  });
  it('brings in every name and every picture', () => {
    const kinds = (batch: Embeddings): Set<string> =>
      new Set(Array.from({ length: batch.count }, (_, i) => String(at(batch, i))));
    expect(kinds(source).size).to.equal(6); // A and B in three languages
    expect(kinds(target).size).to.equal(3); // A twice, B once
  });
});

describe('spread()', () => {
  it('gives mean and sample deviation', () => {
    expect(spread([1, 2, 3])).to.deep.equal({ mean: 2, sd: 1 });
    expect(spread([0.5]).sd).to.equal(0);
  });
});
