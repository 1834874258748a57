import { normalize, random, type Embeddings } from '@cognate/core';
import { loadTextEncoder } from '@cognate/text-encoders';
import type { RecipeHost } from '../data/recipe-host.ts';
import type { Row } from '../data/row.ts';
import { gramBuckets } from './grams.ts';
import { languages, sameTongue } from './languages.ts';
import { meanRecall, recall, type Recall } from './score.ts';
import { loadTexts, nameOf } from './texts.ts';
import { characterTokenizer, collectCharacters } from './tokenizer.ts';

/** The best of the quick baselines from before this model: hashed runs of characters, two views, one InfoNCE. */
const earlier = { r1: 0.42, r10: 0.67 };

/** The shipped text encoder, from the repository that a page of `scripts/lib/page-program.mjs` serves. */
export function loadShippedText(): ReturnType<typeof loadTextEncoder> {
  const host = `${location.origin}/packages/starter/models/{model}/`;
  return loadTextEncoder({ model: 'cognate/text', host, device: 'wasm' }, { baseUrl: '/dist/' });
}

/**
 * Names of held-out concepts between languages: query in one, candidates all held-out names of the other. Beside
 * guessing, beside nearest neighbours by shared runs of characters without any training, and beside names paired at
 * random.
 */
export async function evaluateText(host: Pick<RecipeHost, 'log'>): Promise<readonly Row[]> {
  const all = await loadTexts();
  const concepts = all.filter(({ part }) => part === 'heldOut');
  const n = concepts.length;
  await using encoder = await loadShippedText();
  const points = new Map<string, Embeddings>();
  for (const language of languages) {
    points.set(language, await encoder.encode(concepts.map((concept) => nameOf(concept, language))));
  }
  host.log(`text: ${n} held-out names in ${languages.length} languages`);
  const of = (language: string): Embeddings => points.get(language)!;

  const plain = recall(of('en'), of('de'));
  const scaled = recall(of('en'), of('de'), { useCsls: true });
  const back = recall(of('de'), of('en'), { useCsls: true });
  const untrained = recall(untrainedPoints(concepts.map((c) => nameOf(c, 'en'))), untrainedPoints(concepts.map((c) => nameOf(c, 'de')))); // prettier-ignore
  const disorder = { ...of('de'), data: shuffleRows(of('de')) };
  const shuffled = recall(of('en'), disorder, { useCsls: true });
  const pairs = languages.flatMap((from) =>
    languages.filter((to) => !sameTongue(from, to)).map((to) => [from, to] as const),
  );
  const every = pairs.map(([from, to]) => recall(of(from), of(to), { useCsls: true }));
  const worst = every.reduce((low, each, i) => (each.r10 < every[low]!.r10 ? i : low), 0);
  const mean = meanRecall(every);

  const note = `CSLS; baseline: untrained character runs; goal of the quick baselines ${earlier.r1} / ${earlier.r10}`;
  const rows = (id: string, scores: Recall, rest: { note?: string; baseline?: Recall } = {}): Row[] =>
    (['r1', 'r5', 'r10'] as const).map((key, i) => ({
      id: `${id}.${key}`,
      value: scores[key],
      unit: 'recall',
      chance: [1, 5, 10][i]! / n,
      n,
      ...(rest.note ? { note: rest.note } : {}),
      ...(rest.baseline ? { baseline: rest.baseline[key] } : {}),
    }));
  return [
    ...rows('en-de.heldout', scaled, { note, baseline: untrained }),
    ...rows('en-de.heldout.plain', plain, { note: 'cosine', baseline: untrained }),
    ...rows('en-de.heldout.shuffled', shuffled, { note: 'names paired at random' }),
    ...rows('de-en.heldout', back, { note: 'CSLS' }),
    ...rows('any-any.heldout', mean, { note: `CSLS; mean of ${pairs.length} language pairs` }),
    ...rows('any-any.heldout.worst', every[worst]!, { note: `CSLS; ${pairs[worst]!.join(' to ')}` }),
  ];
}

/** Bags of hashed character runs with no weight learned: what spelling alone gives. */
function untrainedPoints(texts: readonly string[]): Embeddings {
  const tokenizer = characterTokenizer(collectCharacters(texts, 1));
  const dim = 4096;
  const data = new Float32Array(texts.length * dim);
  texts.forEach((text, i) => {
    for (const bucket of gramBuckets(spell(tokenizer.encode(text), tokenizer.vocabulary), {
      longest: 4,
      buckets: dim,
    })) {
      data[i * dim + bucket]!++;
    }
  });
  return normalize({ space: { id: 'runs', dim, normalized: false }, count: texts.length, data });
}

/** Code points instead of ids, which differ between two vocabularies; boundaries stay. */
function spell(ids: Int32Array, vocabulary: readonly string[]): number[] {
  return [...ids].map((id) => (id < 2 ? id : vocabulary[id]!.codePointAt(0)!));
}

/** Rows in random order. */
function shuffleRows({ data, space, count }: Embeddings): Float32Array<ArrayBuffer> {
  const out = new Float32Array(data.length);
  random(1)
    .permutation(count)
    .forEach((from, to) => out.set(data.subarray(from * space.dim, (from + 1) * space.dim), to * space.dim));
  return out;
}
