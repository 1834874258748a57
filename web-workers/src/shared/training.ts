import type {
  ComposeOptions,
  Cycle,
  FitOptions as AlignerOptions,
  ForecastOptions,
  ReportNames,
} from '@cognate/aligner';
import type { AlignmentReport, CallOptions, Embeddings, Forecast, Space } from '@cognate/core';

/** How the aligner learns: method, seed, steps, groups, pairs held out and the like. Plain data. */
export type FitSettings = Omit<AlignerOptions, 'signal' | 'onProgress' | 'gate' | 'checkpoints' | 'from'> & {
  /** An alignment file whose heads the training goes on from, such as one of fewer pairs. */
  readonly from?: Uint8Array<ArrayBuffer> | undefined;
};

/** An alignment as a page has it: a file, and what the file says of itself. */
export interface FitResult {
  /** A safetensors file, for `use()` or to save. */
  readonly alignment: Uint8Array<ArrayBuffer>;
  readonly report: AlignmentReport;
  /** What went otherwise than it should, such as checkpoints that found no room; a sentence for people. */
  readonly warning?: string | undefined;
}

/** A run that was interrupted, and can be gone on with. */
export interface UnfinishedFit {
  readonly key: string;
  /** As the page called it. */
  readonly name?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** When its last checkpoint was written. */
  readonly savedAt: number;
  /** Steps in the last checkpoint. */
  readonly done: number;
  /** Steps at most. */
  readonly total: number;
  readonly pairs: number;
  readonly source: Space;
  readonly target: Space;
  readonly method: string;
  /** Room that it takes, pairs included. */
  readonly bytes: number;
}

/** What the training worker learns at its start. */
export interface TrainingConfig {
  /** Sessions that the page has cancelled: an earlier worker may not have got round to clearing up after them. */
  readonly cancelled: readonly string[];
  /** Least time between two reports of a run's steps; 100 ms unless told. */
  readonly reportEveryMs?: number | undefined;
}

/** Part of each call that runs a fit. */
interface Session {
  /** Of the page's choice, unlike any other, by which the run can be paused. */
  readonly session: string;
  readonly paused: boolean;
}

/** What the training worker does. */
export interface TrainingService {
  fit(
    input: Session & {
      readonly source: Embeddings;
      readonly target: Embeddings;
      readonly settings: FitSettings;
      readonly name?: string | undefined;
      /** Whether checkpoints are written. */
      readonly keep: boolean;
    },
    options: CallOptions,
  ): Promise<FitResult>;
  /**
   * Goes on with the interrupted run of that key or, without one, of that session. Undefined when there is none.
   * @throws {CognateError} `invalid-input` when it is going on already.
   */
  resume(input: Session & { readonly key?: string | undefined }, options: CallOptions): Promise<FitResult | undefined>;
  /** A paused run holds at its next step. No run of that session: nothing happens. */
  pause(input: Session, options: CallOptions): void;
  forecast(
    input: {
      readonly source: Embeddings;
      readonly target: Embeddings;
      readonly settings: Omit<ForecastOptions, keyof CallOptions>;
    },
    options: CallOptions,
  ): Promise<Forecast>;
  compose(
    input: { readonly links: readonly Uint8Array[]; readonly settings: Omit<ComposeOptions, keyof CallOptions> },
    options: CallOptions,
  ): Promise<FitResult>;
  invert(input: { readonly bytes: Uint8Array }, options: CallOptions): FitResult;
  cycle(input: { readonly bytes: Uint8Array; readonly points: Embeddings }, options: CallOptions): Promise<Cycle>;
  exportOnnx(
    input: { readonly bytes: Uint8Array; readonly from: 'source' | 'target' },
    options: CallOptions,
  ): Uint8Array<ArrayBuffer>;
  reportMarkdown(
    input: { readonly report: AlignmentReport; readonly names: ReportNames | undefined },
    options: CallOptions,
  ): string;
  unfinished(input: undefined, options: CallOptions): Promise<readonly UnfinishedFit[]>;
  discard(input: { readonly key: string }, options: CallOptions): Promise<void>;
}
