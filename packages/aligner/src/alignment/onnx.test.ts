import { random, type Alignment, type AlignmentReport, type Embeddings, type Space } from '@cognate/core';
import { expect } from '@open-wc/testing';
import * as ort from 'onnxruntime-web/wasm';
import { createAlignment, loadAlignment } from './alignment.ts';
import { compose } from './compose.ts';
import { alignmentToOnnx } from './onnx.ts';
import type { FloatMatrix, Layer, Path, Step } from './path.ts';

ort.env.wasm.wasmPaths = new URL('/ort/', location.href).href;
ort.env.wasm.numThreads = 1;

const { normal } = random(1);
const numbers = (count: number, scale = 1): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: count }, () => scale * normal());
const matrix = (rows: number, cols: number): FloatMatrix => ({ rows, cols, data: numbers(rows * cols, 0.2) });
/** Values that half precision holds, as the file keeps them. */
const coarse = (rows: number, cols: number): FloatMatrix => ({
  rows,
  cols,
  data: Float32Array.from({ length: rows * cols }, () => Math.round(64 * normal()) / 256),
});
const layer = (from: number, to: number): Layer => ({ weight: coarse(from, to), bias: numbers(to, 0.1) });

/** One path with every kind of step, from 12 to 8 numbers. */
function longWay(): Path {
  const residual: Step = { kind: 'residual', linear: coarse(12, 10), up: layer(12, 20), down: layer(20, 10) };
  return [
    { kind: 'center', mean: numbers(12, 0.1) },
    { kind: 'unit' },
    {
      kind: 'concat',
      branches: [
        {
          weight: 0.8,
          path: [
            { kind: 'linear', weight: matrix(12, 30) },
            { kind: 'sparse', keep: 6, power: 3 },
          ],
        },
        { weight: 0.6, path: [residual, { kind: 'uncenter', mean: numbers(10, 0.1) }] },
      ],
    },
    { kind: 'linear', weight: matrix(40, 8) },
    { kind: 'unit' },
  ];
}

function alignmentOf(): Alignment {
  const space = (id: string, dim: number): Space => ({ id, dim, normalized: true });
  const report = { method: 'test', chance: {}, verdict: {}, suspects: [] } as unknown as AlignmentReport;
  return createAlignment({
    source: space('a', 12),
    target: space('b', 9),
    shared: space('ab', 8),
    heads: {
      source: longWay(),
      target: [{ kind: 'center', mean: numbers(9) }, { kind: 'linear', weight: matrix(9, 8) }, { kind: 'unit' }],
    },
    returns: {
      source: [{ kind: 'linear', weight: matrix(8, 12) }, { kind: 'unit' }, { kind: 'sphere', mean: numbers(12, 0.1) }],
      target: [
        { kind: 'linear', weight: matrix(8, 9) },
        { kind: 'uncenter', mean: numbers(9) },
      ],
    },
    anchors: { source: numbers(16), target: numbers(16) },
    report,
  });
}

function pointsOf(space: Space, count: number): Embeddings {
  const data = numbers(count * space.dim);
  data.fill(0, 0, space.dim); // a row without a direction
  return { space, count, data };
}

async function expectSame(alignment: Alignment, from: 'source' | 'target'): Promise<void> {
  const session = await ort.InferenceSession.create(alignmentToOnnx(alignment, from));
  for (const count of [1, 7]) {
    const points = pointsOf(alignment[from], count);
    const { shared, mapped } = await session.run({
      points: new ort.Tensor('float32', points.data, [count, points.space.dim]),
    });
    const wanted = from === 'source' ? alignment.forward(points) : alignment.backward(points);
    expect(mapped!.dims).to.deep.equal([count, wanted.space.dim]);
    const pairs = [
      [shared!, alignment.project(points)],
      [mapped!, wanted],
    ] as const;
    for (const [got, { data }] of pairs) {
      data.forEach((value, i) => expect((got.data as Float32Array)[i]).to.be.closeTo(value, 1e-5));
    }
  }
  await session.release();
}

describe('alignmentToOnnx()', () => {
  it('gives onnxruntime the same numbers, whatever the steps, in either direction', async () => {
    const alignment = alignmentOf();
    await expectSame(alignment, 'source');
    await expectSame(alignment, 'target');
  });

  it('takes chains and loaded alignments', async () => {
    const first = alignmentOf();
    const next = alignmentOf();
    const second = createAlignmentBetween(next);
    await expectSame(await compose([loadAlignment(first.save()), second]), 'source');
  });
});

/** From b to c, so that a chain goes on where `alignmentOf()` ends. */
function createAlignmentBetween({ report }: Alignment): Alignment {
  const identity: Path = [{ kind: 'linear', weight: matrix(9, 8) }, { kind: 'unit' }];
  return createAlignment({
    source: { id: 'b', dim: 9, normalized: true },
    target: { id: 'c', dim: 9, normalized: false },
    shared: { id: 'bc', dim: 8, normalized: true },
    heads: { source: identity, target: identity },
    returns: { source: [{ kind: 'linear', weight: matrix(8, 9) }], target: [{ kind: 'linear', weight: matrix(8, 9) }] },
    anchors: { source: numbers(16), target: numbers(16) },
    report,
  });
}
