import { normalize, type CallOptions } from '@cognate/core';
import { memory, type Memory } from '@cognate/decoders';
import type { GeneratorChoice } from '../shared/inference.ts';
import { joinProgress } from '../starter/join-progress.ts';
import { loadOnceEach } from '../starter/load-once.ts';
import { mapPoints } from '../starter/map-points.ts';
import type { StarterParts } from '../starter/translators.ts';

/**
 * The points of all concepts that samples of one kind may be made of: as English names, or as drawings in a style. Points
 * that come from the other side are compared with them where both sides meet, and so there are keys for each alignment.
 */
export type Memories = (
  choice: GeneratorChoice,
  origin: 'same side' | 'other side',
  options?: CallOptions,
) => Promise<Memory>;

/** A memory takes 2 MB, or 4 MB with its keys: the one that was not asked for longest goes. */
const keptCount = 8;

export function starterMemories({ names, pictures, alignments }: StarterParts): Memories {
  const made = loadOnceEach(async (key: string, options): Promise<Memory> => {
    const [of, number] = JSON.parse(key) as [string, number?];
    const part = joinProgress(options);
    const [rows, alignment] = await Promise.all([
      of === 'names'
        ? names('en', part()).then(({ points }) => points)
        : pictures.bank(of, part()).then((bank) => bank.rows),
      number === undefined ? undefined : alignments.get(number, part()),
    ]);
    // Stored rows are rounded to half precision.
    const points = normalize(rows);
    return memory(points, { keys: alignment && (await mapPoints(alignment, 'project', points, options.signal)) });
  }, keptCount);

  return ({ to, style, alignment }, origin, options) =>
    made(JSON.stringify([to === 'text' ? 'names' : style, ...(origin === 'other side' ? [alignment] : [])]), options);
}
