import {
  breather,
  CognateError,
  requireSpace,
  type Alignment,
  type AlignmentReport,
  type CallOptions,
  type ChainLink,
  type Embeddings,
} from '@cognate/core';
import { rounded } from './half.ts';
import { plainTools, type Tools } from '../algebra/tools.ts';
import { calibrateBoth, examine, measured } from '../measure/judge.ts';
import { chanceScores } from '../measure/retrieval.ts';
import { numbered } from '../groups.ts';
import { requireHeldOut } from '../pairs.ts';
import type { Sample } from '../sample.ts';
import { verdictOf } from '../measure/verdict.ts';
import { linkOf, unmeasured } from './chain-report.ts';
import { createAlignment, partsOf, type AlignmentParts } from './alignment.ts';
import { cycleScores } from './cycle.ts';
import { invert } from './invert.ts';
import { applyPath, type Path } from './path.ts';
import { sharedSpace } from './shared-space.ts';

/** Things that no link of the chain has learned from: row i is thing i in every list. */
export interface HeldOutChain {
  readonly source: Embeddings;
  readonly target: Embeddings;
  /** The same things in the spaces between, in order: with these, what the chain lost is measured exactly. */
  readonly through?: readonly Embeddings[] | undefined;
  /** `[count]`: rows of one group mean the same thing. Each row by itself unless told. */
  readonly groups?: ArrayLike<number> | undefined;
}

export interface ComposeOptions extends Pick<CallOptions, 'signal'> {
  /** To measure the chain by; without it the report says that nothing did. */
  readonly heldOut?: HeldOutChain | undefined;
}

/**
 * One alignment from the first space of a chain to its last: A -> B -> C through the pivot B, without a single pair of A
 * and C. Alignments that point the other way are inverted; arrays are shared with the links.
 * @param links two or more; neighbours have a space in common.
 * @throws {CognateError} `invalid-input` for fewer than two; `space-mismatch` when neighbours do not meet, or when the
 * chain returns to the space it came from; `shape-mismatch` for held-out rows that do not pair. Aborting rejects with
 * `signal.reason`.
 */
export async function compose(
  links: readonly Alignment[],
  { heldOut, signal }: ComposeOptions = {},
): Promise<Alignment> {
  signal?.throwIfAborted();
  if (links.length < 2) {
    throw new CognateError('invalid-input', `compose() needs two or more alignments, got ${links.length}`);
  }
  const chain = oriented(links);
  const joined = chain.map((link) => partsOf('compose()', link)).reduce(join);
  if (joined.source.id === joined.target.id) {
    throw new CognateError(
      'space-mismatch',
      `compose() needs a chain between two different spaces, got ${joined.source.id} at both ends: see cycle()`,
    );
  }
  const report = unmeasured(chain);
  if (!heldOut) return createAlignment({ ...joined, report });
  requireHeldOut('compose()', heldOut, joined);
  const tools = plainTools(breather(signal));
  const scores = await measure(joined, heldOut, tools);
  const alone = await linksAlone(chain, heldOut, tools);
  const evidence = {
    ...report,
    ...scores,
    heldOutPairs: heldOut.source.count,
    chain: alone,
    cycle: await cycleScores(joined, heldOut, tools),
  };
  return createAlignment({ ...joined, report: { ...evidence, verdict: verdictOf(evidence) } });
}

/** Every link turned so that it starts where the one before it ends. */
function oriented(links: readonly Alignment[]): Alignment[] {
  const [first, second] = [links[0]!, links[1]!];
  const meets = (end: { readonly id: string }, link: Alignment): boolean =>
    end.id === link.source.id || end.id === link.target.id;
  const out = [meets(first.target, second) || !meets(first.source, second) ? first : invert(first)];
  for (const [i, link] of links.entries()) {
    if (i === 0) continue;
    const pivot = out[i - 1]!.target;
    const next = link.source.id === pivot.id ? link : link.target.id === pivot.id ? invert(link) : undefined;
    if (!next) {
      throw new CognateError(
        'space-mismatch',
        `compose() needs alignment ${i} to start where the one before it ends, at ${pivot.id}, got ${link.source.id} and ${link.target.id}`,
      );
    }
    requireSpace('compose()', next.source, pivot);
    out.push(next);
  }
  return out;
}

/** Points meet in the shared space of the last link. */
function join(first: AlignmentParts, second: AlignmentParts): AlignmentParts {
  const onwards: Path = [...first.returns.target, ...second.heads.source];
  const back: Path = [...second.returns.source, ...first.heads.target];
  const heads = { source: [...first.heads.source, ...onwards], target: second.heads.target };
  const rows = first.anchors.source.length / first.shared.dim;
  const crowd = applyPath(onwards, { rows, cols: first.shared.dim, data: first.anchors.source }).data;
  const anchors = { source: rounded(crowd), target: second.anchors.target };
  const ends = { source: first.source, target: second.target };
  return {
    ...ends,
    shared: sharedSpace(ends, { heads, anchors }),
    heads,
    returns: { source: [...back, ...first.returns.source], target: second.returns.target },
    anchors,
    report: second.report,
  };
}

type ChainScores = Pick<AlignmentReport, 'calibration'> &
  Required<Pick<AlignmentReport, 'forward' | 'backward' | 'chance'>>;

async function measure(parts: AlignmentParts, heldOut: HeldOutChain, tools: Tools): Promise<ChainScores> {
  const test = sampleOf(heldOut);
  const examination = { heads: parts.heads, test, candidates: test, crowd: test };
  return {
    ...measured([await examine(examination, tools)], test.source.count),
    chance: chanceScores(test.groups),
    calibration: await calibrateBoth([examination], tools),
  };
}

/** What each link reaches by itself: on the same things where they are known in between, else as its own report says. */
async function linksAlone(
  chain: readonly Alignment[],
  { source, target, through, groups }: HeldOutChain,
  tools: Tools,
): Promise<ChainLink[]> {
  if (!through) return chain.map(linkOf);
  if (through.length !== chain.length - 1) {
    throw new CognateError(
      'shape-mismatch',
      `compose() needs held-out points of the ${chain.length - 1} spaces in between, got ${through.length}`,
    );
  }
  const stops = [source, ...through, target];
  const out: ChainLink[] = [];
  for (const [i, link] of chain.entries()) {
    const pairs = { source: stops[i]!, target: stops[i + 1]!, groups };
    requireHeldOut('compose()', pairs, link);
    const { forward, backward } = await measure(partsOf('compose()', link), pairs, tools);
    out.push({ ...linkOf(link), recallAt10: (forward.recallAt10 + backward.recallAt10) / 2, sameThings: true });
  }
  return out;
}

function sampleOf({ source, target, groups }: HeldOutChain): Sample {
  return { source, target, groups: numbered(groups ?? Array.from({ length: source.count }, (_, i) => i)) };
}
