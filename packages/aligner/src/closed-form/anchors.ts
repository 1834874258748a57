import { transpose } from '../algebra/matrix.ts';
import { headPath, toFloats, type Path, type Step } from '../alignment/path.ts';
import { spread } from '../groups.ts';
import { picked, type Side } from '../pairs.ts';
import type { ClosedForm } from './closed-forms.ts';

/** Pairs that points are compared with: one dimension of the shared space each. */
const mostAnchors = 2000;

/**
 * Relative representations: a point is described by its cosines with the pairs' rows of its own side, which the other
 * side shares. Nothing is learned; adding a pair adds a dimension.
 * @see Moschella et al. 2023, Relative Representations Enable Zero-Shot Latent Space Communication, arXiv:2209.15430.
 */
export const relative: ClosedForm = {
  settings: async () => [{}],
  fit: async ({ source, target }) => ({ source: compared(source), target: compared(target) }),
};

/**
 * ASIF: of these cosines only the largest count, and the larger the more, so that a point is described by the few pairs
 * it is most like.
 * @see Norelli et al. 2023, ASIF: Coupled Data Turns Unimodal Models to Multimodal Without Training, arXiv:2210.01738.
 */
export const asif: ClosedForm = {
  async settings({ groups }) {
    // How many are kept matters little once the power has made small cosines vanish.
    const keep = Math.max(5, Math.round(groups.length / 4));
    return [2, 4, 8].map((power) => ({ keep, power }));
  },
  async fit({ source, target }, { keep, power }) {
    const largest = { kind: 'sparse', keep: keep!, power: power! } as const;
    return { source: compared(source, largest), target: compared(target, largest) };
  },
};

function compared(side: Side, then?: Step): Path {
  const anchors = picked(side, spread(side.rows, mostAnchors));
  const cosines: Path = [...headPath(side.mean), { kind: 'linear', weight: toFloats(transpose(anchors)) }];
  return [...cosines, ...(then ? [then] : []), { kind: 'unit' }];
}
