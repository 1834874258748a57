import type { ClosedMethod } from './closed-form/closed-forms.ts';
import { beats, reciprocals, type Ranked } from './measure/judge.ts';
import { isPositive } from './measure/statistics.ts';
import type { Candidate } from './methods.ts';

/**
 * What `auto` tries on pairs of that many groups: no other closed form has been better by more than chance on any real
 * data that they were compared on, a rotation only where there is too little to learn more from, and no map at all where
 * both sides may have been one space from the start.
 */
export function autoMethods(groupCount: number, { sameDims }: { readonly sameDims: boolean }): readonly ClosedMethod[] {
  const alike: readonly ClosedMethod[] = sameDims ? ['identity'] : [];
  return groupCount < 200 ? [...alike, 'procrustes', 'csa', 'kernel'] : [...alike, 'csa', 'kernel'];
}

/**
 * What is kept unless another method is better by more than chance: CSA, straight or bent, whichever has more evidence.
 * Where the pairs are too many to need it, bent is like any other method.
 */
export const usual: readonly ClosedMethod[] = ['csa', 'kernel'];

/** Fewer queries than this say little about which method is best: the usual one then stays up to 1.5 standard errors. */
const fewQueries = 80;

/** Up to this number of pairs many rows without partner tell more, and too few pairs are left to see that by. */
const scarce = 20;

/**
 * The candidate of the highest mean reciprocal rank, or the usual one, where that is worse by less than half a standard
 * error of the difference: among several methods that are equally good, one always comes out first by luck. What does
 * without a map has learned nothing that could be luck: where it is clearly better than guessing, it stays unless another
 * is better by more than a standard error. Few candidates tell the good from the very good badly, and the best of a
 * hundred is often not the best of five.
 * @param asked how many candidates each query had.
 */
export function keepBest(tried: readonly Candidate[], asked: number): Candidate {
  const common = usualOf(tried);
  const closed = tried.filter(
    (each) =>
      each.method !== 'contrastive' &&
      (each.method !== 'identity' || tried.length === 1 || beatsGuessing(each.ranked, asked)) &&
      (each === common || each.evidence === undefined),
  );
  const trained = tried.find(({ method }) => method === 'contrastive');
  if (closed.length === 0) return trained!;
  const best = closed.reduce((a, b) => (beats(b.quality, a.quality) ? b : a));
  const queries = best.ranked.reduce((sum, { forward }) => sum + forward.length, 0);
  const unpaired = closed.find(({ method }) => method === 'unpaired' && queries <= scarce);
  const plain = closed.find(({ method, ranked }) => method === 'identity' && !clearlyBeats(best.ranked, ranked, 1));
  const safe = unpaired ?? plain ?? common ?? best;
  const errors = safe !== common ? 1 : queries < fewQueries ? 1.5 : 0.5;
  const kept = clearlyBeats(best.ranked, safe.ranked, errors) ? best : safe;
  return trained && clearlyBeats(trained.ranked, kept.ranked.slice(0, 1), 1) ? trained : kept;
}

/**
 * Whether any method could still be better than the best of these by more than chance: not where right answers come
 * first already.
 */
export function leavesRoom(tried: readonly Candidate[]): boolean {
  const best = tried.reduce((a, b) => (beats(b.quality, a.quality) ? b : a));
  return isPositive(
    reciprocals(best.ranked).map((value) => 1 - value),
    1.5, // one or two wrong answers may be luck
  );
}

function usualOf(tried: readonly Candidate[]): Candidate | undefined {
  const [first, ...others] = usual.flatMap((method) => tried.filter((each) => each.method === method));
  return others.reduce((a, b) => ((b.evidence ?? 0) > (a?.evidence ?? 0) ? b : a), first);
}

/** By more than so many standard errors of the difference, over all queries of both sides. */
function clearlyBeats(a: readonly Ranked[], b: readonly Ranked[], errors: number): boolean {
  const [mine, others] = [reciprocals(a), reciprocals(b)];
  return isPositive(
    mine.map((value, i) => value - others[i]!),
    errors,
  );
}

/** By more than three standard errors: of n candidates in random order the mean reciprocal rank is that of 1 to n. */
function beatsGuessing(ranked: readonly Ranked[], asked: number): boolean {
  const guessed = Array.from({ length: asked }, (_, i) => 1 / (i + 1)).reduce((sum, each) => sum + each, 0) / asked;
  return isPositive(
    reciprocals(ranked).map((value) => value - guessed),
    3,
  );
}
