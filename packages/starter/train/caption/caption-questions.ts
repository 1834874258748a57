import { random, rows as pickRows, searchIndex, type Alignment, type Embeddings, type Encoder } from '@cognate/core';
import {
  decodeHybrid,
  memory,
  textLikeness,
  type Captioner,
  type Made,
  type Memory,
  type Origin,
} from '@cognate/decoders';
import { loadShippedAlignment } from '../align/evaluate.ts';
import { conceptsIn, loadPoints, pick, type Points } from '../align/points.ts';
import type { Concept } from '../data/concepts.ts';
import type { RecipeHost } from '../data/recipe-host.ts';
import { loadShippedText } from '../text/evaluate.ts';
import type { Language } from '../text/languages.ts';
import { loadShippedCaptioner } from './shipped.ts';

/** Which points texts are written from: those of names, or those of pictures, taken over by the alignment. */
export type Source = 'text' | 'image';

/**
 * How a text is written: from the point, from its mix of known points, the best of several by cycle score, or the one of
 * several that the others agree with most.
 */
export const ways = {
  point: ['point'],
  memory: ['memory'],
  hybrid: ['point', 'memory', 'known', 'known'],
  consensus: ['point', 'memory', 'known', 'known', 'known', 'known'],
} as const satisfies Record<string, readonly Origin[]>;
export type Way = keyof typeof ways;

/** Beside the likeliest text of each origin, the consensus hears as many that are drawn. */
const drawnAt = 0.7;

/** Everything that texts are written with and judged by. */
export interface World {
  readonly points: Points;
  readonly alignment: Alignment;
  readonly captioner: Captioner;
  readonly encoder: Encoder<string>;
  /** Concepts that the captioner was trained on. */
  readonly trained: readonly string[];
  /** The points of their English names, looked for where points of that source lie, or where both sides meet. */
  readonly known: Readonly<Record<Source, Memory>>;
}

/** The shipped models, and points of names in every language that is written. */
export async function loadWorld(host: RecipeHost): Promise<World & AsyncDisposable> {
  const [captioner, encoder, alignment] = [
    await loadShippedCaptioner(),
    await loadShippedText(),
    await loadShippedAlignment(),
  ];
  const languages = new Set(['en', 'de', ...captioner.languages] as Language[]);
  const points = await loadPoints(host, [...languages], ['noto']);
  const trained = conceptsIn(points, ['train'], []);
  const names = pick(points.names.get('en')!, trained);
  return {
    ...{ points, alignment, captioner, encoder, trained },
    known: { text: memory(names), image: memory(names, { keys: alignment.project(names) }) },
    async [Symbol.asyncDispose]() {
      await captioner[Symbol.asyncDispose]();
      await encoder[Symbol.asyncDispose]();
    },
  };
}

/** Concepts to ask about, at most `count`, by a seeded draw; all have a picture. */
export function drawConcepts(points: Points, part: Concept['part'], count: number, seed = 1): readonly string[] {
  const all = conceptsIn(points, [part], ['noto']);
  const order = random(seed).permutation(all.length);
  return [...order.subarray(0, count)].map((i) => all[i]!);
}

/**
 * Points of the concepts in the space of their source. Names are English, and German where English is written, so that
 * there is something to translate.
 */
export function asked({ points }: World, source: Source, hexcodes: readonly string[], language: Language): Embeddings {
  const set = source === 'image' ? points.pictures.get('noto')! : points.names.get(language === 'en' ? 'de' : 'en')!;
  return pick(set, hexcodes);
}

/** One text for each point, of names or of pictures, with its cycle score. */
export async function write(
  { captioner, encoder, alignment, known }: World,
  points: Embeddings,
  language: Language,
  way: Way,
): Promise<readonly Made<string>[]> {
  const image = points.space.id === alignment.target.id;
  const origins = ways[way];
  const made = await decodeHybrid(
    image ? alignment.backward(points) : points,
    {
      decode: async (rows, seeds, options) => {
        const texts: string[] = [];
        for (const drawn of [false, true]) {
          const at = seeds.flatMap((seed, i) => (seed > 0 === drawn ? [i] : []));
          const seed = at.map((i) => seeds[i]!);
          const how = { ...options, language, seed, ...(drawn && { temperature: drawnAt }) };
          const written = await captioner.decode(pickRows(rows, at), how);
          at.forEach((i, k) => (texts[i] = written[k]!.text));
        }
        return texts;
      },
      cycle: {
        encode: (texts, options) => encoder.encode(texts, options),
        project: (batch) => (image ? alignment.project(batch) : batch),
      },
      memory: known[image ? 'image' : 'text'],
      origins,
      ...(way === 'consensus' ? { likeness: textLikeness } : { keyOf: (text: string) => text }),
    },
    { candidates: origins.length * (way === 'consensus' ? 2 : 1), asked: points },
  );
  return made.map(([best]) => best!);
}

/**
 * The concept of the nearest name among those that the captioner was trained on, by CSLS as pages find names: what is
 * to be beaten. From pictures, names are looked for in the space where both sides meet.
 */
export async function nearestKnown(
  world: World,
  source: Source,
  hexcodes: readonly string[],
  language: Language,
): Promise<readonly string[]> {
  const { points, alignment, trained } = world;
  const names = pick(points.names.get('en')!, trained);
  const image = source === 'image';
  const given = asked(world, source, hexcodes, language);
  const queries = image ? alignment.project(given) : given;
  const anchors = image ? alignment.anchors.target : undefined;
  using index = await searchIndex(image ? alignment.project(names) : names, { anchors });
  return (await index.search(queries, 1)).map(({ indices }) => trained[indices[0]!]!);
}
