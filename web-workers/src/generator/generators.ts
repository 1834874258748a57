import {
  CognateError,
  type Alignment,
  type CallOptions,
  type Embeddings,
  type Encoder,
  type Picture,
} from '@cognate/core';
import { decodeHybrid, unitPoints, type WrittenText } from '@cognate/decoders';
import type { GeneratorChoice, GeneratorOutput, GeneratorSettings, InferenceService } from '../shared/inference.ts';
import { joinProgress } from '../starter/join-progress.ts';
import { mapPoints } from '../starter/map-points.ts';
import type { StarterParts } from '../starter/translators.ts';
import { checkChoice, checkSettings } from './check-settings.ts';
import { pictureMaker, textMaker, type Maker, type StarterMakers } from './makers.ts';
import { starterMemories } from './memories.ts';

export interface GeneratorParts extends StarterParts {
  readonly makers: StarterMakers;
}

/** Generators of the starter, by what they are to do. */
export interface StarterGenerators {
  /** Loads what it takes to answer inputs of the generator's own kind. @throws {CognateError} `invalid-input`. */
  prepare(choice: GeneratorChoice, options?: CallOptions): Promise<void>;
  /**
   * Output i, best first, belongs to input or point i.
   * @throws {CognateError} `invalid-input`; `space-mismatch` and `shape-mismatch` for points that cannot be used.
   */
  generate(
    choice: GeneratorChoice,
    from: Parameters<InferenceService['generate']>[0]['from'],
    settings: GeneratorSettings,
    options?: CallOptions,
  ): Promise<readonly GeneratorOutput[]>;
}

/** Temperature of texts when more are wanted than there are origins, each of which has one likeliest text. */
const drawnAt = 0.7;

/**
 * Makes samples: encoder -> alignment, where the kinds differ -> captioner or painter, and back through the encoder of
 * the answer's kind, to rank what was made.
 */
export function starterGenerators(parts: GeneratorParts): StarterGenerators {
  const known = starterMemories(parts);

  const encode = async (
    kind: GeneratorChoice['from'],
    inputs: readonly (string | Picture)[],
    load: CallOptions,
    options: CallOptions,
  ): Promise<Embeddings> => {
    const encoder = (await parts.encoders[kind](load)) as Encoder<string | Picture>;
    return encoder.encode(inputs, options);
  };

  return {
    async prepare(choice, options = {}) {
      checkChoice(choice);
      const { from, to, alignment } = choice;
      const part = joinProgress(options);
      const crosses = from !== to;
      await Promise.all([
        parts.encoders[from](part()),
        makerOf(parts, choice, part()),
        crosses ? parts.alignments.get(alignment, part()) : undefined,
        crosses || to === 'text' ? known(choice, crosses ? 'other side' : 'same side', part()) : undefined,
      ]);
    },
    async generate(choice, from, settings, options = {}) {
      const call = 'points' in from ? 'decode()' : 'translate()';
      checkChoice(choice);
      checkSettings(call, settings);
      const part = joinProgress(options);
      const asking =
        'points' in from
          ? unitPoints(call, from.points, from.points.space)
          : encode(choice.from, from.inputs, part(), options);
      const [maker, asked] = await Promise.all([makerOf(parts, choice, part()), asking]);
      const alignment =
        asked.space.id === maker.space.id ? undefined : await parts.alignments.get(choice.alignment, options);
      const points = alignment ? await cross(call, alignment, asked, options) : asked;
      const { count = 1, seed, beams } = settings;
      const { origins } = maker;
      // A point from the other side lies beside what it means, and what is known helps; so does it to agree on a text.
      const helped = alignment !== undefined || choice.to === 'text';
      const candidates = settings.candidates ?? Math.max(count, helped ? origins.length : 1);
      const drawn = beams === undefined && candidates > origins.length ? drawnAt : undefined;
      const how = { ...settings, candidates, temperature: settings.temperature ?? drawn };
      const made = await decodeHybrid(
        points,
        {
          decode: (rows, seeds, inner) => maker.make(rows, seeds, how, inner),
          ...(maker.draft && { draft: maker.draft }),
          cycle: {
            encode: (samples, inner) => maker.encode(samples, inner),
            ...(alignment && { project: (batch: Embeddings) => alignment.project(batch) }),
            // Through an alignment of the page's own, scores are on another scale.
            calibration: alignment && choice.alignment !== 0 ? undefined : maker.calibration,
          },
          memory: candidates > 1 ? await known(choice, alignment ? 'other side' : 'same side', options) : undefined,
          origins,
          keyOf: (sample) => maker.keyOf(sample),
          consensus: maker.consensus?.({ aligned: alignment !== undefined }),
        },
        { ...options, count, candidates, seed, asked },
      );
      return made.map((list) => list.map((each) => maker.item(each)));
    },
  };
}

type Sample = WrittenText | ImageData;

function makerOf(
  parts: GeneratorParts,
  { to, language, style }: GeneratorChoice,
  options: CallOptions,
): Promise<Maker<Sample>> {
  return to === 'text' ? textMaker(parts, language, options) : pictureMaker(parts, style, options);
}

/** To the other side. */
async function cross(
  call: string,
  alignment: Alignment,
  points: Embeddings,
  { signal }: CallOptions,
): Promise<Embeddings> {
  const { source, target } = alignment;
  const { id } = points.space;
  if (id === source.id) return mapPoints(alignment, 'forward', points, signal);
  if (id === target.id) return mapPoints(alignment, 'backward', points, signal);
  throw new CognateError('space-mismatch', `${call} needs points of ${source.id} or ${target.id}, got ${id}`);
}
