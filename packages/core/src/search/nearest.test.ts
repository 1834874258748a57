import { expect } from '@open-wc/testing';
import { nearest } from './nearest.ts';

describe('nearest()', () => {
  const dots = Float32Array.from({ length: 40 }, (_, j) => (j === 3 ? 0.5 : j === 30 ? 0.500001 : 0.1));
  const none = new Float32Array(40);
  const estimate = { dots, rowErrors: none, queryLength: 1, rest: 0 };
  const exact = (rows: readonly number[]): Float32Array => Float32Array.from(rows, (j) => dots[j]!);

  it('keeps the order of rows whose scores float32 cannot tell apart', () => {
    const plain = nearest(estimate, 1, { weight: 2, crowd: 0, crowding: none, slack: 1e-6 }, exact);
    expect(plain.indices).to.deep.equal([30]);
    const crowd = 100;
    const blurred = nearest(estimate, 1, { weight: 2, crowd, crowding: none, slack: 1e-6 * crowd }, exact);
    expect(blurred.indices).to.deep.equal([3]);
  });

  it('scores no row that cannot be among the best', () => {
    const asked = new Set<number>();
    nearest(estimate, 2, { weight: 1, crowd: 0, crowding: none, slack: 1e-6 }, (rows) => {
      rows.forEach((j) => asked.add(j));
      return exact(rows);
    });
    expect([...asked].sort((a, b) => a - b)).to.deep.equal([3, 30]);
  });

  it('scores a row that its error could lift among the best', () => {
    const rowErrors = none.slice();
    rowErrors[12] = 0.5;
    const truth = (rows: readonly number[]): Float32Array =>
      Float32Array.from(rows, (j) => (j === 12 ? 0.55 : dots[j]!));
    const ranking = { weight: 1, crowd: 0, crowding: none, slack: 1e-6 };
    const found = nearest({ ...estimate, rowErrors }, 2, ranking, truth);
    expect(found.indices).to.deep.equal([12, 30]);
    expect(found.scores).to.deep.equal([Math.fround(0.55), dots[30]]);
  });
});
