import type { Alignment, AlignmentReport } from '@cognate/core';
import { verdictOf, type Evidence } from '../measure/verdict.ts';
import { createAlignment, partsOf } from './alignment.ts';
import { wayOf } from './chain-report.ts';

/**
 * The same correspondence, read from target to source: `forward()` of one is `backward()` of the other, to the bit.
 * Shares the arrays of `alignment`.
 * @throws {CognateError} `invalid-input` for an alignment that this package has not made.
 */
export function invert(alignment: Alignment): Alignment {
  const { source, target, shared, heads, returns, anchors, report } = partsOf('invert()', alignment);
  return createAlignment({
    source: target,
    target: source,
    shared,
    heads: swapped(heads),
    returns: swapped(returns),
    anchors: swapped(anchors),
    report: invertReport(report),
  });
}

/** What was measured in one direction was measured in the other. */
function invertReport(report: AlignmentReport): AlignmentReport {
  const { verdict, ...rest } = report;
  const { forward, backward, forecast, cycle, chain, calibration, suspects } = rest;
  const turnedChain = chain?.toReversed().map((link) => ({ ...link, source: link.target, target: link.source }));
  const evidence: Evidence = {
    ...rest,
    ...(backward && { forward: backward }),
    ...(forward && { backward: forward }),
    ...(calibration && { calibration: turned(calibration) }),
    ...(cycle && { cycle: swapped(cycle) }),
    ...(forecast && {
      forecast: {
        ...forecast,
        effectiveRank: swapped(forecast.effectiveRank),
        hubness: swapped(forecast.hubness),
      },
    }),
    ...(turnedChain && { chain: turnedChain, reason: wayOf(turnedChain) }),
    suspects: suspects.map((each) => ({ ...each, rank: turned(each.rank), nearest: turned(each.nearest) })),
  };
  // Its sentences name directions; those on what nobody has measured do not.
  return { ...evidence, verdict: forward && backward ? verdictOf(evidence) : verdict };
}

function swapped<T>({ source, target }: { readonly source: T; readonly target: T }): { source: T; target: T } {
  return { source: target, target: source };
}

function turned<T>({ forward, backward }: { readonly forward: T; readonly backward: T }): { forward: T; backward: T } {
  return { forward: backward, backward: forward };
}
