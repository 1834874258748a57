import type { Breathe } from '../algebra/breathe.ts';
import { csa, csaParts } from './csa.ts';
import { headPath, toFloats, type Heads, type Path } from '../alignment/path.ts';
import type { Matrix, Multiply } from '../algebra/matrix.ts';
import type { Pairs, Side } from '../pairs.ts';
import { procrustes } from './procrustes.ts';
import { ridge } from './ridge.ts';

/** What a long computation runs with. */
export interface Tools {
  readonly times: Multiply;
  readonly breathe: Breathe;
}

/** A method without training steps. */
export interface ClosedForm {
  /** What validation pairs choose from: strengths of the regularisation. */
  readonly settings: readonly number[];
  /** Heads for each of the settings. */
  fit(pairs: Pairs, settings: readonly number[], tools: Tools): Promise<Heads[]>;
}

export type ClosedMethod = 'procrustes' | 'ridge' | 'csa';

/** Simplest first. */
export const closedForms: Readonly<Record<ClosedMethod, ClosedForm>> = {
  /** The side with more dimensions is turned into the space of the other. */
  procrustes: {
    settings: [0],
    async fit({ source, target }, _settings, { times, breathe }) {
      if (source.cols >= target.cols) {
        return [
          { source: through(source, await procrustes(source, target, times, breathe)), target: headPath(target.mean) },
        ];
      }
      return [
        { source: headPath(source.mean), target: through(target, await procrustes(target, source, times, breathe)) },
      ];
    },
  },
  /** The source is regressed onto the target; leave-one-out sets the penalty, so there is nothing left to choose. */
  ridge: {
    settings: [0],
    async fit({ source, target, groups }, _settings, { times, breathe }) {
      const { weight } = await ridge(source, target, times, breathe, { groups });
      return [{ source: through(source, weight), target: headPath(target.mean) }];
    },
  },
  csa: {
    settings: [0.01, 0.03, 0.1, 0.3, 1, 3],
    async fit({ source, target }, settings, { times, breathe }) {
      const parts = await csaParts(source, target, times, breathe);
      const all: Heads[] = [];
      for (const strength of settings) {
        const both = await csa(parts, strength, times, breathe);
        all.push({ source: through(source, both.source), target: through(target, both.target) });
      }
      return all;
    },
  },
};

function through({ mean }: Side, weight: Matrix): Path {
  return headPath(mean, { kind: 'linear', weight: toFloats(weight) });
}
