import { random, yieldTask, type Embeddings } from '@cognate/core';
import type { Captioner, Painter } from '@cognate/decoders';
import { hexcodes, imageSpace, nearestConcept, textSpace, toyPainting } from './toy-starter.ts';

/** What the toy makers were asked for, and where tests hold them. */
export interface ToyMakers {
  readonly captioner: Captioner;
  readonly painter: Painter;
  /** Each call: its options but signal and callback, and the concepts that its points lie at. */
  readonly calls: { readonly options: object; readonly concepts: readonly string[]; readonly points: Embeddings }[];
  /** Tokens and steps so far. */
  steps: number;
}

/** Side of toy pictures. */
export const toySize = 8;

/**
 * Makers that know the concepts of the toy starter: the captioner writes `<language> <hexcode>`, a letter at a time, the
 * painter toy paintings. With a temperature, the captioner errs as the seed has it.
 */
export function toyMakers({ calibrated = true } = {}): ToyMakers {
  const calibration = calibrated ? { slope: 10, offset: -5 } : undefined;
  const calls: ToyMakers['calls'] = [];
  const note = (points: Embeddings, options: object): string[] => {
    const concepts = rowsOf(points).map((row) => nearestConcept(row, points.space));
    const { signal: _signal, onProgress: _onProgress, ...rest } = options as Record<string, unknown>;
    calls.push({ options: rest, concepts, points });
    return concepts;
  };
  const makers: ToyMakers = {
    calls,
    steps: 0,
    captioner: {
      space: textSpace,
      languages: ['en', 'fr'],
      calibration,
      async decode(points, options = {}) {
        const { language = 'en', seed = 0, temperature = 0, signal, onProgress } = options;
        const concepts = note(points, options);
        const seeds = seedsOf(seed, points.count);
        const texts = concepts.map(
          (concept, i) => `${language} ${temperature > 0 ? drawn(concept, seeds[i]!) : concept}`,
        );
        for (const [index, text] of texts.entries()) {
          for (let letters = 1; letters <= text.length; letters++) {
            await yieldTask();
            signal?.throwIfAborted();
            makers.steps++;
            const partial = { index, text: text.slice(0, letters) };
            onProgress?.({ phase: 'decode', done: index, total: points.count, partial });
          }
        }
        onProgress?.({ phase: 'decode', done: points.count, total: points.count });
        return texts.map((text, i) => ({ text, language, logProbability: -1, finished: true, seed: seeds[i]! }));
      },
      async [Symbol.asyncDispose]() {},
    },
    painter: {
      space: imageSpace,
      styles: ['noto', 'twemoji'],
      ...{ size: toySize, steps: 4, calibration },
      async decode(points, options = {}) {
        const { seed = 0, steps = 4, signal, onProgress } = options;
        const concepts = note(points, options);
        const seeds = seedsOf(seed, points.count);
        const pictures: ImageData[] = [];
        for (const [index, concept] of concepts.entries()) {
          for (let step = 0; step < steps; step++) {
            await yieldTask();
            signal?.throwIfAborted();
            makers.steps++;
            const partial = { index, picture: new ImageData(toySize, toySize) };
            onProgress?.({ phase: 'decode', done: index, total: points.count, partial });
          }
          pictures.push(toyPainting(concept, seeds[index]!));
        }
        return pictures;
      },
      async [Symbol.asyncDispose]() {},
    },
  };
  return makers;
}

const seedsOf = (seed: number | readonly number[], count: number): readonly number[] =>
  typeof seed === 'number' ? Array.from({ length: count }, () => seed) : seed;

/** Half of the draws miss. */
function drawn(concept: string, seed: number): string {
  const { next, below } = random(seed);
  return next() < 0.5 ? concept : hexcodes[below(hexcodes.length)]!;
}

const rowsOf = ({ space, count, data }: Embeddings): Float32Array[] =>
  Array.from({ length: count }, (_, i) => data.subarray(i * space.dim, (i + 1) * space.dim));
