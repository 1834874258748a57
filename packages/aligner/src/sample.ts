import { concat, rows, type Embeddings } from '@cognate/core';
import { deal, members, spread, steadyOrder } from './groups.ts';
import { centred, type LooseRows, type Pairs } from './pairs.ts';

/** Pairs as they come: row i of `source` belongs to row i of `target`, and to every row of its group. */
export interface Sample {
  readonly source: Embeddings;
  readonly target: Embeddings;
  /** `[count]`. */
  readonly groups: Int32Array<ArrayBuffer>;
  /** What the pairs are learned with; every subset keeps it. */
  readonly loose?: LooseRows | undefined;
}

/** One way to learn from some pairs and be asked about others. */
export interface Fold {
  readonly train: Sample;
  /** Queries that are in no training step. */
  readonly test: Sample;
  /** What the queries are looked up among. */
  readonly candidates: Sample;
  /** Whom crowding is measured against. */
  readonly crowd: Sample;
}

/** The chosen pairs, copied. */
export function subset({ source, target, groups, loose }: Sample, indices: readonly number[]): Sample {
  return {
    loose,
    source: rows(source, indices),
    target: rows(target, indices),
    groups: Int32Array.from(indices, (i) => groups[i]!),
  };
}

export function prepare({ source, target, groups, loose }: Sample): Pairs {
  const unpaired = loose && { ...loose, known: { source, target } };
  return { source: centred(source), target: centred(target), groups, unpaired };
}

/** How the pairs of one fit are used. */
export interface Plan {
  /** What methods and settings are chosen by. */
  readonly folds: readonly Fold[];
  /** All pairs that may be learned from in the end. */
  readonly learn: Sample;
  /** Pairs for the report alone; absent where cross-validation gives it. */
  readonly heldOut?: Sample | undefined;
}

/** Pairs to choose by; methods are told apart by no fewer and looked at often. */
const validationLimit = 600;

/** Under this number of groups, a single part to choose by would be too small: each fifth takes its turn. */
const crossedGroups = 1000;

/**
 * With `few` pairs, five folds: each pair is asked about once, among all pairs, by a fit that has not seen its group.
 * With more, a tenth is held out for the report, unless other pairs are given for that, and methods are chosen on the
 * rest: by five folds, or from a thousand groups by one part.
 *
 * With `few` pairs the folds that choose a method are those that the report asks about, which can flatter it. Little, since
 * the choice departs from the usual method only for what chance does not explain.
 */
export function planFor(sample: Sample, few: boolean, heldOut: Sample | undefined, seed: number): Plan {
  if (few) return { folds: fifths(sample, sample, seed), learn: sample, heldOut };
  const groupCount = new Set(sample.groups).size;
  const share = Math.min(500, Math.max(Math.round(groupCount / 10), Math.min(20, Math.floor(groupCount / 4))));
  const parts = deal(sample.groups, [heldOut ? 0 : share, groupCount < crossedGroups ? 0 : share], seed, steadyOrder);
  const [asked, validation, rest] = parts as [number[], number[], number[]];
  const learn = subset(sample, [...rest, ...validation]);
  const reported = heldOut ?? subset(sample, asked);
  if (validation.length === 0) return { folds: fifths(learn, learn, seed), learn, heldOut: reported };
  const rows = thinnedRows(
    validation.map((row) => sample.groups[row]!),
    validationLimit,
  ).map((at) => rest.length + at);
  const test = subset(learn, rows);
  const fold = { train: subset(sample, rest), test, candidates: test, crowd: test };
  return { folds: [fold], learn, heldOut: reported };
}

/** Queries that tell two methods of one kind apart about as well as these pairs can. */
const enoughQueries = 400;

/**
 * Folds of the same pairs in other random orders, as many as make enough queries: of 25 pairs a single order picks little
 * better than a coin. None where the folds of the plan are not crossed.
 */
export function furtherFolds({ learn, folds }: Plan, seed: number): Fold[] {
  if (folds.length === 1) return [];
  const orders = Math.floor(enoughQueries / new Set(learn.groups).size);
  return Array.from({ length: Math.max(0, orders - 1) }, (_, i) => fifths(learn, learn, seed + 1 + i)).flat();
}

/** Each fifth of the groups is asked about once, among the candidates, after learning from the others. */
function fifths(sample: Sample, candidates: Sample, seed: number): Fold[] {
  const size = Math.max(1, Math.ceil(new Set(sample.groups).size / 5));
  const parts = deal(sample.groups, [size, size, size, size], seed).filter((part) => part.length > 0);
  return parts.map((part) => {
    const train = subset(
      sample,
      parts.flatMap((other) => (other === part ? [] : other)),
    );
    return { train, test: subset(sample, part), candidates, crowd: train };
  });
}

/** At most `limit` of the pairs, from as many groups as that allows. */
export function thinned(sample: Sample, limit: number): Sample {
  return sample.source.count <= limit ? sample : subset(sample, thinnedRows(sample.groups, limit));
}

function thinnedRows(groups: ArrayLike<number>, limit: number): number[] {
  const byGroup = [...members(groups).values()];
  const chosen: number[] = [];
  for (let round = 0; chosen.length < Math.min(limit, groups.length); round++) {
    const next = byGroup.flatMap((indices) => indices.slice(round, round + 1));
    chosen.push(...Array.from(spread(next.length, limit - chosen.length), (at) => next[at]!));
  }
  return chosen;
}

/** Pairs of two samples that share the numbering of their groups. */
export function joined(a: Sample, b: Sample): Sample {
  return {
    source: concat([a.source, b.source]),
    target: concat([a.target, b.target]),
    groups: Int32Array.from([...a.groups, ...b.groups]),
  };
}
