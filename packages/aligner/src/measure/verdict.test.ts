import type { AlignmentReport, Suspect } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { exampleMeasured, exampleReport, exampleScores } from '../../../../test/helpers/example-report.ts';
import { verdictOf } from './verdict.ts';

const without = (report: AlignmentReport, ...names: (keyof AlignmentReport)[]): AlignmentReport =>
  Object.fromEntries(
    Object.entries(report).filter(([name]) => !names.includes(name as keyof AlignmentReport)),
  ) as never;

function suspects(count: number): Suspect[] {
  return Array.from({ length: count }, (_, pair) => ({ ...exampleReport().suspects[0]!, pair }));
}

describe('verdictOf', () => {
  it('passes what finds answers far beyond guessing, says how often, and what more pairs are worth', () => {
    const { level, reasons } = verdictOf(exampleReport());
    expect(level).to.equal('pass');
    expect(reasons[0])
      .to.include('first for 40 % of unseen queries forward (37 % to 43 %)')
      .and.include('guessing gives 5.0 %');
    expect(reasons.at(-1)).to.equal('200 more pairs are worth about 3.0 points of recall at 1.');
  });

  it('fails what does not beat guessing, or pairs in random order, beyond its interval', () => {
    const low = exampleMeasured(0.13, 0.05);
    const guessing = verdictOf(exampleReport({ forward: low, backward: low, shuffled: exampleScores(0.05) }));
    expect(guessing.level).to.equal('fail');
    expect(guessing.reasons[1]).to.match(/^Neither direction/);
    const leaking = verdictOf(exampleReport({ shuffled: exampleScores(0.79) }));
    expect(leaking.level).to.equal('fail');
  });

  it('fails what nothing was measured of', () => {
    const { level, reasons } = verdictOf(without(exampleReport({ heldOutPairs: 0 }), 'forward', 'backward'));
    expect([level, reasons.length]).to.deep.equal(['fail', 1]);
  });

  const cautions: [string, Partial<AlignmentReport>, string][] = [
    ['only one direction works', { backward: exampleMeasured(0.1) }, 'Only from source to target'],
    ['one direction is much better', { backward: exampleMeasured(0.55) }, 'much better from source to target'],
    ['most answers are not among the first ten', { forward: exampleMeasured(0.4), backward: exampleMeasured(0.42) }, 'Most queries'], // prettier-ignore
    ['intervals are wide', { forward: exampleMeasured(0.8, 0.15), backward: exampleMeasured(0.8, 0.15) }, 'uncertain'],
    ['there are few pairs', { trainPairs: 30 }, 'learned from 30 pairs only'],
    ['many pairs look mislabelled', { suspects: suspects(40) }, '40 pairs look mislabelled, where about 9'],
    ['pairs in random order score', { shuffled: exampleScores(0.4) }, 'Pairs in random order score 40 %'],
    ['CSLS carries much of it', { forward: { ...exampleMeasured(0.8), plain: exampleScores(0.5) } , backward: { ...exampleMeasured(0.78), plain: exampleScores(0.5) } }, 'near to everything'], // prettier-ignore
  ];
  for (const [name, change, words] of cautions) {
    it(`asks for caution where ${name}`, () => {
      const { level, reasons } = verdictOf(exampleReport(change));
      expect(level).to.equal('caution');
      expect(reasons.join(' ')).to.include(words);
    });
  }

  it('takes as many suspects as accident gives for no reason', () => {
    expect(verdictOf(exampleReport({ suspects: suspects(15) })).level).to.equal('pass');
  });

  it('looks at recall at 1 where guessing among few candidates reaches the deeper ones', () => {
    const few = { ...exampleScores(1), recallAt1: 0.2 };
    const found = verdictOf(exampleReport({ chance: few, shuffled: few }));
    expect(found.level).to.equal('pass');
  });

  it('looks at a shallower recall where pairs in random order reach the deeper one', () => {
    const { level, reasons } = verdictOf(exampleReport({ shuffled: { ...exampleScores(0.05), recallAt10: 0.9 } }));
    expect(level).to.equal('caution');
    expect(reasons.join(' ')).to.include('Pairs in random order score 90 %');
  });
});
