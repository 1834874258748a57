import { breather, random } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { matrix, multiply, type Matrix } from '../algebra/matrix.ts';
import { slicedMultiply } from '../algebra/slices.ts';
import { assign } from './assignment.ts';
import { kMeans } from './k-means.ts';
import { matchGraphs, matchingScore, type GraphPair } from './quadratic-assignment.ts';

/** From SciPy, by test/golden/matching.py. */
interface Golden {
  readonly assignments: readonly {
    readonly rows: number;
    readonly cols: number;
    readonly scores: number[];
    /** Absent where several are best. */
    readonly columns: number[] | null;
    readonly total: number;
  }[];
  readonly graphs: readonly {
    readonly nodes: number;
    readonly source: number[];
    readonly target: number[];
    readonly score: number;
  }[];
}

const breathe = breather();
const times = slicedMultiply(breathe);

function normals(rows: number, cols: number, seed: number): Matrix {
  const { normal } = random(seed);
  return matrix(rows, cols, Float64Array.from({ length: rows * cols }, normal));
}

function orders(n: number): number[][] {
  if (n === 0) return [[]];
  return orders(n - 1).flatMap((order) =>
    Array.from({ length: n }, (_, at) => [...order.slice(0, at), n - 1, ...order.slice(at)]),
  );
}

function total(scores: Matrix, columns: ArrayLike<number>): number {
  return Array.from(columns).reduce((sum, column, row) => sum + scores.data[row * scores.cols + column]!, 0);
}

let golden: Golden;
before(async () => {
  golden = (await (await fetch('/test/golden/matching.json')).json()) as Golden;
});

describe('assign', () => {
  it('chooses what SciPy chooses, also with columns to spare and among ties', async () => {
    for (const { rows, cols, scores, columns, total: wanted } of golden.assignments) {
      const given = matrix(rows, cols, Float64Array.from(scores));
      const found = await assign(given, breathe);
      if (columns) expect([...found]).to.deep.equal(columns);
      expect(new Set(found).size).to.equal(rows);
      expect(total(given, found)).to.be.closeTo(wanted, 1e-9);
    }
  });

  it('equals trying everything', async () => {
    for (let n = 1; n <= 6; n++) {
      const scores = normals(n, n, n);
      const best = Math.max(...orders(n).map((order) => total(scores, order)));
      expect(total(scores, await assign(scores, breathe))).to.be.closeTo(best, 1e-12);
    }
  });

  it('needs no more than seconds for a thousand rows', async () => {
    const scores = multiply(normals(1000, 32, 1), normals(1000, 32, 2), 'b');
    const began = performance.now();
    const found = await assign(scores, breathe);
    expect(performance.now() - began).to.be.below(5000);
    expect(new Set(found).size).to.equal(1000);
  });

  it('says when there are not enough columns', async () => {
    const error: unknown = await assign(normals(3, 2, 1), breathe).catch((thrown: unknown) => thrown);
    expect(String(error)).to.contain('[3, 2]');
  });
});

describe('matchGraphs', () => {
  const gram = (nodes: number, seed: number): Matrix => {
    const points = normals(nodes, 5, seed);
    return multiply(points, points, 'b');
  };

  it('equals trying everything, with and without knowledge of single nodes', async () => {
    const all = orders(7);
    for (let seed = 0; seed < 6; seed++) {
      const nodes = seed % 2 ? normals(7, 7, seed + 50) : undefined;
      const graphs: GraphPair = { source: gram(7, seed), target: gram(7, seed + 20), nodes };
      const best = Math.max(...all.map((order) => matchingScore(graphs, order)));
      const { order, score } = await matchGraphs(graphs, random(seed), breathe);
      expect(score).to.be.closeTo(best, 1e-9);
      expect(matchingScore(graphs, order)).to.equal(score);
    }
  });

  it('finds at least what SciPy finds in four hundred tries', async () => {
    for (const { nodes, source, target, score } of golden.graphs) {
      const graphs = {
        source: matrix(nodes, nodes, Float64Array.from(source)),
        target: matrix(nodes, nodes, Float64Array.from(target)),
      };
      expect((await matchGraphs(graphs, random(1), breathe)).score).to.be.above(score * (1 - 1e-9));
    }
  });

  it('finds a graph of forty nodes again in its copy', async () => {
    const source = gram(40, 3);
    const hidden = random(9).permutation(40);
    const target = matrix(40, 40);
    hidden.forEach((p, i) => hidden.forEach((q, j) => (target.data[p * 40 + q] = source.data[i * 40 + j]!)));
    const { order } = await matchGraphs({ source, target }, random(2), breathe);
    expect([...order]).to.deep.equal([...hidden]);
  });
});

describe('kMeans', () => {
  it('finds groups that lie apart, and their means', async () => {
    const { normal } = random(3);
    const x = matrix(
      120,
      4,
      Float64Array.from({ length: 480 }, (_, at) => (at % 4 === Math.floor(at / 4) % 4 ? 10 : 0) + 0.1 * normal()),
    );
    const { centres, labels } = await kMeans(x, 4, random(1), times, breathe);
    for (let i = 4; i < 120; i++) expect(labels[i]).to.equal(labels[i % 4]);
    expect(new Set(labels).size).to.equal(4);
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < 4; j++) {
        let mean = 0;
        for (let row = i; row < 120; row += 4) mean += x.data[row * 4 + j]! / 30;
        expect(centres.data[labels[i]! * 4 + j]).to.be.closeTo(mean, 1e-9);
      }
    }
  });

  it('takes as many centres as there are rows, also when rows repeat', async () => {
    const x = matrix(6, 2, Float64Array.from([1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1]));
    const { centres } = await kMeans(x, 6, random(1), times, breathe);
    expect(centres.data.every(Number.isFinite)).to.equal(true);
  });
});
