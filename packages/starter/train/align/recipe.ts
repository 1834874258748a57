import { fit, type FitOptions } from '@cognate/aligner';
import type { Alignment } from '@cognate/core';
import type { RecipeHost } from '../data/recipe-host.ts';
import type { Language } from '../text/languages.ts';
import { crossRecall } from './measure.ts';
import { makePairs, type PairMix } from './pairs.ts';
import { conceptsIn, loadPoints, pick, type Points } from './points.ts';

interface RunOptions {
  readonly seed?: number;
  /** What to learn by; `auto` lets the pairs choose. */
  readonly method?: FitOptions['method'];
  /** Compare mixes and methods on validation concepts; ships nothing. */
  readonly compare?: boolean;
}

/** What the shipped alignment is learned from; chosen on validation concepts by `--compare`. */
export const shippedMix: PairMix = {
  languages: ['en', 'de', 'fr', 'es', 'ru', 'ja', 'zh'],
  styles: ['noto', 'twemoji', 'fluent-flat'],
};

/**
 * Chosen by `--compare`, too: validation concepts are new to the image encoder as held-out ones are, while the pairs
 * that `auto` sets aside are known to both encoders and flatter every method.
 */
const shippedMethod = 'csa' satisfies FitOptions['method'];

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
  const points = await loadPoints(host, shippedMix.languages, shippedMix.styles);
  if (compare) return compareOnValidation(host, points);
  const alignment = await fitShipped(points, seed, method);
  const { method: kept, reason, forward, backward, chance, shuffled } = alignment.report;
  host.log(`${kept}: ${reason}`);
  for (const [name, scores] of Object.entries({ 'en -> noto': forward, 'noto -> en': backward, chance, shuffled })) {
    const parts = [scores.recallAt1, scores.recallAt5, scores.recallAt10].map((value) => value.toFixed(3));
    host.log(`held out, ${name}: R@1 R@5 R@10 ${parts.join(' ')}`);
  }
  const bytes = alignment.save();
  await host.publish(alignmentFile, bytes);
  host.log(`published ${(bytes.length / 1e6).toFixed(2)} MB`);
}

/** The alignment as shipped, but for the seed; held-out concepts serve its report alone. */
export function fitShipped(points: Points, seed: number, method: FitOptions['method'] = 'auto'): Promise<Alignment> {
  const pairs = makePairs(points, conceptsIn(points, ['train', 'validation'], []), shippedMix);
  const asked = conceptsIn(points, ['heldOut'], ['noto']);
  const heldOut = {
    source: pick(points.names.get('en')!, asked),
    target: pick(points.pictures.get('noto')!, asked),
  };
  return fit(pairs.source, pairs.target, { groups: pairs.groups, heldOut, seed, method });
}

/** Every mix by every method, learned from training concepts and asked about validation concepts. */
async function compareOnValidation(host: RecipeHost, points: Points): Promise<void> {
  const learned = conceptsIn(points, ['train'], []);
  const asked = conceptsIn(points, ['validation'], ['noto']);
  const english = pick(points.names.get('en')!, asked);
  const noto = pick(points.pictures.get('noto')!, asked);
  const crowd = pick(points.pictures.get('noto')!, conceptsIn(points, ['train'], ['noto']));
  const en: Language[] = ['en'];
  const mixes: Readonly<Record<string, PairMix>> = {
    'English x Noto': { languages: en, styles: ['noto'] },
    'English x 3 styles': { languages: en, styles: shippedMix.styles },
    '7 languages x 3 styles': shippedMix,
  };
  for (const [name, mix] of Object.entries(mixes)) {
    const { source, target, groups } = makePairs(points, learned, mix);
    for (const method of ['ridge', 'procrustes', 'csa', 'contrastive'] as const) {
      const started = performance.now();
      const options: FitOptions = { groups, method, heldOut: { source: english, target: noto } };
      const alignment = await fit(source, target, options);
      const seconds = (performance.now() - started) / 1000;
      const line = [crossRecall(alignment, noto, english), crossRecall(alignment, noto, english, crowd)]
        .map(({ r1, r10 }) => `${r1.toFixed(3)} ${r10.toFixed(3)}`)
        .join(' | ');
      host.log(
        `${name}, ${method}, ${groups.length} pairs: noto -> en R@1 R@10 cosine | CSLS: ${line}, ${seconds.toFixed(0)} s`,
      );
    }
  }
}
