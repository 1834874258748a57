import { isCognateError, normalize, random, rows, type Alignment, type Embeddings } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { loadAlignment } from '../alignment/alignment.ts';
import { fit } from '../fit.ts';

/** Two towers that share a space but for a gap and noise of their own. */
function towers(count: number, { noise, seed, dim = 48 }: { noise: number; seed: number; dim?: number }) {
  const { normal } = random(seed);
  const things = Float32Array.from({ length: count * dim }, normal);
  const side = (id: string, gap: number): Embeddings => {
    const data = things.map((value, i) => value + noise * normal() + (i % dim === 0 ? gap : 0));
    return normalize({ space: { id, dim, normalized: true }, count, data });
  };
  return { source: side('a', 6), target: side('b', -6) };
}

const recall = ({ report: { forward, backward } }: Alignment): number => (forward!.recallAt1 + backward!.recallAt1) / 2;

describe('identity', () => {
  it('is what auto keeps of two towers where pairs are too few to do better', async () => {
    for (const seed of [1, 2, 3]) {
      const { source, target } = towers(130, { noise: 1, seed });
      const [some, rest] = [Array.from({ length: 30 }, (_, i) => i), Array.from({ length: 100 }, (_, i) => 30 + i)];
      const heldOut = { source: rows(source, rest), target: rows(target, rest) };
      const learn = (method: 'auto' | 'csa'): Promise<Alignment> =>
        fit(rows(source, some), rows(target, some), { heldOut, report: 'brief', method });
      const [auto, csa] = [await learn('auto'), await learn('csa')];
      expect(auto.report.method, auto.report.reason).to.equal('identity');
      expect(auto.report.reason).to.match(/^Centring alone placed right answers highest/);
      expect(recall(auto)).to.be.above(recall(csa) + 0.2);
      const [own, again] = [auto, loadAlignment(auto.save())].map((each) => each.project(heldOut.source).data);
      own!.forEach((value, i) => expect(again![i]).to.be.closeTo(value, 1e-6));
    }
  });

  it('is what auto keeps of five pairs of two towers, each looked up among all five', async () => {
    const { source, target } = towers(5, { noise: 0.1, seed: 1 });
    const { report } = await fit(source, target, { report: 'brief' });
    expect(report.method, report.reason).to.equal('identity');
  });

  it('is not kept where spaces have one dimension and nothing else in common', async () => {
    const { source, target } = towers(60, { noise: 0.1, seed: 1 });
    // The same coordinates in the opposite order: a turn that has to be learned.
    const { dim } = target.space;
    const data = target.data.map((_, i) => target.data[i - 2 * (i % dim) + dim - 1]!);
    const { report } = await fit(source, { ...target, data });
    expect(report.method).not.to.equal('identity');
    expect(report.forward!.recallAt1).to.be.above(0.5);
  });

  it('has a control at chance and a curve that does not depend on pairs', async () => {
    const { source, target } = towers(150, { noise: 2, seed: 4, dim: 240 });
    const whole = await fit(source, target, { method: 'identity' });
    expect(recall(whole)).to.be.above(0.5);
    expect(whole.report.shuffled!.recallAt10).to.be.closeTo(whole.report.chance.recallAt10, 0.1);
    const curve = whole.report.learningCurve!.points.map(({ recallAt1 }) => recallAt1);
    expect(Math.min(...curve)).to.be.above(0.4);
  });

  it('is refused for spaces of different dimensions', async () => {
    const [{ source }, { target }] = [towers(40, { noise: 1, seed: 1 }), towers(40, { noise: 1, seed: 1, dim: 6 })];
    const error: unknown = await fit(source, target, { method: 'identity' }).catch((caught: unknown) => caught);
    expect(isCognateError(error) && `${error.code}: ${error.message}`).to.match(/^shape-mismatch: .*48 and 6$/);
  });
});
