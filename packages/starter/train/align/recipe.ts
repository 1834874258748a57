import { fit, type FitOptions } from '@cognate/aligner';
import type { Alignment } from '@cognate/core';
import type { RecipeHost } from '../data/recipe-host.ts';
import type { Language } from '../text/languages.ts';
import { crossRecall } from './measure.ts';
import { mixPairs, type PairMix } from './pairs.ts';
import { conceptsIn, loadPoints, pick, type Points } from './points.ts';

interface RunOptions {
  readonly seed?: number;
  /** What to learn by; `auto` lets the pairs choose. */
  readonly method?: FitOptions['method'];
  /** Compare mixes and methods on validation concepts; ships nothing. */
  readonly compare?: boolean;
}

/** Styles whose points are stored in banks, and the other styles that may be trained on. */
const storedStyles = ['noto', 'twemoji', 'fluent-flat'];
const otherStyles = ['noto-v1', 'fluent', 'fluent-contrast', 'fxemoji', 'emojitwo'];

/** What points the alignment needs. */
export const alignLanguages: readonly Language[] = ['en', 'de', 'fr', 'es', 'ru', 'ja', 'zh'];
export const alignStyles: readonly string[] = [...storedStyles, ...otherStyles];

/**
 * What the shipped alignment is learned from; chosen on validation concepts by `--compare`. Many styles teach it which
 * directions only tell styles apart; other languages, in fewer pairs, keep it from knowing English alone.
 */
export const shippedMixes: readonly PairMix[] = [
  { languages: ['en'], styles: alignStyles },
  { languages: alignLanguages.slice(1), styles: storedStyles },
];

/**
 * Chosen by `--compare`, too: validation concepts are new to the image encoder as held-out ones are, while the pairs
 * that `auto` sets aside are known to both encoders and flatter every method.
 */
const shippedMethod = 'contrastive' satisfies FitOptions['method'];

/**
 * Recall of what is known rises long after that of validation concepts has levelled out, and nothing falls; then the heads learn from the
 * pairs set aside as well.
 */
const shippedTraining = { refit: true, steps: 900, patience: 15, learningRate: 1e-3 } satisfies FitOptions;

/** Where the shipped alignment lies. */
export const alignmentFile = 'packages/starter/alignments/text-image.safetensors';

/**
 * Learns the map between the spaces of the two shipped encoders, from names and pictures of every concept that is not
 * held out, and writes it into the repository: `node scripts/recipe.mjs align`.
 */
export async function main(
  host: RecipeHost,
  { seed = 0, method = shippedMethod, compare = false }: RunOptions,
): Promise<void> {
  const points = await loadPoints(host, alignLanguages, compare ? [...alignStyles, 'openmoji'] : alignStyles);
  if (compare) return compareOnValidation(host, points);
  const alignment = await fitShipped(points, seed, method);
  const { method: kept, reason, forward, backward, chance, shuffled } = alignment.report;
  host.log(`${kept}: ${reason}`);
  for (const [name, scores] of Object.entries({ 'en -> noto': forward, 'noto -> en': backward, chance, shuffled })) {
    if (!scores) continue;
    const parts = [scores.recallAt1, scores.recallAt5, scores.recallAt10].map((value) => value.toFixed(3));
    host.log(`held out, ${name}: R@1 R@5 R@10 ${parts.join(' ')}`);
  }
  const bytes = alignment.save();
  await host.publish(alignmentFile, bytes);
  host.log(`published ${(bytes.length / 1e6).toFixed(2)} MB`);
}

/** The alignment as shipped, but for the seed; held-out concepts serve its report alone. */
export function fitShipped(
  points: Points,
  seed: number,
  method: FitOptions['method'] = shippedMethod,
): Promise<Alignment> {
  const pairs = mixPairs(points, conceptsIn(points, ['train', 'validation'], []), shippedMixes);
  const asked = conceptsIn(points, ['heldOut'], ['noto']);
  const heldOut = {
    source: pick(points.names.get('en')!, asked),
    target: pick(points.pictures.get('noto')!, asked),
  };
  return fit(pairs.source, pairs.target, { groups: pairs.groups, heldOut, seed, method, ...shippedTraining });
}

/** Every mix by every method, learned from training concepts and asked about validation concepts. */
async function compareOnValidation(host: RecipeHost, points: Points): Promise<void> {
  const learned = conceptsIn(points, ['train'], []);
  const asked = conceptsIn(points, ['validation'], ['noto']);
  const english = pick(points.names.get('en')!, asked);
  const noto = pick(points.pictures.get('noto')!, asked);
  const crowd = pick(points.pictures.get('noto')!, conceptsIn(points, ['train'], ['noto']));
  // Pictures in the style that is never trained on, of concepts that are: another pair of eyes on the choice.
  const known = conceptsIn(points, ['train'], ['noto', 'openmoji']);
  const seen = Array.from({ length: 500 }, (_, i) => known[Math.floor((i * known.length) / 500)]!);
  const openmoji = pick(points.pictures.get('openmoji')!, seen);
  const names = pick(points.names.get('en')!, seen);
  const en: Language[] = ['en'];
  const mixes: Readonly<Record<string, readonly PairMix[]>> = {
    'English x Noto': [{ languages: en, styles: ['noto'] }],
    'English x 3 styles': [{ languages: en, styles: storedStyles }],
    'English x 8 styles': [{ languages: en, styles: alignStyles }],
    '7 languages x 3 styles': [{ languages: alignLanguages, styles: storedStyles }],
    '7 languages x 8 styles': [{ languages: alignLanguages, styles: alignStyles }],
    'English x 8, 6 languages x 3 styles': shippedMixes,
  };
  for (const [name, mix] of Object.entries(mixes)) {
    const { source, target, groups } = mixPairs(points, learned, mix);
    for (const method of ['ridge', 'procrustes', 'csa', 'contrastive'] as const) {
      const started = performance.now();
      const options: FitOptions = { ...shippedTraining, groups, method, heldOut: { source: english, target: noto } };
      const alignment = await fit(source, target, options);
      const seconds = (performance.now() - started) / 1000;
      const line = [
        crossRecall(alignment, noto, english),
        crossRecall(alignment, noto, english, crowd),
        crossRecall(alignment, openmoji, names, crowd),
      ]
        .map(({ r1, r10 }) => `${r1.toFixed(3)} ${r10.toFixed(3)}`)
        .join(' | ');
      host.log(
        `${name}, ${method}, ${groups.length} pairs: noto -> en R@1 R@10 cosine | CSLS | openmoji -> en of 500 seen: ${line}, ${seconds.toFixed(0)} s`,
      );
    }
  }
}
