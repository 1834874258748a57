import { foscttm, recallAt } from '@cognate/aligner';
import type { Tools } from '../../packages/aligner/src/algebra/tools.ts';
import type { FloatMatrix } from '../../packages/aligner/src/alignment/path.ts';
import { retrievalRanks, scoreAll } from '../../packages/aligner/src/measure/retrieval.ts';

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
  tools: Tools,
): Promise<{ plain: Scores; csls: Scores }> {
  const plain: Scores[] = [];
  const csls: Scores[] = [];
  for (const [from, to] of [['source', 'target'] as const, ['target', 'source'] as const]) {
    const [queries, bank] = [
      { rows: test[from].data, groups },
      { rows: test[to].data, groups },
    ];
    const table = await scoreAll(queries.rows, bank.rows, anchors[from].data, test[to].cols, tools);
    const scores = (by: 'scores' | 'cosines'): Scores => {
      const ranks = retrievalRanks({ ...table, queries, bank }, by);
      return { recallAt1: recallAt(ranks, 1), recallAt10: recallAt(ranks, 10), foscttm: foscttm(ranks, test[to].rows) };
    };
    plain.push(scores('cosines'));
    csls.push(scores('scores'));
  }
  const mean = ([a, b]: Scores[]): Scores => ({
    recallAt1: (a!.recallAt1 + b!.recallAt1) / 2,
    recallAt10: (a!.recallAt10 + b!.recallAt10) / 2,
    foscttm: (a!.foscttm + b!.foscttm) / 2,
  });
  return { plain: mean(plain), csls: mean(csls) };
}
