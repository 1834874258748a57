import type { Alignment, Embeddings, Space } from '@cognate/core';
import { expect } from '@open-wc/testing';
import * as ort from 'onnxruntime-web/wasm';
import { createAlignment, loadAlignment } from './alignment.ts';
import { compose } from './compose.ts';
import { alignmentOf, matrix, numbers } from './example-alignment.ts';
import { alignmentToOnnx } from './onnx.ts';
import type { Path } from './path.ts';

ort.env.wasm.wasmPaths = new URL('/ort/', location.href).href;
ort.env.wasm.numThreads = 1;

function pointsOf(space: Space, count: number): Embeddings {
  const data = numbers(count * space.dim);
  data.fill(0, 0, space.dim); // a row without a direction
  return { space, count, data };
}

async function expectSame(alignment: Alignment, from: 'source' | 'target'): Promise<void> {
  const session = await ort.InferenceSession.create(alignmentToOnnx(alignment, from));
  for (const [count, scale] of [
    [1, 1],
    [7, 1],
    [7, 1e20],
    [7, 1e-25],
  ] as const) /* prettier-ignore */ {
    const points = pointsOf(alignment[from], count);
    points.data.forEach((value, i) => (points.data[i] = scale * value));
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

  it('keeps what ties at the border of a sparse step, as the alignment does', async () => {
    const { report } = alignmentOf();
    const path: Path = [{ kind: 'sparse', keep: 1, power: 1 }, { kind: 'unit' }];
    const alignment = createAlignment({
      source: { id: 'b', dim: 3, normalized: false },
      target: { id: 'c', dim: 3, normalized: false },
      shared: { id: 'bc', dim: 3, normalized: true },
      heads: { source: path, target: path },
      returns: { source: [], target: [] },
      anchors: { source: new Float32Array(), target: new Float32Array() },
      report,
    });
    const data = Float32Array.of(2, 2 - 2 ** -22, 2 - 2 ** -18);
    const { data: wanted } = alignment.project({ space: alignment.source, count: 1, data });
    const session = await ort.InferenceSession.create(alignmentToOnnx(alignment));
    const { shared } = await session.run({ points: new ort.Tensor('float32', data, [1, 3]) });
    wanted.forEach((value, i) => expect((shared!.data as Float32Array)[i]).to.be.closeTo(value, 1e-6));
    await session.release();
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
