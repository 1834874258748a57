import type { AlignmentReport, MeasuredScores, Verdict } from '@cognate/core';
import type { RecallName } from './intervals.ts';
import { percent } from './statistics.ts';

/** Everything that a verdict rests on. */
export type Evidence = Omit<AlignmentReport, 'verdict'>;

type Measured = Evidence & Required<Pick<Evidence, 'forward' | 'backward'>>;

/** One reason for a level: its sentence, or undefined where it does not apply. */
interface Rule {
  readonly level: Verdict['level'];
  readonly says: (evidence: Measured) => string | undefined;
}

/** Pairs flagged where all are right, by the threshold of the suspects. */
const flaggedByChance = 0.01;

/** The weightiest first. The worst level of those that apply is the verdict; `pass` ones are remarks. */
const rules: readonly Rule[] = [
  {
    level: 'fail',
    says: (evidence) => {
      const { name, k, chance } = depthOf(evidence);
      const [there, back] = [reaches(evidence, 'forward'), reaches(evidence, 'backward')];
      if (there || back) return undefined;
      return `Neither direction finds right answers more often than guessing or pairs in random order, beyond what accident can do: recall at ${k} is ${percent(evidence.forward[name])} and ${percent(evidence.backward[name])}, guessing ${percent(chance)}.`;
    },
  },
  {
    level: 'caution',
    says: (evidence) => {
      const [there, back] = [reaches(evidence, 'forward'), reaches(evidence, 'backward')];
      if (there === back) return undefined;
      const { k } = depthOf(evidence);
      const [good, bad] = there
        ? ['from source to target', 'from target to source']
        : ['from target to source', 'from source to target'];
      return `Only ${good} does recall at ${k} exceed guessing beyond accident; ${bad} it does not.`;
    },
  },
  {
    level: 'caution',
    says: ({ forward, backward }) => {
      const gap = Math.abs(forward.recallAt10 - backward.recallAt10);
      const [a, b] = [forward.interval.recallAt10, backward.interval.recallAt10];
      if (gap <= 0.1 || (a.low <= b.high && b.low <= a.high)) return undefined;
      const better = forward.recallAt10 > backward.recallAt10 ? 'source to target' : 'target to source';
      return `It works much better from ${better} than back: recall at 10 is ${percent(forward.recallAt10)} forward and ${percent(backward.recallAt10)} backward.`;
    },
  },
  {
    level: 'caution',
    says: ({ forward, backward, chance }) => {
      const found = (forward.recallAt10 + backward.recallAt10) / 2;
      if (found >= 0.5 || chance.recallAt10 >= 0.25) return undefined;
      return `Most queries do not find their answer among the first ten: recall at 10 is ${percent(found)}.`;
    },
  },
  {
    level: 'caution',
    says: (evidence) => {
      const lost = lostOnTheWay(evidence);
      if (!lost || lost.reached >= lost.weakest / 2) return undefined;
      return 'The chain loses more than half of what its weakest link finds.';
    },
  },
  {
    level: 'caution',
    says: (evidence) => {
      const { name, k } = depthOf(evidence);
      const widest = Math.max(...[evidence.forward, evidence.backward].map((each) => width(each, name)));
      if (widest <= 0.2) return undefined;
      return `The scores are uncertain: recall at ${k} may be off by ${percent(widest / 2)} either way, measured on ${evidence.heldOutPairs} pairs.`;
    },
  },
  {
    level: 'caution',
    says: ({ trainPairs }) =>
      trainPairs < 50
        ? `It was learned from ${trainPairs} pairs only; points far from all of them may go astray.`
        : undefined,
  },
  {
    level: 'caution',
    says: ({ suspects, trainPairs, heldOutPairs }) => {
      const pairs = Math.max(trainPairs, heldOutPairs);
      const expected = flaggedByChance * pairs;
      // Over three standard deviations more than there would be if all pairs were right.
      if (suspects.length <= expected + 3 * Math.sqrt(expected) + 1) return undefined;
      return `${suspects.length} pairs look mislabelled, where about ${Math.round(expected)} would by accident: look through them before relying on it.`;
    },
  },
  {
    level: 'caution',
    says: ({ shuffled, chance }) => {
      if (!shuffled || shuffled.recallAt10 <= 2 * chance.recallAt10 + 0.1) return undefined;
      return `Pairs in random order score ${percent(shuffled.recallAt10)} at recall at 10, where guessing gives ${percent(chance.recallAt10)}: some of the score comes from rows that resemble one another, not from the pairs.`;
    },
  },
  {
    level: 'caution',
    says: ({ forward, backward }) => {
      const gain = (forward.recallAt1 - forward.plain.recallAt1 + backward.recallAt1 - backward.plain.recallAt1) / 2;
      if (gain <= 0.1) return undefined;
      return `A few points are near to everything: without CSLS, which corrects for that, recall at 1 falls by ${(100 * gain).toFixed(0)} points. Search with CSLS.`;
    },
  },
  {
    level: 'pass',
    says: ({ learningCurve }) => {
      const more = learningCurve?.more;
      if (!more) return undefined;
      if (more.gain < 0.005) return `${more.pairs} more pairs are worth hardly anything.`;
      return `${more.pairs} more pairs are worth about ${(100 * more.gain).toFixed(1)} points of recall at 1.`;
    },
  },
];

const order = ['pass', 'caution', 'fail'] as const;

/** Whether to use an alignment, from the numbers of its report alone. Each reason is one rule of a table. */
export function verdictOf(evidence: Evidence): Verdict {
  const { forward, backward } = evidence;
  if (!forward || !backward || evidence.heldOutPairs === 0) {
    return { level: 'fail', reasons: ['No pair could be held out, so that nothing is known about how well it works.'] };
  }
  const found = rules.flatMap(({ level, says }) => {
    const sentence = says({ ...evidence, forward, backward });
    return sentence === undefined ? [] : [{ level, sentence }];
  });
  const level = order[Math.max(0, ...found.map((each) => order.indexOf(each.level)))]!;
  // What fails need not be told what else might be better.
  const told = found.filter((each) => level !== 'fail' || each.level !== 'caution');
  const measured = { ...evidence, forward, backward };
  return { level, reasons: [...ofChain(measured), summary(measured), ...told.map(({ sentence }) => sentence)] };
}

/** Of a chain all of whose links were measured, recall at 10: its own, and that of the link that finds least. */
function lostOnTheWay({ forward, backward, chain = [] }: Measured): { reached: number; weakest: number } | undefined {
  const known = chain.flatMap(({ recallAt10 }) => recallAt10 ?? []);
  if (known.length === 0 || known.length < chain.length) return undefined;
  return { reached: (forward.recallAt10 + backward.recallAt10) / 2, weakest: Math.min(...known) };
}

/** What a chain lost, next to its links. */
function ofChain(evidence: Measured): string[] {
  const lost = lostOnTheWay(evidence);
  if (!lost) return [];
  const { chain = [], chance } = evidence;
  const each = chain.map(({ recallAt10 }) => recallAt10!.toFixed(2)).join(' and ');
  const same = chain.every(({ sameThings }) => sameThings);
  const where = same ? 'on the same things' : 'on their own held-out pairs, which differ in number';
  const less = Math.max(0, lost.weakest - lost.reached).toFixed(2);
  return [
    `The chain's recall at 10 is ${lost.reached.toFixed(2)}, chance ${chance.recallAt10.toFixed(2)}; its links reach ${each} ${where}: it lost ${less} of the weakest one.`,
  ];
}

function summary({ forward, backward, chance, heldOutPairs }: Measured): string {
  const range = ({
    interval: {
      recallAt1: { low, high },
    },
  }: MeasuredScores): string => `${percent(low)} to ${percent(high)}`;
  return `The right answer comes first for ${percent(forward.recallAt1)} of unseen queries forward (${range(forward)}) and ${percent(backward.recallAt1)} backward (${range(backward)}), where guessing gives ${percent(chance.recallAt1)}; measured on ${heldOutPairs} pairs.`;
}

/** The deepest recall that neither guessing nor the control reaches by itself. */
function depthOf({ chance, shuffled = chance }: Measured): {
  readonly name: RecallName;
  readonly k: number;
  readonly chance: number;
} {
  const depths = [
    { name: 'recallAt10', k: 10 },
    { name: 'recallAt5', k: 5 },
    { name: 'recallAt1', k: 1 },
  ] as const;
  const depth = depths.find(({ name }) => Math.max(chance[name], shuffled[name]) <= 0.25) ?? depths[2];
  return { ...depth, chance: chance[depth.name] };
}

/** True when the whole interval lies above guessing and above the control. */
function reaches(evidence: Measured, way: 'forward' | 'backward'): boolean {
  const { name, chance } = depthOf(evidence);
  return evidence[way].interval[name].low > Math.max(chance, evidence.shuffled?.[name] ?? 0);
}

function width({ interval }: MeasuredScores, name: RecallName): number {
  return interval[name].high - interval[name].low;
}
