import { expect } from '@open-wc/testing';
import { breather } from '../breather.ts';
import { embeddings, row, type Embeddings } from '../embeddings.ts';
import { random } from '../random.ts';
import { codeEstimator } from './estimator.ts';

const count = 60;
const dim = 45;

function points(seed: number, number: (i: number) => number): Embeddings {
  const data = Float32Array.from({ length: count * dim }, (_, i) => number(i));
  return embeddings({ id: `points-${seed}`, dim, normalized: false }, data);
}

describe('codeEstimator()', () => {
  const { normal } = random(3);
  const cases: Record<string, Embeddings> = {
    'without structure': points(1, normal),
    'in a narrow cone': points(2, () => 5 + 0.01 * normal()),
    'of very different lengths': points(3, (i) => normal() * 10 ** ((Math.floor(i / dim) % 12) - 6)),
    'with one number that outweighs the rest': points(4, (i) => (i % dim === 7 ? 100 * normal() : normal())),
    'that are all the same': points(5, (i) => Math.sin(i % dim)),
    'of zeros and hardly more': points(6, (i) => (i < 20 * dim ? 0 : i < 40 * dim ? 1e-44 * normal() : normal())),
  };
  for (const [name, rows] of Object.entries(cases)) {
    it(`is never further off than it says, for rows ${name}`, async () => {
      const estimator = (await codeEstimator(rows, breather()))!;
      for (const queries of [rows, cases['without structure']!]) {
        for (let start = 0; start < count; start += estimator.width) {
          const some = queries.data.subarray(start * dim, (start + estimator.width) * dim);
          estimator.estimate(some).forEach(({ dots, rowErrors, queryLength, rest }, q) => {
            const query = row(queries, start + q);
            for (let j = 0; j < count; j++) {
              const dot = row(rows, j).reduce((sum, y, i) => sum + y * query[i]!, 0);
              // Estimates are float32 numbers.
              const allowed = queryLength * rowErrors[j]! + rest + 2 ** -23 * Math.abs(dots[j]!);
              expect(Math.abs(dot - dots[j]!), `query ${start + q}, row ${j}`).to.be.at.most(allowed);
            }
          });
        }
      }
    });
  }

  it('is within about a hundredth for rows of ordinary embeddings', async () => {
    const data = Float32Array.from({ length: 200 * 512 }, () => normal() / Math.sqrt(512));
    const rows = embeddings({ id: 'unit', dim: 512, normalized: true }, data);
    const { rowErrors, queryLength } = (await codeEstimator(rows, breather()))!.estimate(data.subarray(0, 512))[0]!;
    expect(queryLength).to.be.closeTo(1, 0.1);
    expect(Math.max(...rowErrors)).to.be.lessThan(0.015);
  });
});
