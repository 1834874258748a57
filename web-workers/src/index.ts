export type { Cycle, ForecastOptions } from '@cognate/aligner';
export type {
  AlignmentSummary,
  Answers,
  Cognate,
  ComposeOptions,
  EncoderOptions,
  FitOptions,
  FitSession,
  GenerateOptions,
  Generated,
  GeneratorRequest,
  Kind,
  PairsRequest,
  SampleGenerator,
  Samples,
  TranslatorRequest,
} from './page/cognate.ts';
export { connect, type ConnectOptions } from './page/connect.ts';
export type { HubEncoder, StarterPairs } from './shared/inference.ts';
export type { Caption, Language, Name, Painting, PictureItem, Style } from './shared/items.ts';
export { captionLanguages, languages, paintStyles, styles } from './shared/menus.ts';
export type { FitResult, FitSettings, UnfinishedFit } from './shared/training.ts';
export type { CacheSize } from './storage/row-cache.ts';
