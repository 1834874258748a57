import { foscttm, recallAt } from '@cognate/aligner';
import type { Breathe } from '../../packages/aligner/src/algebra/breathe.ts';
import type { FloatMatrix } from '../../packages/aligner/src/alignment/path.ts';
import { retrievalRanks, scoreAll } from '../../packages/aligner/src/measure/retrieval.ts';
import { dotProducts } from '@cognate/core';

/** Means of both directions, fractions of 0 to 1. */
export interface Scores {
  readonly recallAt1: number;
  readonly recallAt10: number;
  readonly foscttm: number;
}

/** Unit rows of both sides in a shared space. */
export interface Both {
  readonly source: FloatMatrix;
  readonly target: FloatMatrix;
}

/**
 * Looks up each test row among those of the other side, by cosine and by CSLS.
 * @param groups `[rows]`: rows of one group are right for each other.
 * @param anchors whom crowding is measured against: by default the test rows themselves, as the literature does.
 */
export async function scoresOf(
  test: Both,
  groups: ArrayLike<number>,
  anchors: Both = test,
  breathe: Breathe,
): Promise<{ plain: Scores; csls: Scores }> {
  const plain: Scores[] = [];
  const csls: Scores[] = [];
  for (const [from, to] of [['source', 'target'] as const, ['target', 'source'] as const]) {
    const [queries, bank] = [test[from], test[to]];
    const ranked = (scores: Float32Array<ArrayBuffer>): Scores => {
      const labelled = (rows: Float32Array): { rows: Float32Array; groups: ArrayLike<number> } => ({ rows, groups });
      const ranks = retrievalRanks({ scores, queries: labelled(queries.data), bank: labelled(bank.data) });
      return {
        recallAt1: recallAt(ranks, 1),
        recallAt10: recallAt(ranks, 10),
        foscttm: foscttm(ranks, bank.rows),
      };
    };
    plain.push(ranked(dotProducts(queries.data, bank.data, bank.cols)));
    csls.push(ranked(await scoreAll(queries.data, bank.data, anchors[from].data, bank.cols, breathe)));
  }
  const mean = ([a, b]: Scores[]): Scores => ({
    recallAt1: (a!.recallAt1 + b!.recallAt1) / 2,
    recallAt10: (a!.recallAt10 + b!.recallAt10) / 2,
    foscttm: (a!.foscttm + b!.foscttm) / 2,
  });
  return { plain: mean(plain), csls: mean(csls) };
}
