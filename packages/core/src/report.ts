import type { Space } from './embeddings.ts';
import type { Calibration } from './trust.ts';

/** 95 % confidence: the measurement repeated would fall within these bounds 19 times of 20. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Recall and reciprocal rank are fractions, 0 to 1; ranks count from 1. */
export interface RetrievalScores {
  readonly recallAt1: number;
  readonly recallAt5: number;
  readonly recallAt10: number;
  readonly medianRank: number;
  /** Mean reciprocal rank. */
  readonly mrr: number;
  /** Fraction of samples closer than the true match: 0 is perfect; 0.5 is chance, less where there are several matches. */
  readonly foscttm: number;
}

/** Scores of one direction, measured with CSLS on pairs that were in no training step. */
export interface MeasuredScores extends RetrievalScores {
  readonly interval: Readonly<Record<'recallAt1' | 'recallAt5' | 'recallAt10', Interval>>;
  /**
   * What was repeated for the intervals, and how often: fits on other splits of the pairs, by the method of the learning
   * curve, or, where heads were trained or the held-out pairs were given, draws from the held-out queries of the one fit.
   */
  readonly repeated: { readonly over: 'splits' | 'queries'; readonly times: number };
  /** The same by cosine alone. */
  readonly plain: RetrievalScores;
}

/** A number next to what it would be without any correspondence. */
export interface Tested {
  readonly value: number;
  /** Mean over random orders of the pairs. */
  readonly chance: number;
  /** Share of random orders, 0 to 1, that reach the value. */
  readonly p: number;
}

/** What the two sets of points tell before anything is fitted. */
export interface Forecast {
  /** Pairs that it was measured on. */
  readonly pairs: number;
  /** Unbiased linear centred kernel alignment, about 0 to 1. */
  readonly cka: Tested;
  /** Share of the `k` nearest neighbours that both sides agree on, 0 to 1. */
  readonly mutualKnn: Tested & { readonly k: number };
  /** Number of directions that a side effectively varies in. */
  readonly effectiveRank: { readonly source: number; readonly target: number };
  /** Skewness of how often a row is among the ten nearest of others: over 1, some rows are near to everything. */
  readonly hubness: { readonly source: number; readonly target: number };
  /** Distance between the means of both sides' unit rows, 0 to 2; absent where dimensions differ. */
  readonly gap?: number;
  readonly outlook: 'good' | 'uncertain' | 'poor';
  /** The outlook in a sentence for people. */
  readonly reason: string;
}

/** What more pairs would bring. */
export interface LearningCurve {
  /** Means over repeats on other splits of the pairs and over both directions; fewest pairs first. */
  readonly points: readonly {
    readonly pairs: number;
    readonly recallAt1: number;
    readonly recallAt10: number;
    /** Standard deviation of `recallAt1` over the repeats. */
    readonly sd: number;
  }[];
  readonly repeats: number;
  /** The method that the curve was drawn with: trained heads are stood in for by the closed form they began from. */
  readonly method: string;
  /** About what `pairs` more would add to recall at 1, from the slope at the end; absent when the curve is too short. */
  readonly more?: { readonly pairs: number; readonly gain: number };
}

/** Whether to use the alignment. */
export interface Verdict {
  readonly level: 'pass' | 'caution' | 'fail';
  /** Sentences for people, the weightiest first. */
  readonly reasons: readonly string[];
}

/** A pair whose two sides disagree when the map is learned from the other pairs. */
export interface Suspect {
  /** Row of the pair in what was given to `fit()`. */
  readonly pair: number;
  /** How much less alike its sides are than those of other pairs, in robust standard deviations. */
  readonly deviation: number;
  /** Ranks of its own partner among all rows of the other side, from 1. */
  readonly rank: { readonly forward: number; readonly backward: number };
  /** The row of `target` that its source row points at, and the row of `source` that its target row points at. */
  readonly nearest: { readonly forward: number; readonly backward: number };
}

/** How well points survive the way there and back again. */
export interface CycleScore {
  /** Mean cosine, -1 to 1, of centred points with what comes back of them. */
  readonly cosine: number;
  /** Share of points, 0 to 1, that are still nearest to themselves; chance is 1 / `points`. */
  readonly recallAt1: number;
  readonly points: number;
}

/** A number next to what it is where there is nothing to find. */
export interface Compared {
  readonly value: number;
  readonly chance: number;
}

/**
 * What matching two sets of points by their shapes tells of itself. `chance` is the same for a target whose shape was
 * destroyed. High numbers say that the shapes are alike, not that they mean the same: only pairs can tell that.
 */
export interface MatchingEvidence {
  /** Runs from random starts of their own. */
  readonly runs: number;
  /** Mean cosine, -1 to 1, between the places that two runs give to the same row. */
  readonly agreement: Compared;
  /** Mean cosine of rows matched one to one in the end. */
  readonly fit: Compared;
  /** Unbiased CKA of those rows; optimistic, since they were matched to be alike. */
  readonly cka: Compared;
  /** Correlation of the similarities between clusters on both sides as they were matched; `random` is any other order. */
  readonly clusters: Compared & { readonly random: number };
}

/** One alignment of a chain, as it was measured by itself. */
export interface ChainLink {
  readonly source: Space;
  readonly target: Space;
  readonly method: string;
  /** Over both directions; absent when it has not been measured. */
  readonly recallAt10?: number;
  /** True when it was measured on the things that the chain was measured on, not on held-out pairs of its own. */
  readonly sameThings?: boolean;
}

/** Plain data, JSON-safe. How an alignment was fitted and how far it can be trusted. */
export interface AlignmentReport {
  /** The method that was kept, such as `contrastive` or `ridge`. */
  readonly method: string;
  /** Why it was kept, in a sentence for people. */
  readonly reason: string;
  /** Validation scores of every method tried, over both directions. The one of the highest `mrr` was kept, or the usual one where no other was better by more than chance. */
  readonly tried: readonly {
    readonly method: string;
    /** Mean reciprocal rank, 0 to 1. */
    readonly mrr: number;
    readonly recallAt10: number;
    readonly seconds: number;
  }[];
  readonly trainPairs: number;
  readonly heldOutPairs: number;
  /** Source -> target; absent when no pair could be held out. */
  readonly forward?: MeasuredScores;
  /** Target -> source. */
  readonly backward?: MeasuredScores;
  /** What guessing gives. */
  readonly chance: RetrievalScores;
  /** The same method fitted to pairs in random order: what the score would be without any correspondence. */
  readonly shuffled?: RetrievalScores;
  readonly forecast?: Forecast;
  readonly learningCurve?: LearningCurve;
  readonly verdict: Verdict;
  /** The pairs most likely mislabelled, worst first. */
  readonly suspects: readonly Suspect[];
  /** What speaks for a map that was found from rows without pairs. */
  readonly matching?: MatchingEvidence;
  /** From either side to the other and back, over points that were not learned from where there are such. */
  readonly cycle?: { readonly source: CycleScore; readonly target: CycleScore };
  /** The alignments that were composed, in order; absent unless this one is a chain. */
  readonly chain?: readonly ChainLink[];
  /**
   * What a score is worth, for answers to queries from `source` and from `target`; see `trust()`. Estimated on the
   * held-out pairs against all rows of the other side as candidates; absent when no pair could be held out.
   */
  readonly calibration?: { readonly forward: Calibration; readonly backward: Calibration };
  readonly seed: number;
}
