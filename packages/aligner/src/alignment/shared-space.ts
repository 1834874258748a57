import type { Space } from '@cognate/core';
import { sharedDim } from './path.ts';
import type { AlignmentParts } from './alignment.ts';

/** A space of its own for every alignment: points of different ones must not be compared. */
export function sharedSpace(
  { source, target }: { readonly source: Space; readonly target: Space },
  { heads, anchors }: Pick<AlignmentParts, 'heads' | 'anchors'>,
): Space {
  // FNV-1a over the bits of all anchors, which any difference between two fits reaches.
  let hash = 0x811c9dc5;
  for (const rows of [anchors.source, anchors.target]) {
    for (const byte of new Uint8Array(rows.buffer)) hash = Math.imul(hash ^ byte, 0x01000193);
  }
  const name = (hash >>> 0).toString(16).padStart(8, '0');
  return { id: `${source.id}+${target.id}#${name}`, dim: sharedDim(heads), normalized: true };
}
