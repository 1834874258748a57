import type { ComposeOptions as AlignerComposeOptions, Cycle, ForecastOptions, ReportNames } from '@cognate/aligner';
import type {
  AlignmentReport,
  CallOptions,
  Candidate,
  Embeddings,
  Encoder,
  Forecast,
  Picture,
  Space,
  Translator,
} from '@cognate/core';
import type { HubEncoder, PairsChoice, StarterPairs } from '../shared/inference.ts';
import type { Caption, Language, Name, Painting, PictureItem, Style } from '../shared/items.ts';
import type { CacheSize } from '../storage/row-cache.ts';
import type { FitResult, FitSettings, UnfinishedFit } from '../shared/training.ts';

/** What each kind of sample is, as input of encoders and translators. */
export interface Samples {
  readonly text: string;
  readonly image: Picture;
}

/** What each kind of answer is. */
export interface Answers {
  readonly text: Name;
  readonly image: PictureItem;
}

export type Kind = keyof Samples;

/** What each kind of sample is when it is made instead of found. */
export interface Generated {
  readonly text: Caption;
  readonly image: Painting;
}

/** Which translator is wanted. */
export interface TranslatorRequest<From extends Kind, To extends Kind> {
  readonly from: From;
  readonly to: To;
  /** Of the answers, when they are names: one of `cognate.languages`; English unless told. */
  readonly language?: string | undefined;
  /** Of the answers, when they are pictures: one of `cognate.styles`; Noto unless told. */
  readonly style?: string | undefined;
  /** Candidates for each input, best first; 10 unless told. */
  readonly count?: number | undefined;
  /** An alignment file for this translator alone, instead of the one in use. */
  readonly alignment?: Uint8Array<ArrayBuffer> | undefined;
}

/** Which generator is wanted. */
export interface GeneratorRequest<From extends Kind, To extends Kind> {
  readonly from: From;
  readonly to: To;
  /** Of the texts: one of `cognate.captionLanguages`; English unless told. */
  readonly language?: string | undefined;
  /** Of the pictures: one of `cognate.paintStyles`; Noto unless told. */
  readonly style?: string | undefined;
  /** An alignment file for this generator alone, instead of the one in use. */
  readonly alignment?: Uint8Array<ArrayBuffer> | undefined;
}

/**
 * How samples are made. The same options make the same samples, to the bit on one device.
 *
 * Progress of phase `decode` counts inputs, and carries in `partial` what is being made: the text so far, or the picture
 * as it forms, of the input `partial.index`.
 */
export interface GenerateOptions extends CallOptions {
  /** Of all that is drawn at random, a whole number of 0 or more; 0 unless told. Another seed is another sample. */
  readonly seed?: number | undefined;
  /** Samples wanted for each input, best first, fewer where not as many differ; 1 unless told. */
  readonly count?: number | undefined;
  /**
   * Samples made for each input, of which the best are given: `count` to 64. The first is made of the point alone,
   * further ones of what is known near to it. Unless told `count`, but ten at least for texts, and four for pictures of
   * texts.
   */
  readonly candidates?: number | undefined;
  /**
   * Texts only: 0 writes the likeliest token at each place, more draws them, the wilder the higher, up to 4. 0 unless told,
   * or 0.7 where there are more than ten candidates.
   */
  readonly temperature?: number | undefined;
  /** Texts only, instead of a temperature: how many beginnings are followed side by side, 1 to 16. */
  readonly beams?: number | undefined;
  /**
   * Pictures only: how often the picture is looked at and improved, 0, a sketch, to 100; as the painter was tuned, unless
   * told.
   */
  readonly steps?: number | undefined;
}

/**
 * Makes samples that never existed: encoder -> alignment, where the kinds differ -> captioner or painter. What it makes is
 * encoded again, and scored by how near it comes to the point it was made from. Pictures are ranked by that score; of
 * texts the one comes first that the others agree with most.
 */
export interface SampleGenerator<From extends Kind, To extends Kind> extends Translator<
  Samples[From],
  readonly Generated[To][]
> {
  /** Output i, `count` samples, belongs to `inputs[i]`. @throws {CognateError} `invalid-input`, naming what was wrong. */
  translate(
    inputs: readonly Samples[From][],
    options?: GenerateOptions,
  ): Promise<readonly (readonly Generated[To][])[]>;
  /**
   * The same from points, which may be of either starter space, whatever `from` is: of an encoder, or between, beside and
   * beyond such points. Only their direction counts. They are copied.
   * @throws {CognateError} `space-mismatch` for points of any other space; `invalid-input` for a row without direction.
   */
  decode(points: Embeddings, options?: GenerateOptions): Promise<readonly (readonly Generated[To][])[]>;
}

/** Which of the starter's pairs are wanted. */
export type PairsRequest = { readonly [Key in keyof PairsChoice]?: PairsChoice[Key] | undefined };

export interface EncoderOptions extends CallOptions {
  /**
   * Keeps the rows in this browser, by content of the sample, model and its state: what was encoded before is answered
   * at once, to the bit as it was then, also after a reload. Progress begins with the rows that are known.
   */
  readonly cache?: boolean | undefined;
}

export interface ComposeOptions extends CallOptions, Pick<AlignerComposeOptions, 'heldOut'> {}

export interface FitOptions extends FitSettings, CallOptions {
  /** What people know the run by, when it was interrupted. */
  readonly name?: string | undefined;
  /** False keeps nothing of the run in this browser. */
  readonly checkpoints?: boolean | undefined;
  /** Gives the buffers of `source` and `target` away instead of copying them. */
  readonly transfer?: boolean | undefined;
}

/**
 * A training run. The promise rejects with `signal.reason` when aborted, with `reason` when cancelled, at once.
 *
 * Training is saved every few seconds. When the worker dies, the run goes on from there by itself, once. When the page
 * goes, the same call (same rows, same settings) goes on from there on the next visit, and so does `resumeFit()`, which
 * needs no rows; the result is that of a run which was never interrupted. Runs that end and runs that are cancelled
 * leave nothing behind. Leave the rows as they are until then, unless they were given away.
 */
export interface FitSession extends Promise<FitResult> {
  /** Holds the run at its next step, and saves it. */
  pause(): void;
  /** Lets a paused run go on. */
  resume(): void;
  cancel(reason?: unknown): void;
}

/**
 * Everything a page needs: encoders, translators and the aligner's training, all at work in two workers. A worker is
 * started, and files are fetched, only when something needs them; what failed to load is tried again at the next call.
 *
 * Each call rejects with a `CognateError` when it fails and with `signal.reason` when aborted. When a worker dies
 * (`worker-failed`), pending calls reject, and the next call finds a new worker.
 */
export interface Cognate extends AsyncDisposable {
  /** Languages that names can be asked in: data for menus. */
  readonly languages: readonly Language[];
  /** Styles that pictures can be asked in: data for menus. */
  readonly styles: readonly Style[];
  /** Languages that the captioner writes, some of `languages`: data for menus. */
  readonly captionLanguages: readonly Language[];
  /** Styles that the painter paints, some of `styles`: data for menus. */
  readonly paintStyles: readonly Style[];

  /** One of the starter's encoders, or any of a hub or mirror. */
  encoder<K extends Kind>(choice: K | HubEncoder<K>, options?: EncoderOptions): Promise<Encoder<Samples[K]>>;

  /** What encoders with `cache` have kept: rows of any model, and the room that they take. */
  cacheSize(options?: CallOptions): Promise<CacheSize>;

  /** Forgets the rows that encoders have kept. */
  clearCache(options?: CallOptions): Promise<void>;

  /** Loads what a translation needs, then resolves: the first answer comes fast. Output i answers input i. */
  translator<From extends Kind, To extends Kind>(
    request: TranslatorRequest<From, To>,
    options?: CallOptions,
  ): Promise<Translator<Samples[From], readonly Candidate<Answers[To]>[]>>;

  /** Loads what making samples needs, then resolves. Texts are written and pictures painted in the inference worker. */
  generator<From extends Kind, To extends Kind>(
    request: GeneratorRequest<From, To>,
    options?: CallOptions,
  ): Promise<SampleGenerator<From, To>>;

  /**
   * Names and pictures of the starter's concepts as paired points, to train an aligner on: `source` are names, `target`
   * pictures. All of them, in English and Noto, unless told. Concepts that no shipped model has seen come apart, as
   * `heldOut`, to measure the aligner by.
   */
  starterPairs(request?: PairsRequest, options?: CallOptions): Promise<StarterPairs>;

  /** Trains an alignment in the training worker. Row i of `source` pairs with row i of `target`. */
  fit(source: Embeddings, target: Embeddings, options?: FitOptions): FitSession;

  /** Runs that were interrupted, the newest first: none that is going on, here or in another tab. */
  unfinishedFits(options?: CallOptions): Promise<readonly UnfinishedFit[]>;

  /**
   * Goes on with an interrupted run: its pairs and settings are kept with it.
   * @throws {CognateError} `invalid-input` when there is none of that key, or when it is going on elsewhere.
   */
  resumeFit(key: string, options?: CallOptions): FitSession;

  /** Forgets an interrupted run. @throws {CognateError} `invalid-input` when it is going on. */
  discardFit(key: string, options?: CallOptions): Promise<void>;

  /**
   * What two sets of points tell before anything is fitted: whether rows that belong together lie alike.
   * @throws {CognateError} `shape-mismatch`; `invalid-input`.
   */
  forecast(source: Embeddings, target: Embeddings, options?: ForecastOptions): Promise<Forecast>;

  /**
   * Points of either side of an alignment file, in the space where both sides meet: to look at a fitted alignment. No
   * file means the alignment in use, here and in `forward()` and `backward()`.
   * @throws {CognateError} `file-format`; `space-mismatch` when the points are of neither side.
   */
  project(
    alignment: Uint8Array<ArrayBuffer> | undefined,
    points: Embeddings,
    options?: CallOptions,
  ): Promise<Embeddings>;

  /** Points of an alignment file's source, on its target's side. @throws {CognateError} as `project()`. */
  forward(
    alignment: Uint8Array<ArrayBuffer> | undefined,
    points: Embeddings,
    options?: CallOptions,
  ): Promise<Embeddings>;

  /** Points of an alignment file's target, on its source's side. @throws {CognateError} as `project()`. */
  backward(
    alignment: Uint8Array<ArrayBuffer> | undefined,
    points: Embeddings,
    options?: CallOptions,
  ): Promise<Embeddings>;

  /**
   * One alignment file of a chain of them, A -> B -> C, whichever way each of them points. With `heldOut`, its report
   * tells what the chain lost.
   * @throws {CognateError} `file-format`; `invalid-input` for fewer than two; `space-mismatch` when neighbours do not meet.
   */
  compose(alignments: readonly Uint8Array<ArrayBuffer>[], options?: ComposeOptions): Promise<FitResult>;

  /** The same correspondence, read from target to source. @throws {CognateError} `file-format`. */
  invert(alignment: Uint8Array<ArrayBuffer>, options?: CallOptions): Promise<FitResult>;

  /**
   * Sends points to the other side and back, and tells how many find themselves again.
   * @throws {CognateError} `file-format`; `space-mismatch`; `invalid-input` for fewer than two points.
   */
  cycle(alignment: Uint8Array<ArrayBuffer>, points: Embeddings, options?: CallOptions): Promise<Cycle>;

  /**
   * One direction of an alignment as an ONNX file for any runtime: from the source's side, unless told.
   * @throws {CognateError} `file-format`.
   */
  exportOnnx(
    alignment: Uint8Array<ArrayBuffer>,
    options?: CallOptions & { readonly from?: 'source' | 'target' | undefined },
  ): Promise<Uint8Array<ArrayBuffer>>;

  /** A report as a Markdown document. The two sides are called by their names, where they are given. */
  reportMarkdown(report: AlignmentReport, options?: CallOptions & ReportNames): Promise<string>;

  /**
   * Translators and generators made from now on use this alignment file; `undefined` brings the starter's own back.
   * @throws {CognateError} `file-format`; `space-mismatch` when it does not join the starter's two spaces.
   */
  use(alignment: Uint8Array<ArrayBuffer> | undefined, options?: CallOptions): Promise<AlignmentSummary | undefined>;

  /** Stops both workers. Pending calls reject with `disposed`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** What an alignment file says of itself. */
export interface AlignmentSummary {
  readonly source: Space;
  readonly target: Space;
  readonly report: AlignmentReport;
}
