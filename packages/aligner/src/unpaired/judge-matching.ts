import type { MatchingEvidence, Verdict } from '@cognate/core';

/** Between two sets of independent points, fits differ from those to a destroyed target by half of this. */
const leastGain = 0.02;

/** Between two sets of independent points, and of unrelated clusters, runs agree by half of this. */
const leastAgreement = 0.03;

/** What can be said of a map that no pair has tested: never that it is right. */
export function judgeMatching({ agreement, fit, cka, runs }: MatchingEvidence): Verdict {
  const untested =
    'No pair was held out, so that nothing is known about how often it is right. Give some pairs as `heldOut` to find out: twenty tell much.';
  const numbers = `Rows match with a mean cosine of ${fixed(fit.value)}, where a target without shape reaches ${fixed(fit.chance)}; ${runs} runs agree by ${fixed(agreement.value)} (0 is not at all, 1 is fully); CKA of matched rows is ${fixed(cka.value)}, by chance ${fixed(cka.chance)}.`;
  if (fit.value < fit.chance + leastGain) {
    return {
      level: 'fail',
      reasons: ['The shapes of both sets of points have no more in common than accident gives.', numbers, untested],
    };
  }
  if (agreement.value < leastAgreement) {
    return {
      level: 'fail',
      reasons: [
        'Runs from other random starts find other correspondences, so that this one is likely to be one of many.',
        numbers,
        untested,
      ],
    };
  }
  return {
    level: 'caution',
    reasons: [
      untested,
      'Both sets of points have a shape in common, and runs agree on it: a coarse hint, at best of the kind of thing. Shapes can be alike without meaning the same.',
      numbers,
    ],
  };
}

function fixed(value: number): string {
  return value.toFixed(2);
}
