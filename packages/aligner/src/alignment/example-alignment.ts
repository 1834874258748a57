import { random, type Alignment, type AlignmentReport, type Space } from '@cognate/core';
import { createAlignment } from './alignment.ts';
import type { FloatMatrix, Layer, Path, Step } from './path.ts';

const { normal } = random(1);
export const numbers = (count: number, scale = 1): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: count }, () => scale * normal());
export const matrix = (rows: number, cols: number): FloatMatrix => ({ rows, cols, data: numbers(rows * cols, 0.2) });
/** Values that half precision holds, as the file keeps them. */
const coarse = (rows: number, cols: number): FloatMatrix => ({
  rows,
  cols,
  data: Float32Array.from({ length: rows * cols }, () => Math.round(64 * normal()) / 256),
});
const layer = (from: number, to: number): Layer => ({ weight: coarse(from, to), bias: numbers(to, 0.1) });

/** One path with every kind of step, from 12 to 8 numbers. */
function longWay(): Path {
  const residual: Step = { kind: 'residual', linear: coarse(12, 10), up: layer(12, 20), down: layer(20, 10) };
  return [
    { kind: 'center', mean: numbers(12, 0.1) },
    { kind: 'unit' },
    {
      kind: 'concat',
      branches: [
        {
          weight: 0.8,
          path: [
            { kind: 'linear', weight: matrix(12, 30) },
            { kind: 'sparse', keep: 6, power: 3 },
          ],
        },
        {
          weight: 0.6,
          path: [residual, { kind: 'uncenter', mean: numbers(10, 0.1) }, { kind: 'gaussian', sharpness: 2 }],
        },
      ],
    },
    { kind: 'linear', weight: matrix(40, 8) },
    { kind: 'unit' },
  ];
}

const guessing = { recallAt1: 0.1, recallAt5: 0.5, recallAt10: 1, medianRank: 5, mrr: 0.3, foscttm: 0.5 };
const report: AlignmentReport = {
  method: 'test',
  reason: 'It shows every kind of step.',
  tried: [],
  trainPairs: 0,
  heldOutPairs: 0,
  chance: guessing,
  verdict: { level: 'fail', reasons: ['Nothing was learned.'] },
  suspects: [],
  seed: 0,
};

/** An alignment from a to b whose paths take every kind of step. */
export function alignmentOf(): Alignment {
  const space = (id: string, dim: number): Space => ({ id, dim, normalized: true });
  return createAlignment({
    source: space('a', 12),
    target: space('b', 9),
    shared: space('ab', 8),
    heads: {
      source: longWay(),
      target: [{ kind: 'center', mean: numbers(9) }, { kind: 'linear', weight: matrix(9, 8) }, { kind: 'unit' }],
    },
    returns: {
      source: [{ kind: 'linear', weight: matrix(8, 12) }, { kind: 'unit' }, { kind: 'sphere', mean: numbers(12, 0.1) }],
      target: [
        { kind: 'linear', weight: matrix(8, 9) },
        { kind: 'uncenter', mean: numbers(9) },
      ],
    },
    anchors: { source: numbers(16), target: numbers(16) },
    report,
  });
}
