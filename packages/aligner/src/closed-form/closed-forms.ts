import type { Matrix } from '../algebra/matrix.ts';
import { headPath, toFloats, type Heads, type Path } from '../alignment/path.ts';
import type { Pairs, Side } from '../pairs.ts';
import { asif, relative } from './anchors.ts';
import { chooseKernel } from './choose-kernel.ts';
import { csa } from './csa.ts';
import { kernelCsa } from './kernel-csa.ts';
import { procrustes } from './procrustes.ts';
import { ridge } from './ridge.ts';
import type { Tools } from '../algebra/tools.ts';
import { alignUnpaired } from '../unpaired/align-unpaired.ts';

/** The numbers that a method leaves open, by name. */
export type Setting = Readonly<Record<string, number>>;

/** A method without training steps. */
export interface ClosedForm {
  /** What to choose from by validation pairs; most methods know by themselves what suits the pairs. */
  settings(pairs: Pairs, tools: Tools): Promise<readonly Setting[]>;
  fit(pairs: Pairs, setting: Setting, tools: Tools): Promise<Heads>;
}

export type ClosedMethod = 'identity' | 'procrustes' | 'ridge' | 'csa' | 'kernel' | 'relative' | 'asif' | 'unpaired';

/** With so many pairs a weaker penalty than the one that suits a part of them may do better. */
const manyPairs = 3000;

const none: ClosedForm['settings'] = async () => [{}];

export const closedForms: Readonly<Record<ClosedMethod, ClosedForm>> = {
  /**
   * No map at all: each side less its own mean. Of two towers that were trained together, that closes most of the gap.
   * @see Liang et al. 2022, Mind the Gap, arXiv:2203.02053.
   */
  identity: {
    settings: none,
    fit: async ({ source, target }) => ({ source: headPath(source.mean), target: headPath(target.mean) }),
  },
  /** The side with more dimensions is turned into the space of the other. */
  procrustes: {
    settings: none,
    async fit({ source, target }, _setting, { times, breathe }) {
      if (source.cols >= target.cols) {
        const rotation = await procrustes(source, target, times, breathe);
        return { source: through(source, rotation), target: headPath(target.mean) };
      }
      const rotation = await procrustes(target, source, times, breathe);
      return { source: headPath(source.mean), target: through(target, rotation) };
    },
  },
  /** Either side is regressed onto the other, and both likenesses add up; leave-one-out sets the penalties. */
  ridge: {
    settings: none,
    async fit({ source, target, groups }, _setting, { times, breathe }) {
      const there = await ridge(source, target, times, breathe, { groups });
      const back = await ridge(target, source, times, breathe, { groups });
      return {
        source: bothWays(source.mean, [mapped(there.weight), []]),
        target: bothWays(target.mean, [[], mapped(back.weight)]),
      };
    },
  },
  csa: {
    async settings(pairs, tools) {
      const linear = await chooseKernel('linear', pairs, tools);
      const weaker = pairs.groups.length < manyPairs ? [] : [0.3, 0.1, 0.03, 0.01];
      return [linear.strength, ...weaker.filter((each) => each < linear.strength)].map((strength) => ({ strength }));
    },
    async fit({ source, target }, { strength }, { times, breathe }) {
      const both = await csa(source, target, strength!, times, breathe);
      return { source: through(source, both.source), target: through(target, both.target) };
    },
  },
  kernel: {
    async settings(pairs, tools) {
      return [{ ...(await chooseKernel('gaussian', pairs, tools)) }];
    },
    fit: (pairs, { sharpness, strength }, tools) =>
      kernelCsa(pairs, { sharpness: sharpness!, strength: strength! }, tools),
  },
  relative,
  asif,
  /** Looks at rows without partner as well. */
  unpaired: {
    settings: none,
    async fit({ unpaired }, _setting, tools) {
      if (!unpaired) throw new RangeError('unpaired.fit() needs a sample with loose rows, got pairs alone');
      return (await alignUnpaired(unpaired, { seed: unpaired.seed }, tools)).heads;
    },
  },
};

function through({ mean }: Side, weight: Matrix): Path {
  return headPath(mean, { kind: 'linear', weight: toFloats(weight) });
}

function mapped(weight: Matrix): Path {
  return [{ kind: 'linear', weight: toFloats(weight) }, { kind: 'unit' }];
}

/** Two paths side by side, so that the dot product is the mean of theirs. */
function bothWays(mean: Float32Array<ArrayBuffer>, paths: readonly [Path, Path]): Path {
  const branches = paths.map((path) => ({ weight: Math.SQRT1_2, path }));
  return [...headPath(mean), { kind: 'concat', branches }, { kind: 'unit' }];
}
