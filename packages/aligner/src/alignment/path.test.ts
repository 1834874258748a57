import { breather, type Embeddings } from '@cognate/core';
import { expect } from '@open-wc/testing';
import { plainTools } from '../algebra/tools.ts';
import { loadAlignment } from './alignment.ts';
import { alignmentOf, numbers } from './example-alignment.ts';
import { keepLargest } from './keep-largest.ts';
import { applyInSlices, applyPath, asMatrix, pathDim, type Path } from './path.ts';

const x: Path = [{ kind: 'center', mean: Float32Array.of(1, 1) }];
const points = (...data: number[]): Embeddings => ({
  space: { id: 'x', dim: 2, normalized: false },
  count: data.length / 2,
  data: Float32Array.from(data),
});
const walked = (path: Path, ...data: number[]): number[] => [...applyPath(path, asMatrix(points(...data))).data];

describe('paths', () => {
  it('take one step after the other and leave what they are given as it is', () => {
    const given = points(4, 5, 1, 1);
    const { data } = applyPath([...x, { kind: 'unit' }], asMatrix(given));
    expect([...data]).to.deep.equal([Math.fround(0.6), Math.fround(0.8), 0, 0]);
    expect([...given.data]).to.deep.equal([4, 5, 1, 1]);
    expect(walked([], 4, 5)).to.deep.equal([4, 5]);
  });

  it('keep the largest positive numbers, and all that tie at the border', () => {
    const weight = { rows: 2, cols: 4, data: Float32Array.of(3, 1, 1, -2, 0, 0, 0, 0) };
    const path = (keep: number): Path => [
      { kind: 'linear', weight },
      { kind: 'sparse', keep, power: 2 },
    ];
    expect(walked(path(1), 1, 0)).to.deep.equal([9, 0, 0, 0]);
    expect(walked(path(2), 1, 0)).to.deep.equal([9, 1, 1, 0]);
    expect(walked(path(9), 1, 0)).to.deep.equal([9, 1, 1, 0]);
    // What is the same but for the order of a sum ties as well.
    const near = Float32Array.of(2, 2 - 2 ** -22, 2 - 2 ** -18);
    keepLargest(near, 1, 1);
    expect([...near]).to.deep.equal([2, 2 - 2 ** -22, 0]);
  });

  it('lay branches side by side so that dot products add up', () => {
    const twice: Path = [
      {
        kind: 'concat',
        branches: [
          { weight: 0.6, path: x },
          { weight: 0.8, path: [] },
        ],
      },
    ];
    const [p, q] = [walked(twice, 2, 3), walked(twice, 5, 1)];
    const dot = (a: number[], b: number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    expect(dot(p, q)).to.be.closeTo(0.36 * dot([1, 2], [4, 0]) + 0.64 * dot([2, 3], [5, 1]), 1e-5);
    expect(pathDim([...x, ...twice, { kind: 'unit' }])).to.equal(2 + 2);
  });

  it('leave the sphere where a ray from the mean does', () => {
    const mean = Float32Array.of(0.5, 0);
    const [a, b] = walked([{ kind: 'sphere', mean }], 0, 1) as [number, number];
    expect(a).to.be.closeTo(0.5, 1e-6);
    expect(b).to.be.closeTo(Math.sqrt(0.75), 1e-6);
  });

  it('give the same rows in slices', async () => {
    const many = { space: alignmentOf().source, count: 450, data: numbers(450 * 12) };
    const path: Path = [{ kind: 'center', mean: numbers(12) }, { kind: 'unit' }];
    const whole = applyPath(path, asMatrix(many)).data;
    expect([...(await applyInSlices(path, many, plainTools(breather())))]).to.deep.equal([...whole]);
  });
});

describe('the alignment file', () => {
  it('keeps every kind of step', () => {
    const alignment = alignmentOf();
    const loaded = loadAlignment(alignment.save());
    const rows = { space: alignment.source, count: 3, data: numbers(36) };
    const back = { space: alignment.target, count: 3, data: numbers(27) };
    expect([...loaded.project(rows).data]).to.deep.equal([...alignment.project(rows).data]);
    expect([...loaded.forward(rows).data]).to.deep.equal([...alignment.forward(rows).data]);
    expect([...loaded.backward(back).data]).to.deep.equal([...alignment.backward(back).data]);
    expect([...loaded.save()]).to.deep.equal([...alignment.save()]);
  });
});
