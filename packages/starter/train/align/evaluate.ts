import { loadAlignment, type FitOptions } from '@cognate/aligner';
import type { Alignment } from '@cognate/core';
import type { RecipeHost } from '../data/recipe-host.ts';
import type { Row } from '../data/row.ts';
import type { Recall } from '../text/score.ts';
import { crossRecall, spread } from './measure.ts';
import { conceptsIn, loadPoints, pick } from './points.ts';
import { alignLanguages, alignmentFile, alignStyles, fitShipped } from './recipe.ts';

/** The best of the quick baselines from before these models, on the same kind of pairs. */
const earlier: Readonly<Record<string, Partial<Recall>>> = {
  'noto-en.heldout': { r1: 0.27, r10: 0.48 },
  'en-noto.heldout': { r1: 0.23, r10: 0.47 },
  'openmoji-en.heldout': { r1: 0.07, r10: 0.26 },
};

/** The alignment in the repository, which a page of `scripts/lib/page-program.mjs` serves. */
export async function loadShippedAlignment(): Promise<Alignment> {
  const response = await fetch(`/${alignmentFile}`);
  if (!response.ok) throw new Error(`evaluateAlign(): ${alignmentFile} answered ${response.status}; run its recipe`);
  return loadAlignment(new Uint8Array(await response.arrayBuffer()));
}

const cutOffs = ['r1', 'r5', 'r10'] as const;

/**
 * From pictures to names and back across the shipped spaces: alignments of `seeds` seeds, each learned from the pairs of
 * the shipped one, are asked about concepts that neither encoder nor alignment has seen, and about pictures in a style
 * that was never trained on. Candidates are all concepts of the question.
 */
export async function evaluateAlign(
  host: RecipeHost,
  { seeds = 5 }: { readonly seeds?: number } = {},
): Promise<readonly Row[]> {
  const points = await loadPoints(host, alignLanguages, [...alignStyles, 'openmoji']);
  // The method was chosen when the alignment was made; what the spread tells of is the seed.
  const method = (await loadShippedAlignment()).report.method as FitOptions['method'];
  const alignments: Alignment[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    const started = performance.now();
    alignments.push(await fitShipped(points, seed, method));
    host.log(`align: ${method}, seed ${seed}, ${((performance.now() - started) / 1000).toFixed(0)} s`);
  }

  const english = points.names.get('en')!;
  const pictures = (style: string): Parameters<typeof pick>[0] => points.pictures.get(style)!;
  const notoHeldOut = conceptsIn(points, ['heldOut'], ['noto']);
  const openHeldOut = conceptsIn(points, ['heldOut'], ['openmoji']);
  const known = conceptsIn(points, ['train', 'validation'], ['noto', 'openmoji']);
  const seen = Array.from({ length: 500 }, (_, i) => known[Math.floor((i * known.length) / 500)]!);
  const crowds = {
    pictures: pick(pictures('noto'), conceptsIn(points, ['train', 'validation'], ['noto'])),
    names: pick(english, conceptsIn(points, ['train', 'validation'], [])),
  };
  const questions = [
    { id: 'noto-en.heldout', from: pictures('noto'), to: english, concepts: notoHeldOut, crowd: crowds.pictures },
    { id: 'en-noto.heldout', from: english, to: pictures('noto'), concepts: notoHeldOut, crowd: crowds.names },
    {
      id: 'openmoji-en.heldout',
      from: pictures('openmoji'),
      to: english,
      concepts: openHeldOut,
      crowd: crowds.pictures,
    },
    { id: 'openmoji-en.seen500', from: pictures('openmoji'), to: english, concepts: seen, crowd: crowds.pictures },
  ];
  const rows: Row[] = [];
  for (const { id, from, to, concepts, crowd } of questions) {
    const [queries, candidates] = [pick(from, concepts), pick(to, concepts)];
    for (const [suffix, how] of [
      ['', crowd],
      ['.plain', undefined],
    ] as const) {
      const recalls = alignments.map((alignment) => crossRecall(alignment, queries, candidates, how));
      for (const [at, key] of cutOffs.entries()) {
        const { mean, sd } = spread(recalls.map((each) => each[key]));
        const baseline = earlier[id]?.[key];
        rows.push({
          id: `${id}${suffix}.${key}`,
          value: mean,
          unit: 'recall',
          ...(baseline === undefined || suffix ? {} : { baseline }),
          chance: [1, 5, 10][at]! / concepts.length,
          n: concepts.length,
          note: `${method}, ${how ? 'CSLS' : 'cosine'}; sd ${sd.toFixed(3)} over ${seeds} seeds`,
        });
      }
    }
  }
  const shuffled = alignments.map(({ report }) => report.shuffled!);
  const note = 'both directions, fitted to pairs in random order';
  const control = (key: string, values: number[]): Row => ({
    id: `noto-en.shuffled.${key}`,
    value: spread(values).mean,
    unit: 'recall',
    n: notoHeldOut.length,
    note,
  });
  return [
    ...rows,
    control('r1', shuffled.map((each) => each.recallAt1)), // prettier-ignore
    control('r10', shuffled.map((each) => each.recallAt10)), // prettier-ignore
  ];
}
