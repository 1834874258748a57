import { concat, normalize, rows as pickRows, type CallOptions, type Embeddings } from '@cognate/core';
import { captionSharpness, memory, type Memory } from '@cognate/decoders';
import type { GeneratorChoice } from '../shared/inference.ts';
import { paintStyles } from '../shared/menus.ts';
import { joinProgress } from '../starter/join-progress.ts';
import { loadOnceEach } from '../starter/load-once.ts';
import { mapPoints } from '../starter/map-points.ts';
import type { StarterParts } from '../starter/translators.ts';

/**
 * The points of all concepts that samples of one kind may be made of: as English names, or as drawings in a style. Through an
 * alignment they are found where both sides meet, and so there are keys for each one; but the starter's own finds names for
 * pictures by the drawings of what they name.
 */
export type Memories = (
  choice: GeneratorChoice,
  origin: 'same side' | 'other side',
  options?: CallOptions,
) => Promise<Memory>;

/** The alignment that ships, whose pairs are the drawings and names of the starter; others are of the page's own. */
const shippedAlignment = 0;

/** A memory takes 2 MB, with its keys 4 MB, or 10 MB where these are drawings: the one not asked for longest goes. */
const keptCount = 8;

export function starterMemories({ names, pictures, alignments }: StarterParts): Memories {
  /** Found where both sides of an alignment meet, if there is one. */
  const found = async (
    load: (options: CallOptions) => Promise<Embeddings>,
    number: number | undefined,
    sharpness: number | undefined,
    options: CallOptions,
  ): Promise<Memory> => {
    const part = joinProgress(options);
    const [stored, alignment] = await Promise.all([
      load(part()),
      number === undefined ? undefined : alignments.get(number, part()),
    ]);
    const points = normalize(stored); // stored rows are rounded to half precision
    const keys = alignment && (await mapPoints(alignment, 'project', points, options.signal));
    return memory(points, { keys, sharpness });
  };

  /** English names, each found by the drawings of its concept. */
  const byDrawings = async (options: CallOptions): Promise<Memory> => {
    const part = joinProgress(options);
    const [{ items, points }, ...banks] = await Promise.all([
      names('en', part()),
      ...paintStyles.map(({ id }) => pictures.bank(id, part())),
    ]);
    const rowOf = new Map(items.map(({ hexcode }, row) => [hexcode, row]));
    const drawn = banks.map((bank) => {
      const at = bank.items.flatMap((hexcode, row) => (rowOf.has(hexcode) ? [row] : []));
      return { points: pickRows(points, at.map((row) => rowOf.get(bank.items[row]!)!)), keys: pickRows(bank.rows, at) }; // prettier-ignore
    });
    const all = (of: 'points' | 'keys'): Embeddings =>
      normalize(concat(drawn.map((each) => each[of]) as [Embeddings, ...Embeddings[]]));
    return memory(all('points'), { keys: all('keys'), sharpness: captionSharpness });
  };

  const made = loadOnceEach((key: string, options): Promise<Memory> => {
    const { style, alignment } = JSON.parse(key) as Wanted;
    if (style !== undefined) {
      return found(async (load) => (await pictures.bank(style, load)).rows, alignment, undefined, options);
    }
    if (alignment === shippedAlignment) return byDrawings(options);
    return found(async (load) => (await names('en', load)).points, alignment, captionSharpness, options);
  }, keptCount);

  return ({ to, style, alignment }, origin, options) => {
    const wanted: Wanted = { ...(to === 'image' && { style }), ...(origin === 'other side' && { alignment }) };
    return made(JSON.stringify(wanted), options);
  };
}

/** What tells one memory from another. */
interface Wanted {
  /** Of drawings; absent for names. */
  readonly style?: string;
  /** Absent on the same side. */
  readonly alignment?: number;
}
