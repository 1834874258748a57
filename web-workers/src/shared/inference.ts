import type { AlignmentReport, CallOptions, Candidate, Embeddings, Picture, Space } from '@cognate/core';
import type { ImageEncoderSpec } from '@cognate/image-encoders';
import type { TextEncoderSpec } from '@cognate/text-encoders';
import type { CacheSize } from '../storage/row-cache.ts';
import type { Caption, Name, Painting, PictureItem } from './items.ts';

/** One of the starter's encoders, by the kind of sample it takes. */
export type StarterEncoder = 'text' | 'image';

interface EncoderSpecs {
  readonly text: TextEncoderSpec;
  readonly image: ImageEncoderSpec;
}

/**
 * Any other model: a repository on a hub or a mirror in the hub's layout, and the kind of sample it takes. Its `host`
 * must be among those given to `connect()`, or the page's own.
 */
export type HubEncoder<Kind extends StarterEncoder = StarterEncoder> = {
  readonly [K in Kind]: { readonly kind: K } & EncoderSpecs[K];
}[Kind];

/** Says in full which encoder is meant, so that a new worker can load it again. */
export type EncoderChoice = StarterEncoder | HubEncoder;

/** Says in full which translator is meant. */
export interface TranslatorChoice {
  readonly from: StarterEncoder;
  readonly to: StarterEncoder;
  /** Of the answers, when they are names. */
  readonly language: string;
  /** Of the answers, when they are pictures. */
  readonly style: string;
  /** Candidates for each input. */
  readonly count: number;
  /** A number that `use` was given; 0 is the starter's own alignment. */
  readonly alignment: number;
}

export type TranslatorOutput = readonly Candidate<Name | PictureItem>[];

/** Says in full which generator is meant. */
export type GeneratorChoice = Omit<TranslatorChoice, 'count'>;

export type GeneratorOutput = readonly (Caption | Painting)[];

/** How samples are made; what is absent is left to the model. */
export interface GeneratorSettings {
  readonly seed?: number | undefined;
  readonly count?: number | undefined;
  readonly candidates?: number | undefined;
  readonly temperature?: number | undefined;
  readonly beams?: number | undefined;
  readonly steps?: number | undefined;
}

/** Which of the starter's pairs are meant. */
export interface PairsChoice {
  readonly language: string;
  readonly style: string;
  /** A sample of so many; all when there are not as many. */
  readonly count: number;
  /** Same seed, same sample. */
  readonly seed: number;
}

/** Paired points: row i of `source` is the name, row i of `target` the picture of the concept `hexcodes[i]`. */
export interface PairedPoints {
  readonly source: Embeddings;
  readonly target: Embeddings;
  /** The names. */
  readonly labels: readonly string[];
  readonly hexcodes: readonly string[];
}

/** Pairs to train an aligner on, and pairs of other concepts to measure it by. */
export interface StarterPairs extends PairedPoints {
  /** The fixed tenth of concepts that no model of the starter has seen: for `fit(…, { heldOut })`. */
  readonly heldOut: PairedPoints;
}

/** What the inference worker learns at its start. */
export interface InferenceConfig {
  /** Folder that holds `ort/` and `starter/`; absolute. */
  readonly baseUrl: string;
  /** Origins that models may be fetched from, besides the page's own. */
  readonly hosts: readonly string[];
  /** `auto` takes WebGPU where a real adapter is found. */
  readonly device: 'auto' | 'webgpu' | 'wasm';
  /** Files of the alignments that translators may name, by number from 1 on. */
  readonly alignments: Map<number, Uint8Array<ArrayBuffer>>;
  /** Room for rows that are kept between visits. */
  readonly cacheBytes: number;
}

/** The maps of an alignment: into the shared space, or to the other side. */
export type Way = 'project' | 'forward' | 'backward';

/** What the inference worker does. Every call names its models in full; they are loaded when first asked for. */
export interface InferenceService {
  load(input: { readonly encoder: EncoderChoice }, options: CallOptions): Promise<Space>;
  encode(
    input: {
      readonly encoder: EncoderChoice;
      readonly inputs: readonly (string | Picture)[];
      /** Whether rows are looked up and kept. */
      readonly cache: boolean;
    },
    options: CallOptions,
  ): Promise<Embeddings>;
  cacheSize(input: undefined, options: CallOptions): Promise<CacheSize>;
  clearCache(input: undefined, options: CallOptions): Promise<void>;
  release(input: { readonly encoder: EncoderChoice }, options: CallOptions): Promise<void>;
  /** Loads all that the translator needs, so that its first answer comes fast. */
  prepare(input: { readonly translator: TranslatorChoice }, options: CallOptions): Promise<void>;
  translate(
    input: { readonly translator: TranslatorChoice; readonly inputs: readonly (string | Picture)[] },
    options: CallOptions,
  ): Promise<readonly TranslatorOutput[]>;
  /** Loads all that the generator needs to start from its own kind of input. */
  prepareGenerator(input: { readonly generator: GeneratorChoice }, options: CallOptions): Promise<void>;
  generate(
    input: {
      readonly generator: GeneratorChoice;
      /** Samples to encode first, or points of either starter space. */
      readonly from: { readonly inputs: readonly (string | Picture)[] } | { readonly points: Embeddings };
      readonly settings: GeneratorSettings;
    },
    options: CallOptions,
  ): Promise<readonly GeneratorOutput[]>;
  /** Points through one of the maps of the alignment in `bytes`, or of that number where there are none. */
  map(
    input: {
      readonly bytes: Uint8Array<ArrayBuffer> | undefined;
      readonly alignment: number;
      readonly way: Way;
      readonly points: Embeddings;
    },
    options: CallOptions,
  ): Promise<Embeddings>;
  pairs(input: PairsChoice, options: CallOptions): Promise<StarterPairs>;
  /** Reads an alignment file and keeps it under a number. */
  use(
    input: { readonly alignment: number; readonly bytes: Uint8Array<ArrayBuffer> },
    options: CallOptions,
  ): Promise<{ readonly source: Space; readonly target: Space; readonly report: AlignmentReport }>;
}
