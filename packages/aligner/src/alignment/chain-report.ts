import type { Alignment, AlignmentReport, ChainLink, RetrievalScores } from '@cognate/core';

/** A link as its own report tells of it. */
export function linkOf({ source, target, report }: Alignment): ChainLink {
  const { forward, backward, method } = report;
  const known = forward && backward && { recallAt10: (forward.recallAt10 + backward.recallAt10) / 2 };
  return { source, target, method, ...known };
}

/** What is known of a chain before anybody has measured it. */
export function unmeasured(chain: readonly Alignment[]): AlignmentReport {
  const links = chain.map(linkOf);
  const stops = [links[0]!.source.id, ...links.map(({ target }) => target.id)].join(' -> ');
  const known = links.flatMap(({ recallAt10 }) => recallAt10 ?? []);
  const guess = known.reduce((product, recall) => product * recall, 1);
  const expected =
    known.length < links.length
      ? 'Not all of its links have been measured either.'
      : `If its links go wrong independently, its recall at 10 is about ${guess.toFixed(2)}.`;
  return {
    method: 'chain',
    reason: `${links.length} alignments one after the other: ${stops}.`,
    tried: [],
    trainPairs: Math.min(...chain.map(({ report }) => report.trainPairs)),
    heldOutPairs: 0,
    chance: chain.at(-1)!.report.chance,
    verdict: {
      level: chain.some(({ report }) => report.verdict.level === 'fail') ? 'fail' : 'caution',
      reasons: [`No pairs of both ends were given to measure the chain with. ${expected}`],
    },
    suspects: [],
    chain: links,
    seed: chain[0]!.report.seed,
  };
}

/** Says what was lost on the way. @param sameThings whether the links were measured on the same things as the chain. */
export function chainVerdict(
  { forward, backward, chance }: { readonly [K in 'forward' | 'backward' | 'chance']: RetrievalScores },
  links: readonly ChainLink[],
  sameThings: boolean,
): AlignmentReport['verdict'] {
  const reached = (forward.recallAt10 + backward.recallAt10) / 2;
  const known = links.flatMap(({ recallAt10 }) => recallAt10 ?? []);
  const weakest = Math.min(...known);
  const each = known.map((recall) => recall.toFixed(2)).join(' and ');
  const where = sameThings ? 'on the same things' : 'on their own held-out pairs, which differ in number';
  const sentence =
    known.length < links.length
      ? `The chain's recall at 10 is ${reached.toFixed(2)}, chance ${chance.recallAt10.toFixed(2)}.`
      : `The chain's recall at 10 is ${reached.toFixed(2)}, chance ${chance.recallAt10.toFixed(2)}; its links reach ${each} ${where}: it lost ${Math.max(0, weakest - reached).toFixed(2)} of the weaker one.`;
  const fails = reached < 2 * chance.recallAt10;
  const level = fails ? 'fail' : reached < weakest / 2 ? 'caution' : 'pass';
  return { level, reasons: [sentence, ...(fails ? ['That is hardly better than guessing.'] : [])] };
}
