import type { Alignment, AlignmentReport, ChainLink } from '@cognate/core';

/** A link as its own report tells of it. */
export function linkOf({ source, target, report }: Alignment): ChainLink {
  const { forward, backward, method } = report;
  const known = forward && backward && { recallAt10: (forward.recallAt10 + backward.recallAt10) / 2 };
  return { source, target, method, ...known };
}

/** Which spaces a chain leads through, for people. */
export function wayOf(links: readonly ChainLink[]): string {
  const stops = [links[0]!.source.id, ...links.map(({ target }) => target.id)].join(' -> ');
  return `${links.length} alignments one after the other: ${stops}.`;
}

/** What is known of a chain before anybody has measured it. */
export function unmeasured(chain: readonly Alignment[]): AlignmentReport {
  const links = chain.map(linkOf);
  const known = links.flatMap(({ recallAt10 }) => recallAt10 ?? []);
  const guess = known.reduce((product, recall) => product * recall, 1);
  const expected =
    known.length < links.length
      ? 'Not all of its links have been measured either.'
      : `If its links go wrong independently, its recall at 10 is about ${guess.toFixed(2)}.`;
  return {
    method: 'chain',
    reason: wayOf(links),
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
