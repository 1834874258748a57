import type { CallOptions, Embeddings, Progress, Space } from '@cognate/core';
import {
  captionConsensus,
  captionOrigins,
  type Captioner,
  type Consensus,
  type CycleCalibration,
  type Made,
  type Origin,
  type Painter,
  type WrittenText,
} from '@cognate/decoders';
import type { GeneratorSettings } from '../shared/inference.ts';
import type { Caption, Painting } from '../shared/items.ts';
import { joinProgress } from '../starter/join-progress.ts';
import type { StarterEncoders } from '../starter/translators.ts';

/** The starter's models that make samples; each is loaded when first asked for. */
export interface StarterMakers {
  readonly captioner: (options?: CallOptions) => Promise<Captioner>;
  readonly painter: (options?: CallOptions) => Promise<Painter>;
}

interface MakerParts {
  readonly encoders: StarterEncoders;
  readonly makers: StarterMakers;
}

/** Makes samples of one kind from points, and finds the points of samples. */
export interface Maker<Sample> {
  /** Whose points it takes. */
  readonly space: Space;
  readonly calibration: CycleCalibration | undefined;
  /** What candidates are made of: the point, then what is known near to it. Further ones are drawn anew, in turn. */
  readonly origins: readonly Origin[];
  /** How candidates agree; without it, the one comes first that lands nearest. */
  readonly consensus?: ((how: { readonly aligned: boolean }) => Consensus<Sample>) | undefined;
  /** Output i is of row i, drawn with `seeds[i]`. `candidates` of a point lie in neighbouring rows. */
  make(
    points: Embeddings,
    seeds: readonly number[],
    settings: GeneratorSettings,
    options: CallOptions,
  ): Promise<readonly Sample[]>;
  /** Roughly and fast, if it can: see `HybridSettings`. */
  draft?(points: Embeddings, seeds: readonly number[], options: CallOptions): Promise<readonly Sample[]>;
  encode(samples: readonly Sample[], options?: CallOptions): Promise<Embeddings>;
  /** Samples of the same key are the same to whoever asked. */
  keyOf(sample: Sample): string;
  item(made: Made<Sample>): Caption | Painting;
}

export async function textMaker(
  { encoders, makers }: MakerParts,
  language: string,
  options: CallOptions,
): Promise<Maker<WrittenText>> {
  const part = joinProgress(options);
  const [captioner, encoder] = await Promise.all([makers.captioner(part()), encoders.text(part())]);
  const { space, calibration } = captioner;
  return {
    ...{ space, calibration, origins: captionOrigins, consensus: captionConsensus },
    make: (points, seed, { beams, temperature, candidates = 1 }, { signal, onProgress }) =>
      captioner.decode(points, {
        ...{ language, seed, beams, temperature, signal },
        // Candidates grow side by side: people could not follow more than the first.
        onProgress: onProgress && ((progress) => rowOf(progress) % candidates === 0 && onProgress(progress)),
      }),
    encode: (samples, call) =>
      encoder.encode(
        samples.map(({ text }) => text),
        call,
      ),
    keyOf: ({ text }) => text,
    item: ({ sample: { text, logProbability, finished }, score, trust, seed }) => ({
      ...{ text, language, score, logProbability, finished, seed },
      ...(trust !== undefined && { trust }),
    }),
  };
}

export async function pictureMaker(
  { encoders, makers }: MakerParts,
  style: string,
  options: CallOptions,
): Promise<Maker<ImageData>> {
  const part = joinProgress(options);
  const [painter, encoder] = await Promise.all([makers.painter(part()), encoders.image(part())]);
  const { space, calibration } = painter;
  return {
    ...{ space, calibration, origins: ['point', 'memory', 'known', 'known'] },
    make: (points, seed, { steps }, call) => painter.decode(points, { ...call, style, seed, steps }),
    draft: (points, seed, call) => painter.decode(points, { ...call, style, seed, steps: 0 }),
    encode: (samples, call) => encoder.encode(samples, call),
    keyOf: ({ data }) => String(data),
    item: ({ sample: picture, score, trust, seed }) => ({
      ...{ picture, style, score, seed },
      ...(trust !== undefined && { trust }),
    }),
  };
}

/** Of which row progress tells; 0 when of none. */
const rowOf = (progress: Progress): number => (progress.phase === 'decode' && progress.partial?.index) || 0;
