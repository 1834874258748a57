import { CognateError, rows, type CallOptions, type Embeddings } from '@cognate/core';
import type { Cognate } from '@cognate/web-workers';
import { encodeSide, type Encoded } from './encode-side.ts';
import type { Taken } from './own-data.ts';
import { countOf, labelOf, without, type OwnPairs, type Side } from './side.ts';
import type { Fitted } from './translator-box.ts';

/** Fewer cannot be compared, whatever is learned from them. */
const fewestPairs = 4;

/**
 * Pairs as points. Those of which a picture cannot be read are left out, and told like other rows that are.
 * @throws {CognateError} `invalid-input` when there are too few.
 */
export async function encodePairs(
  cognate: Cognate,
  pairs: Taken,
  options: CallOptions,
): Promise<{ readonly taken: Taken; readonly points: Fitted['points'] }> {
  requireEnough(pairs);
  const left = await encodeSide(cognate, pairs.left, options);
  const right = await encodeSide(cognate, pairs.right, options);
  options.signal?.throwIfAborted();
  const both = bothRead(pairs, left, right);
  requireEnough(both.taken);
  return both;
}

function requireEnough(pairs: OwnPairs): void {
  const count = differentOf(pairs);
  if (count >= fewestPairs) return;
  throw new CognateError(
    'invalid-input',
    `${fewestPairs} different pairs are the fewest to learn from, and there ${count === 1 ? 'is' : 'are'} ${count}.`,
  );
}

function bothRead(taken: Taken, left: Encoded, right: Encoded): { taken: Taken; points: Fitted['points'] } {
  const bad = new Set([...left.unread.keys(), ...right.unread.keys()]);
  const listed = [left, right].flatMap(({ unread }, i) =>
    Array.from(unread, ([row, reason]) => ({ place: nameIn([taken.left, taken.right][i]!, row), reason })),
  );
  const kept = ({ points, unread }: Encoded): Embeddings => {
    const read = Array.from({ length: points.count + unread.size }, (_, row) => row).filter((row) => !unread.has(row));
    const places = read.flatMap((row, place) => (bad.has(row) ? [] : [place]));
    return places.length < points.count ? rows(points, places) : points;
  };
  const troubles = {
    count: taken.troubles.count + bad.size,
    listed: [...taken.troubles.listed, ...listed.slice(0, 100)],
  };
  return {
    taken: { ...taken, left: without(taken.left, bad), right: without(taken.right, bad), troubles },
    points: inTwoSpaces(kept(left), kept(right)),
  };
}

/** Pairs, the same words only once. */
function differentOf({ left, right }: OwnPairs): number {
  if (left.kind !== 'text' || right.kind !== 'text') return countOf(left);
  return new Set(left.texts.map((text, row) => JSON.stringify([text, right.texts[row]]))).size;
}

function nameIn(side: Side, row: number): string {
  return side.kind === 'picture' ? side.pictures[row]!.name : labelOf(side, row);
}

/** Both sides as points of two spaces, which an alignment needs even where one encoder has made both. */
function inTwoSpaces(left: Embeddings, right: Embeddings): { left: Embeddings; right: Embeddings } {
  if (left.space.id !== right.space.id) return { left, right };
  return { left, right: { ...right, space: { ...right.space, id: `${right.space.id}/right` } } };
}
