import { foscttm, recallAt } from '@cognate/aligner';
import type { Tools } from '../../packages/aligner/src/algebra/tools.ts';
import type { FloatMatrix } from '../../packages/aligner/src/alignment/path.ts';
import { retrievalRanks, lookUps } from '../../packages/aligner/src/measure/retrieval.ts';

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
    const ranks = { scores: [] as number[], cosines: [] as number[] };
    for await (const part of lookUps(queries, bank, anchors[from].data, test[to].cols, tools)) {
      for (const by of ['scores', 'cosines'] as const) ranks[by].push(...retrievalRanks(part, by));
    }
    const scores = (found: readonly number[]): Scores => ({
      recallAt1: recallAt(found, 1),
      recallAt10: recallAt(found, 10),
      foscttm: foscttm(found, test[to].rows),
    });
    plain.push(scores(ranks.cosines));
    csls.push(scores(ranks.scores));
  }
  const mean = ([a, b]: Scores[]): Scores => ({
    recallAt1: (a!.recallAt1 + b!.recallAt1) / 2,
    recallAt10: (a!.recallAt10 + b!.recallAt10) / 2,
    foscttm: (a!.foscttm + b!.foscttm) / 2,
  });
  return { plain: mean(plain), csls: mean(csls) };
}
