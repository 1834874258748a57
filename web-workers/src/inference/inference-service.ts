import { loadAlignment } from '@cognate/aligner';
import type { CallOptions, Embeddings, Encoder, Picture } from '@cognate/core';
import { handOver } from '../boundary/serve.ts';
import { starterGenerators } from '../generator/generators.ts';
import type { EncoderChoice, InferenceConfig, InferenceService } from '../shared/inference.ts';
import { alignments } from '../starter/alignments.ts';
import { keptBanks } from '../starter/kept-banks.ts';
import { starterNames } from '../starter/names.ts';
import { starterPairs } from '../starter/pairs.ts';
import { starterPictures } from '../starter/pictures.ts';
import { starterFiles } from '../starter/starter-files.ts';
import { starterTranslators } from '../starter/translators.ts';
import { blocksInDatabase, blocksInMemory } from '../storage/row-blocks.ts';
import { rowCache } from '../storage/row-cache.ts';
import { encodeCached, modelKey } from './cached-encoder.ts';
import { workerEncoders } from './encoders.ts';
import { workerMakers } from './makers.ts';
import { mapPoints } from '../starter/map-points.ts';

/** What the inference worker serves: encoders of any model, translators and generators of the starter. */
export function inferenceService(config: InferenceConfig): InferenceService {
  const files = starterFiles(new URL('starter/', config.baseUrl));
  const encoders = workerEncoders(config);
  const starter = {
    encoders,
    names: starterNames(files, keptBanks(), encoders.text),
    pictures: starterPictures(files),
    alignments: alignments(files, config.alignments),
  };
  const translator = starterTranslators(starter);
  const generators = starterGenerators({ ...starter, makers: workerMakers(config) });
  const cache = rowCache(() => blocksInDatabase('cognate-rows').catch(blocksInMemory), config.cacheBytes);
  const models = new WeakMap<Encoder<string | Picture>, string>();

  async function encodeKnown(
    choice: EncoderChoice,
    encoder: Encoder<string | Picture>,
    inputs: readonly (string | Picture)[],
    options: CallOptions,
  ): Promise<Embeddings> {
    const model = models.get(encoder) ?? (await modelKey(choice, encoder));
    models.set(encoder, model);
    return encodeCached(encoder, cache, model, inputs, options);
  }

  return {
    load: async ({ encoder }, options) => (await encoders.get(encoder, options)).space,
    async encode({ encoder: choice, inputs, cache: cached }, options) {
      const encoder = await encoders.get(choice, options);
      const points = await (cached ? encodeKnown(choice, encoder, inputs, options) : encoder.encode(inputs, options));
      return handOver(points, [points.data.buffer]);
    },
    cacheSize: () => cache.size(),
    clearCache: () => cache.clear(),
    release: ({ encoder }) => encoders.release(encoder),
    async prepare({ translator: choice }, options) {
      await translator(choice, options);
    },
    translate: async ({ translator: choice, inputs }, options) =>
      (await translator(choice, options)).translate(inputs, options),
    prepareGenerator: ({ generator: choice }, options) => generators.prepare(choice, options),
    async generate({ generator: choice, from, settings }, options) {
      const outputs = await generators.generate(choice, from, settings, options);
      const pictures = outputs.flat().flatMap((made) => ('picture' in made ? [made.picture.data.buffer] : []));
      return handOver(outputs, pictures);
    },
    async map({ bytes, alignment: number, way, points }, options) {
      const alignment = bytes ? loadAlignment(bytes) : await starter.alignments.get(number, options);
      const mapped = await mapPoints(alignment, way, points, options.signal);
      return handOver(mapped, [mapped.data.buffer]);
    },
    async pairs(choice, options) {
      const pairs = await starterPairs(starter, choice, options);
      const parts = [pairs.source, pairs.target, pairs.heldOut.source, pairs.heldOut.target];
      return handOver(
        pairs,
        parts.map(({ data }) => data.buffer),
      );
    },
    async use({ alignment: number, bytes }, options) {
      const { source, target, report } = await starter.alignments.use(number, bytes, options);
      return { source, target, report };
    },
  };
}
