import { concat, normalize, rows as pickRows, type CallOptions, type Embeddings } from '@cognate/core';
import { captionSharpness, memory, type Memory } from '@cognate/decoders';
import type { GeneratorChoice } from '../shared/inference.ts';
import { paintStyles } from '../shared/menus.ts';
import { joinProgress } from '../starter/join-progress.ts';
import { loadOnceEach } from '../starter/load-once.ts';
import { mapPoints } from '../starter/map-points.ts';
import type { StarterParts } from '../starter/translators.ts';

/**
 * The points of all concepts that samples of one kind may be made of: as English names, or as drawings in a style. Names are
 * found for pictures by the drawings of what they name; drawings for texts where both sides meet, and so there are keys
 * for each alignment.
 */
export type Memories = (
  choice: GeneratorChoice,
  origin: 'same side' | 'other side',
  options?: CallOptions,
) => Promise<Memory>;

/** A memory takes 2 MB, with its keys 4 MB, or 10 MB where these are drawings: the one not asked for longest goes. */
const keptCount = 8;

export function starterMemories({ names, pictures, alignments }: StarterParts): Memories {
  const ofNames = async (crosses: boolean, options: CallOptions): Promise<Memory> => {
    const part = joinProgress(options);
    const [{ items, points }, ...banks] = await Promise.all([
      names('en', part()),
      ...(crosses ? paintStyles.map(({ id }) => pictures.bank(id, part())) : []),
    ]);
    // Stored rows are rounded to half precision.
    if (!crosses) return memory(normalize(points), { sharpness: captionSharpness });
    const rowOf = new Map(items.map(({ hexcode }, row) => [hexcode, row]));
    const drawn = banks.map((bank) => {
      const at = bank.items.flatMap((hexcode, row) => (rowOf.has(hexcode) ? [row] : []));
      return { points: pickRows(points, at.map((row) => rowOf.get(bank.items[row]!)!)), keys: pickRows(bank.rows, at) }; // prettier-ignore
    });
    const all = (of: 'points' | 'keys'): Embeddings =>
      normalize(concat(drawn.map((each) => each[of]) as [Embeddings, ...Embeddings[]]));
    return memory(all('points'), { keys: all('keys'), sharpness: captionSharpness });
  };

  const ofDrawings = async (style: string, number: number | undefined, options: CallOptions): Promise<Memory> => {
    const part = joinProgress(options);
    const [{ rows }, alignment] = await Promise.all([
      pictures.bank(style, part()),
      number === undefined ? undefined : alignments.get(number, part()),
    ]);
    const points = normalize(rows);
    return memory(points, { keys: alignment && (await mapPoints(alignment, 'project', points, options.signal)) });
  };

  const made = loadOnceEach((key: string, options): Promise<Memory> => {
    const { crosses, style, alignment } = JSON.parse(key) as Wanted;
    return style === undefined ? ofNames(crosses, options) : ofDrawings(style, alignment, options);
  }, keptCount);

  return ({ to, style, alignment }, origin, options) => {
    const crosses = origin === 'other side';
    const wanted: Wanted = { crosses, ...(to === 'image' && { style, ...(crosses && { alignment }) }) };
    return made(JSON.stringify(wanted), options);
  };
}

/** What tells one memory from another. */
interface Wanted {
  readonly crosses: boolean;
  /** Of drawings; absent for names. */
  readonly style?: string;
  readonly alignment?: number;
}
