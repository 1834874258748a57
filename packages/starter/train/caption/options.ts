/** How the points are drawn that texts are written from. Shares are 0 to 1. */
export interface PointMix {
  /** Share of points of names; the others are of keywords or of both. */
  readonly names: number;
  /** Share of points that are the mean of several texts of a concept. */
  readonly means: number;
  /** Share of points that lie on the way to a concept nearby, less than half of it. */
  readonly mixed: number;
  /** Share of points with noise, and the lowest cosine that noise leaves. */
  readonly noisy: number;
  readonly cosine: number;
}

/** The last part of a run sees mostly names as they are: what noise has taught stays, and names come out to the letter. */
export const calmMix = { names: 0.85, means: 0.15, mixed: 0.05, noisy: 0.12, keywords: 0.1 } as const;

/** Everything that a run of the caption recipe can be told on the command line; the defaults made the shipped model. */
export interface CaptionOptions extends PointMix {
  readonly seed: number;
  /** Training time; the learning rate falls to its floor at its end, whatever the machine's speed. */
  readonly minutes: number;
  /** What the captioner is to write, comma-separated codes of emojibase-data. */
  readonly languages: string;
  /** Tokens at most, bytes included. */
  readonly vocabulary: number;
  readonly dim: number;
  readonly heads: number;
  readonly layers: number;
  readonly hidden: number;
  readonly conditionHidden: number;
  /** Tokens in a step, about, and how many languages share them. */
  readonly tokens: number;
  readonly groups: number;
  /** Peak learning rates of the layers and of the table of tokens. */
  readonly rate: number;
  readonly tableRate: number;
  /** Share of the time after which points are drawn as `calmMix` says. */
  readonly calmFrom: number;
  /** Share of keywords among the texts to be written; without any, `calmMix` has none either. */
  readonly keywords: number;
  /** Train on the validation concepts too, once every choice is made. */
  readonly final: boolean;
}

export const captionDefaults: CaptionOptions = {
  seed: 1,
  minutes: 55,
  languages: 'en,de,fr,es,it,pt,nl,pl,ru,ja,zh,ko',
  vocabulary: 12_000,
  dim: 128,
  heads: 4,
  layers: 2,
  hidden: 512,
  conditionHidden: 768,
  tokens: 1536,
  groups: 4,
  rate: 3e-3,
  tableRate: 6e-3,
  calmFrom: 0.77,
  keywords: 0,
  final: false,
  names: 0.7,
  means: 0.2,
  mixed: 0.15,
  noisy: 0.3,
  cosine: 0.5,
};

/** What differs when training goes on from the published weights: gentle steps, and keywords to be written beside names. */
export const continuedDefaults: Partial<CaptionOptions> = {
  minutes: 26,
  rate: 1e-3,
  tableRate: 2e-3,
  calmFrom: 0.7,
  keywords: 0.35,
};

/** What differs in the last run: names alone, those of the validation concepts among them. */
export const finalDefaults: Partial<CaptionOptions> = {
  ...continuedDefaults,
  minutes: 47,
  calmFrom: 0.36,
  keywords: 0,
};
