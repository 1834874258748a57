import { random } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { lengths, sampler } from './sampler.ts';
import type { Target } from './targets.ts';

/** 60 texts of up to four tokens and 30 of five or six in each of three languages. */
const targets: Target[] = [0, 1, 2].flatMap((language) =>
  Array.from({ length: 90 }, (_, i): Target => {
    const count = i < 60 ? 1 + (i % 4) : 5 + (i % 2);
    return { concept: i, language, tokens: Array<number>(count).fill(7) };
  }),
);
const sizes = { tokens: 96, groups: 2 };

describe('sampler()', () => {
  it('fills a step with texts of one padded length in different languages', () => {
    const { next } = sampler(targets, sizes, random(1));
    const seen = new Set<number>();
    for (let step = 0; step < 40; step++) {
      const { length, groups } = next();
      seen.add(length);
      const shorter = [0, ...lengths][[...lengths].findIndex((each) => each === length)]!;
      expect(new Set(groups.map(({ language }) => language)).size).to.equal(2);
      for (const { language, targets: drawn } of groups) {
        expect(drawn.length).to.equal(Math.round(48 / length));
        for (const at of drawn) {
          expect(targets[at]!.language).to.equal(language);
          expect(targets[at]!.tokens.length).to.be.within(shorter + 1, length);
        }
      }
    }
    expect([...seen].sort()).to.deep.equal([3, 4, 5, 6]);
  });
  it('draws hard texts oftener, and no easy one never', () => {
    const own = sampler(targets, sizes, random(2));
    targets.forEach((_, at) => own.report(at, at % 10 === 0 ? 5 : 0.001));
    const counts = [0, 0];
    const met = new Set<number>();
    for (let step = 0; step < 400; step++) {
      for (const { targets: drawn } of own.next().groups) {
        for (const at of drawn) {
          counts[Number(at % 10 === 0)]!++;
          met.add(at);
        }
      }
    }
    expect(met.size).to.equal(targets.length);
    expect(counts[1]! / counts[0]!).to.be.within(0.9, 2.2); // 2 to 0.15 a text, one text in ten
  });
  it('draws as many keywords as it is told, however many there are', () => {
    const point = new Float32Array(1);
    const mixed = targets.flatMap((target): Target[] => [target, ...Array<Target>(3).fill({ ...target, point })]);
    const { next, report } = sampler(mixed, sizes, random(4));
    mixed.forEach((target, at) => report(at, target.point ? 9 : 0));
    for (const share of [0, 0.35, undefined]) {
      const drawn = Array.from({ length: 300 }, () => next(share).groups.flatMap((group) => [...group.targets])).flat();
      const keywords = drawn.filter((at) => mixed[at]!.point).length / drawn.length;
      expect(keywords).to.be.closeTo(share ?? 0, share ? 0.05 : 0);
    }
  });
  it('draws the same from the same seed', () => {
    const [one, other] = [sampler(targets, sizes, random(3)), sampler(targets, sizes, random(3))];
    for (let step = 0; step < 5; step++) expect(one.next()).to.deep.equal(other.next());
  });
});
