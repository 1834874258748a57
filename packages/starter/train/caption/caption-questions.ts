import { concat, random, searchIndex, type Alignment, type Embeddings, type Encoder } from '@cognate/core';
import {
  captionConsensus,
  captionOrigins,
  captionSharpness,
  decodeHybrid,
  memory,
  type Captioner,
  type Made,
  type Memory,
  type Origin,
  type WrittenText,
} from '@cognate/decoders';
import { loadShippedAlignment } from '../align/evaluate.ts';
import { conceptsIn, loadPoints, pick, type Points } from '../align/points.ts';
import { learnedParts, type Concept } from '../data/concepts.ts';
import type { RecipeHost } from '../data/recipe-host.ts';
import { loadShippedText } from '../text/evaluate.ts';
import type { Language } from '../text/languages.ts';
import { loadShippedCaptioner } from './shipped.ts';

/** Which points texts are written from: those of names in a language, or those of pictures, taken over by the alignment. */
export type Source = Language | 'image';

/** What names in a language are written from where one source has to do. */
export const usualSource = (language: Language): Language => (language === 'en' ? 'de' : 'en');

/** How a text is written: greedily from the point, or as pages do it, by consensus. */
const ways = {
  point: ['point'],
  consensus: captionOrigins,
} as const satisfies Record<string, readonly Origin[]>;
export type Way = keyof typeof ways;

/** Styles whose drawings of known concepts are known. */
const styles = ['noto', 'twemoji', 'fluent-flat'] as const;

/** Everything that texts are written with and judged by. */
export interface World {
  readonly points: Points;
  readonly alignment: Alignment;
  readonly captioner: Captioner;
  readonly encoder: Encoder<string>;
  /** Concepts that the captioner was trained on. */
  readonly trained: readonly string[];
  /** The points of their English names, looked for among names or, for pictures, by drawings of the concepts. */
  readonly known: Readonly<Record<'text' | 'image', Memory>>;
  /** The concept of each row of `known.image`: each as often as it is drawn. */
  readonly drawn: readonly string[];
}

/**
 * The shipped models, and points of names in every language that is written.
 * @param parts concepts that the captioner has learned; before its last run, those of `train` alone.
 */
export async function loadWorld(
  host: RecipeHost,
  parts: readonly Concept['part'][] = learnedParts,
): Promise<World & AsyncDisposable> {
  const [captioner, encoder, alignment] = [
    await loadShippedCaptioner(),
    await loadShippedText(),
    await loadShippedAlignment(),
  ];
  const points = await loadPoints(host, captioner.languages as readonly Language[], styles);
  const trained = conceptsIn(points, parts, []);
  const english = points.names.get('en')!;
  const drawings = styles.map((style) => {
    const hexcodes = conceptsIn(points, parts, [style]);
    return { hexcodes, keys: pick(points.pictures.get(style)!, hexcodes) };
  });
  const drawn = drawings.flatMap(({ hexcodes }) => hexcodes);
  const keys = concat(drawings.map((each) => each.keys) as [Embeddings, ...Embeddings[]]);
  const sharpness = captionSharpness;
  return {
    ...{ points, alignment, captioner, encoder, trained, drawn },
    known: { text: memory(pick(english, trained), { sharpness }), image: memory(pick(english, drawn), { keys, sharpness }) }, // prettier-ignore
    async [Symbol.asyncDispose]() {
      await captioner[Symbol.asyncDispose]();
      await encoder[Symbol.asyncDispose]();
    },
  };
}

/** Concepts to ask about, at most `count`, by a seeded draw; all have a picture. */
export function drawConcepts(
  points: Points,
  parts: readonly Concept['part'][],
  count: number,
  seed = 1,
): readonly string[] {
  const all = conceptsIn(points, parts, ['noto']);
  const order = random(seed).permutation(all.length);
  return [...order.subarray(0, count)].map((i) => all[i]!);
}

/** Points of the concepts in the space of their source. */
export function asked({ points }: World, source: Source, hexcodes: readonly string[]): Embeddings {
  return pick(source === 'image' ? points.pictures.get('noto')! : points.names.get(source)!, hexcodes);
}

/** One text for each point, of names or of pictures, with its cycle score. */
export async function write(
  { captioner, encoder, alignment, known }: World,
  points: Embeddings,
  language: Language,
  way: Way,
): Promise<readonly Made<WrittenText>[]> {
  const aligned = points.space.id === alignment.target.id;
  const origins = ways[way];
  const made = await decodeHybrid(
    aligned ? alignment.backward(points) : points,
    {
      decode: (rows, seed, options) => captioner.decode(rows, { ...options, language, seed }),
      cycle: {
        encode: (written, options) =>
          encoder.encode(
            written.map(({ text }) => text),
            options,
          ),
        project: (batch) => (aligned ? alignment.project(batch) : batch),
      },
      memory: known[aligned ? 'image' : 'text'],
      origins,
      keyOf: ({ text }) => text,
      ...(way === 'consensus' && { consensus: captionConsensus({ aligned }) }),
    },
    { candidates: origins.length, asked: points },
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
): Promise<readonly string[]> {
  const { points, alignment, trained } = world;
  const names = pick(points.names.get('en')!, trained);
  const image = source === 'image';
  const given = asked(world, source, hexcodes);
  const queries = image ? alignment.project(given) : given;
  const anchors = image ? alignment.anchors.target : undefined;
  using index = await searchIndex(image ? alignment.project(names) : names, { anchors });
  return (await index.search(queries, 1)).map(({ indices }) => trained[indices[0]!]!);
}

/** The concept of the nearest drawing among those of concepts that the captioner was trained on. */
export async function nearestDrawn({ known, drawn }: World, pictures: Embeddings): Promise<readonly string[]> {
  return (await known.image.nearest(pictures, 1)).map(([best]) => drawn[best!.row]!);
}
