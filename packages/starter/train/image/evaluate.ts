import { csls, dotProducts, neighbourhood, random, rows as pickRows, type Embeddings } from '@cognate/core';
import { loadConcepts, type Concept } from '../data/concepts.ts';
import type { RecipeHost } from '../data/recipe-host.ts';
import type { Row } from '../data/row.ts';
import { recallOf, type Recall } from '../text/score.ts';
import { inputOf } from './inputs.ts';
import { loadPictures, type PictureSet } from './pictures.ts';
import { imageDataOf, loadShippedImage } from './shipped.ts';

/** The quick baseline from before this model, R@1: three styles, 32 x 32, a small network. */
const earlier: Readonly<Record<string, number>> = {
  'openmoji-twemoji.heldout': 0.51,
  'noto-twemoji.heldout': 0.8,
  'openmoji-noto.seen500': 0.41,
};

/** Which pictures ask, which answer, about which concepts. */
const questions = [
  { id: 'openmoji-twemoji.heldout', from: 'openmoji', to: 'twemoji', parts: ['heldOut'] },
  { id: 'noto-twemoji.heldout', from: 'noto', to: 'twemoji', parts: ['heldOut'] },
  { id: 'twemoji-noto.heldout', from: 'twemoji', to: 'noto', parts: ['heldOut'] },
  { id: 'openmoji-noto.heldout', from: 'openmoji', to: 'noto', parts: ['heldOut'] },
  { id: 'openmoji-noto.seen500', from: 'openmoji', to: 'noto', parts: ['train'], limit: 500 },
] as const satisfies readonly {
  id: string;
  from: string;
  to: string;
  parts: readonly Concept['part'][];
  limit?: number;
}[];

/**
 * From a picture in one style to the picture of the same concept in another. Candidates are the pictures of all concepts
 * of the question; beside guessing, beside candidates in another order, and beside nearest neighbours of the pixels.
 */
export async function evaluateImage(host: RecipeHost): Promise<readonly Row[]> {
  const concepts = await loadConcepts();
  await using encoder = await loadShippedImage();
  const sets = new Map<string, { pictures: PictureSet; points: Embeddings; pixels: Embeddings }>();
  for (const style of ['noto', 'twemoji', 'openmoji']) {
    const pictures = await loadPictures(host, style);
    const points = await encoder.encode(pictures.hexcodes.map((_, i) => imageDataOf(pictures, i)));
    sets.set(style, { pictures, points, pixels: pixelPoints(pictures) });
  }
  host.log('image: pictures encoded');

  return questions.flatMap(({ id, from, to, parts, ...rest }) => {
    const [a, b] = [sets.get(from)!, sets.get(to)!];
    const has = ({ pictures }: { pictures: PictureSet }, hexcode: string): boolean =>
      pictures.hexcodes.includes(hexcode);
    const shared = (wanted: readonly Concept['part'][]): string[] =>
      concepts.flatMap(({ hexcode, part }) =>
        wanted.includes(part) && has(a, hexcode) && has(b, hexcode) ? [hexcode] : [],
      );
    const all = shared(parts);
    const limit = 'limit' in rest ? rest.limit : all.length;
    const asked = Array.from({ length: limit }, (_, i) => all[Math.floor((i * all.length) / limit)]!);
    const of = (set: typeof a, kind: 'points' | 'pixels', hexcodes: readonly string[]): Embeddings =>
      pickRows(set[kind], hexcodes.map((hexcode) => set.pictures.hexcodes.indexOf(hexcode))); // prettier-ignore
    const [queries, candidates] = [of(a, 'points', asked), of(b, 'points', asked)];
    const plain = score(queries, candidates);
    // Stored rows tell how crowded a candidate is, so that no query helps another.
    const crowd = sets.get('noto')!;
    const stored = concepts.flatMap(({ hexcode, part }) =>
      part !== 'heldOut' && has(crowd, hexcode) ? [hexcode] : [],
    );
    const corrected = score(queries, candidates, of(crowd, 'points', stored));
    const pixels = scorePixels(of(a, 'pixels', asked), of(b, 'pixels', asked));
    const shuffled = score(queries, pickRows(candidates, random(1).permutation(asked.length)));
    const count = asked.length;
    const lines = (suffix: string, recall: Recall, note: string, baseline?: Recall): Row[] =>
      (['r1', 'r5', 'r10'] as const).map((key, at) => ({
        id: `${id}${suffix}.${key}`,
        value: recall[key],
        unit: 'recall',
        ...(baseline ? { baseline: baseline[key] } : {}),
        chance: [1, 5, 10][at]! / count,
        n: count,
        note,
      }));
    const quick = id in earlier ? `; quick baseline ${earlier[id]}` : '';
    return [
      ...lines('', corrected, `CSLS; baseline: nearest 16 x 16 pixels${quick}`, pixels),
      ...lines('.plain', plain, 'cosine', pixels),
      ...lines('.shuffled', shuffled, 'pictures paired with those of another concept'),
    ];
  });
}

/** Query i belongs to candidate i. */
function score(queries: Embeddings, candidates: Embeddings, crowd?: Embeddings): Recall {
  const scores = dotProducts(queries.data, candidates.data, queries.space.dim);
  if (crowd) csls(scores, neighbourhood(queries, candidates), neighbourhood(candidates, crowd));
  return recallOf(scores, queries.count);
}

/** Nearest pixels: twice the dot product less the squared length of the candidate orders like distance. */
function scorePixels(queries: Embeddings, candidates: Embeddings): Recall {
  const { dim } = queries.space;
  const scores = dotProducts(queries.data, candidates.data, dim);
  for (let j = 0; j < candidates.count; j++) {
    const squared = candidates.data.subarray(j * dim, (j + 1) * dim).reduce((sum, value) => sum + value * value, 0);
    for (let i = 0; i < queries.count; i++) {
      scores[i * candidates.count + j] = 2 * scores[i * candidates.count + j]! - squared;
    }
  }
  return recallOf(scores, queries.count);
}

/** Pictures at 16 x 16, one row each. */
function pixelPoints(pictures: PictureSet): Embeddings {
  const size = 16;
  const dim = 3 * size * size;
  const data = new Float32Array(pictures.hexcodes.length * dim);
  pictures.hexcodes.forEach((_, i) => data.set(inputOf(pictures, i, size), i * dim));
  return { space: { id: 'pixels', dim, normalized: false }, count: pictures.hexcodes.length, data };
}
