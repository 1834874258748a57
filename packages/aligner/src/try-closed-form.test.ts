import { expect } from '@open-wc/testing';
import { breather, random, type Embeddings } from '@cognate/core';
import { slicedMultiply } from './algebra/slices.ts';
import { judge } from './measure/judge.ts';
import { mean } from './measure/statistics.ts';
import { furtherFolds, planFor, prepare, type Fold, type Sample } from './sample.ts';
import { tryClosedForm, type PreparedFold } from './try-closed-form.ts';

const breathe = breather();
const tools = { times: slicedMultiply(breathe), breathe };

/** Both sides see the same eight numbers, bent, skewed and in noise. */
function skewedPairs(count: number): Sample {
  const { normal } = random(3);
  const hidden = Array.from({ length: count }, () => Array.from({ length: 8 }, () => normal()));
  const side = (id: string, turn: number): Embeddings => {
    const data = hidden.flatMap((row) =>
      row.map((value, j) => Math.exp(value + 0.4 * row[(j + turn) % 8]!) + normal()),
    );
    return { space: { id, dim: 8, normalized: false }, count, data: Float32Array.from(data) };
  };
  return { source: side('a', 1), target: side('b', 3), groups: Int32Array.from({ length: count }, (_, i) => i) };
}

const prepared = (fold: Fold): PreparedFold => ({ ...fold, pairs: prepare(fold.train) });

describe('tryClosedForm', () => {
  it('asks what was fitted without the pairs that are asked about, whatever the method', async () => {
    const { folds, learn } = planFor(skewedPairs(40), true, undefined, 0);
    const lesson = { learn: prepare(learn), folds: folds.map(prepared) };
    for (const method of ['procrustes', 'csa', 'kernel'] as const) {
      const { ranked, heads, evidence } = await tryClosedForm(method, lesson, [], tools);
      expect(evidence).to.equal(undefined);
      for (const [i, fold] of folds.entries()) {
        expect(ranked[i], method).to.deep.equal(await judge({ heads: await heads(i), ...fold }, tools));
      }
    }
  });

  it('has evidence that depends less on the order of the pairs than one look does', async () => {
    const sample = skewedPairs(30);
    const looks: number[] = [];
    const evidence: number[] = [];
    for (let seed = 0; seed < 6; seed++) {
      const plan = planFor(sample, true, undefined, 100 * seed);
      const lesson = { learn: prepare(plan.learn), folds: plan.folds.map(prepared) };
      const further = furtherFolds(plan, 100 * seed).map(prepared);
      expect(further.length).to.equal(12 * 5);
      const found = await tryClosedForm('csa', lesson, further, tools);
      looks.push(found.quality.mrr);
      evidence.push(found.evidence!);
    }
    expect(mean(evidence)).to.be.closeTo(mean(looks), 0.03);
    expect(spread(evidence)).to.be.below(0.5 * spread(looks));
  });
});

function spread(values: readonly number[]): number {
  return Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));
}
