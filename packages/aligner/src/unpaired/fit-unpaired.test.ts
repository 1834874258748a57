import { embeddings, isCognateError, random, rows, type Embeddings } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { loadAlignment } from '../alignment/alignment.ts';
import { fit } from '../fit.ts';
import { judgeMatching } from './judge-matching.ts';

const count = 200;
const dim = 24;

/** Rows around twelve centres of unequal weight, strongest in the first directions. */
function clustered(id: string, total: number, seed: number): Embeddings {
  const { normal, next, below } = random(seed);
  const scale = (i: number): number => 1 / (1 + i / 4);
  const centres = Array.from({ length: 12 }, () =>
    Float64Array.from({ length: dim }, (_, i) => 2 * normal() * scale(i)),
  );
  const data = new Float32Array(total * dim);
  for (let i = 0; i < total; i++) {
    const centre = centres[Math.floor(12 * next() * next())] ?? centres[below(12)]!;
    for (let j = 0; j < dim; j++) data[i * dim + j] = centre[j]! + 0.5 * normal() * scale(j);
  }
  return embeddings({ id, dim, normalized: false }, data);
}

/** The same rows in another space: mixed by a random matrix with orthonormal rows, shifted, in more dimensions. */
function elsewhere(source: Embeddings, to: number, seed: number): Embeddings {
  const { normal } = random(seed);
  const axes: Float64Array[] = [];
  for (let i = 0; i < dim; i++) {
    const axis = Float64Array.from({ length: to }, normal);
    for (const other of axes) {
      const along = axis.reduce((sum, value, k) => sum + value * other[k]!, 0);
      axis.forEach((value, k) => (axis[k] = value - along * other[k]!));
    }
    const length = Math.hypot(...axis);
    axes.push(axis.map((value) => value / length));
  }
  const data = new Float32Array(source.count * to).fill(0.3);
  for (let i = 0; i < source.count; i++) {
    for (let j = 0; j < dim; j++) {
      for (let k = 0; k < to; k++) data[i * to + k]! += source.data[i * dim + j]! * axes[j]![k]!;
    }
  }
  return embeddings({ id: 'there', dim: to, normalized: false }, data);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/** Rows of two spaces, no row of one side in the other, and a hundred pairs apart from both. */
function divided(
  seed: number,
  each = count,
): Record<'loose' | 'heldOut' | 'none', { source: Embeddings; target: Embeddings }> {
  const here = clustered('here', 2 * each + 100, seed);
  const there = elsewhere(here, 32, seed + 1);
  const cut = (from: number, to: number): Embeddings => rows(there, range(from, to));
  return {
    loose: { source: rows(here, range(0, each)), target: cut(each, 2 * each) },
    heldOut: { source: rows(here, range(2 * each, here.count)), target: cut(2 * each, here.count) },
    none: { source: rows(here, []), target: rows(there, []) },
  };
}

describe('fit without pairs', function () {
  this.timeout(60_000);

  it('finds a rotation into more dimensions from disjoint rows of both sides, and measures it on held-out pairs', async () => {
    const { loose, heldOut, none } = divided(4);
    const fitted = await fit(none.source, none.target, { unpaired: loose, heldOut, seed: 1 });
    const { report } = fitted;
    expect([report.method, report.trainPairs, report.heldOutPairs]).to.deep.equal(['unpaired', 0, 100]);
    expect(report.forward!.foscttm).to.be.below(0.01);
    expect(report.backward!.foscttm).to.be.below(0.01);
    expect(report.matching!.fit.value).to.be.above(report.matching!.fit.chance + 0.1);
    const loaded = loadAlignment(fitted.save());
    expect([...loaded.forward(heldOut.source).data]).to.deep.equal([...fitted.forward(heldOut.source).data]);
    expect(loaded.report.matching).to.deep.equal(report.matching);
  });

  it('does not promise anything when no pair is held out', async () => {
    const { loose, none } = divided(4, 60);
    const { report } = await fit(none.source, none.target, { method: 'unpaired', unpaired: loose });
    expect(report.forward).to.equal(undefined);
    expect(report.heldOutPairs).to.equal(0);
    expect(report.verdict.level).not.to.equal('pass');
    expect(report.verdict.reasons.join(' ')).to.contain('No pair was held out');
  });

  it('says of independent points that there is nothing to be found', async () => {
    const { normal } = random(5);
    const noise = (id: string, size: number): Embeddings =>
      embeddings({ id, dim: size, normalized: false }, Float32Array.from({ length: 300 * size }, normal));
    const [here, there] = [noise('here', 16), noise('there', 20)];
    const unpaired = { source: rows(here, range(0, count)), target: rows(there, range(0, count)) };
    const heldOut = { source: rows(here, range(count, 300)), target: rows(there, range(count, 300)) };
    const none = { source: rows(here, []), target: rows(there, []) };
    const { report } = await fit(none.source, none.target, { unpaired, heldOut });
    expect(report.forward!.foscttm).to.be.within(0.4, 0.6);
    expect(report.verdict.level).to.equal('fail');
    const { fit: likeness, agreement } = report.matching!;
    expect(likeness.value).to.be.closeTo(likeness.chance, 0.02);
    expect(Math.abs(agreement.value)).to.be.below(0.03);
    const blind = judgeMatching(report.matching!);
    expect(blind.level).to.equal('fail');
    expect(blind.reasons[0]).to.contain('no more in common than accident gives');
  });

  it('gives one seed one result, and stops when told to', async () => {
    const { loose, none } = divided(4, 60);
    const maps = [];
    for (let i = 0; i < 2; i++) maps.push(await fit(none.source, none.target, { unpaired: loose, seed: 7 }));
    expect([...maps[0]!.save()]).to.deep.equal([...maps[1]!.save()]);

    const controller = new AbortController();
    const reason = new Error('enough');
    let stopped = 0;
    const run = fit(none.source, none.target, {
      unpaired: loose,
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done !== 3) return;
        stopped = performance.now();
        controller.abort(reason);
      },
    });
    expect(await run.catch((error: unknown) => error)).to.equal(reason);
    expect(performance.now() - stopped).to.be.below(200);
  });

  it('names a row that cannot be used, and sides too small to have a shape', async () => {
    const { loose, none } = divided(4);
    const data = loose.target.data.slice();
    data[3 * 32 + 1] = NaN;
    const cases = [
      { unpaired: { ...loose, target: { ...loose.target, data } }, said: 'row 3' },
      { unpaired: { ...loose, source: rows(loose.source, range(0, 8)) }, said: 'at least 20 rows' },
      { unpaired: { source: loose.target, target: loose.target }, said: 'here' },
      {
        unpaired: { ...loose, source: { ...loose.source, data: loose.source.data.map(() => 1) } },
        said: 'source rows that differ',
      },
    ];
    for (const { unpaired, said } of cases) {
      const error: unknown = await fit(none.source, none.target, { unpaired }).catch((thrown: unknown) => thrown);
      expect(isCognateError(error), String(error)).to.equal(true);
      expect(String(error)).to.contain(said);
    }
  });
});

describe('fit with few pairs and many rows besides', function () {
  this.timeout(60_000);

  it('goes by the pairs alone where there are too few rows to have a shape', async () => {
    const { loose, none } = divided(4);
    const source = rows(loose.source, range(0, 15));
    const target = elsewhere(rows(loose.source, range(0, 15)), none.target.space.dim, 5);
    const there = { ...target, space: none.target.space };
    const pairs = { source: rows(source, range(0, 5)), target: rows(there, range(0, 5)) };
    const unpaired = { source: rows(source, range(5, 15)), target: rows(there, range(5, 15)) };
    const { report } = await fit(pairs.source, pairs.target, { unpaired, report: 'brief' });
    expect(report.tried.map(({ method }) => method)).to.not.include('unpaired');
    const wanted = fit(pairs.source, pairs.target, { method: 'unpaired', unpaired });
    expect(String(await wanted.catch((error: unknown) => error))).to.contain('at least 20 rows on either side, got 15');
    const twenty = fit(rows(loose.source, range(0, 20)), rows(loose.target, range(0, 20)), { method: 'unpaired' });
    expect((await twenty).report.method).to.equal('unpaired');
  });

  it('places held-out points better than a rotation fitted to the pairs alone, and is what auto keeps', async () => {
    const { loose, heldOut } = divided(21);
    const pairs = { source: rows(heldOut.source, range(0, 5)), target: rows(heldOut.target, range(0, 5)) };
    const asked = { source: rows(heldOut.source, range(5, 100)), target: rows(heldOut.target, range(5, 100)) };
    const options = { heldOut: asked, report: 'brief' } as const;
    const alone = await fit(pairs.source, pairs.target, { ...options, method: 'procrustes' });
    const { report } = await fit(pairs.source, pairs.target, { ...options, unpaired: loose });
    expect(report.method).to.equal('unpaired');
    expect(report.tried.map(({ method }) => method)).to.include('csa');
    const helped = await fit(pairs.source, pairs.target, { ...options, method: 'unpaired', unpaired: loose });
    expect(helped.report.forward!.foscttm).to.be.below(alone.report.forward!.foscttm / 2);
  });
});
