import type { FitOptions as AlignerOptions } from '@cognate/aligner';
import type { AlignmentReport, CallOptions, Embeddings } from '@cognate/core';

/** How the aligner learns: method, seed, steps, pairs held out and the like. Plain data. */
export type FitSettings = Omit<AlignerOptions, 'signal' | 'onProgress' | 'gate'>;

export interface FitResult {
  /** A safetensors file, for `use()` or to save. */
  readonly alignment: Uint8Array<ArrayBuffer>;
  readonly report: AlignmentReport;
}

/** What the training worker does. */
export interface TrainingService {
  /** `session` is a number of the page's choice, by which the run can be paused. */
  fit(
    input: {
      readonly session: number;
      readonly source: Embeddings;
      readonly target: Embeddings;
      readonly settings: FitSettings;
    },
    options: CallOptions,
  ): Promise<FitResult>;
  /** A paused run holds at its next step. No run of that number: nothing happens. */
  pause(input: { readonly session: number; readonly paused: boolean }, options: CallOptions): void;
}
