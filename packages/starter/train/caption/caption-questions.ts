import { random, searchIndex, type Alignment, type Embeddings, type Encoder } from '@cognate/core';
import { decodeHybrid, memory, type Captioner, type Memory, type Origin } from '@cognate/decoders';
import { conceptsIn, pick, type Points } from '../align/points.ts';
import type { Concept } from '../data/concepts.ts';
import type { Language } from '../text/languages.ts';

/** Which points texts are written from: those of names, or those of pictures, taken over by the alignment. */
export type Source = 'text' | 'image';

/** How a text is written: from the point, from its mix of known points, or the best of several by cycle score. */
export const ways = ['point', 'memory', 'hybrid'] as const;
export type Way = (typeof ways)[number];

/** Candidates of the hybrid way. */
const candidates: readonly Origin[] = ['point', 'memory', 'known', 'known'];

/** Everything that texts are written with and judged by. */
export interface World {
  readonly points: Points;
  readonly alignment: Alignment;
  readonly captioner: Captioner;
  readonly encoder: Encoder<string>;
  /** Concepts that the captioner was trained on, and the points of their English names. */
  readonly trained: readonly string[];
  readonly known: Memory;
}

export function knownTo(points: Points): Pick<World, 'trained' | 'known'> {
  const trained = conceptsIn(points, ['train'], []);
  return { trained, known: memory(pick(points.names.get('en')!, trained)) };
}

/** Concepts to ask about, at most `count`, by a seeded draw; all have a picture. */
export function drawConcepts(points: Points, part: Concept['part'], count: number, seed = 1): readonly string[] {
  const all = conceptsIn(points, [part], ['noto']);
  const order = random(seed).permutation(all.length);
  return [...order.subarray(0, count)].map((i) => all[i]!);
}

/**
 * Points of the concepts on the captioner's side. Names are English, and German where English is written, so that there
 * is something to translate.
 */
export function asked(
  { points, alignment }: World,
  source: Source,
  hexcodes: readonly string[],
  language: Language,
): Embeddings {
  if (source === 'image') return alignment.backward(pick(points.pictures.get('noto')!, hexcodes));
  return pick(points.names.get(language === 'en' ? 'de' : 'en')!, hexcodes);
}

/** One text for each point. */
export async function write(
  { captioner, encoder, known }: World,
  points: Embeddings,
  language: Language,
  way: Way,
): Promise<readonly string[]> {
  if (way !== 'hybrid') {
    const from = way === 'memory' ? await known.project(points) : points;
    return (await captioner.decode(from, { language })).map(({ text }) => text);
  }
  const made = await decodeHybrid(
    points,
    {
      decode: async (rows, seeds, options) =>
        (await captioner.decode(rows, { ...options, language, seed: seeds })).map(({ text }) => text),
      cycle: { encode: (texts, options) => encoder.encode(texts, options) },
      memory: known,
      origins: candidates,
      keyOf: (text) => text,
    },
    { candidates: candidates.length },
  );
  return made.map(([best]) => best!.sample);
}

/**
 * The concept of the nearest name among those that the captioner was trained on, by CSLS as pages find names: what is
 * to be beaten. From pictures, names are looked for in the space where both sides meet.
 */
export async function nearestKnown(
  { points, alignment, trained }: World,
  source: Source,
  hexcodes: readonly string[],
  language: Language,
): Promise<readonly string[]> {
  const names = pick(points.names.get('en')!, trained);
  const image = source === 'image';
  const queries = image
    ? alignment.project(pick(points.pictures.get('noto')!, hexcodes))
    : pick(points.names.get(language === 'en' ? 'de' : 'en')!, hexcodes);
  const anchors = image ? alignment.anchors.target : undefined;
  using index = await searchIndex(image ? alignment.project(names) : names, { anchors });
  return (await index.search(queries, 1)).map(({ indices }) => trained[indices[0]!]!);
}
