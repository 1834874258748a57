import { random } from '@cognate/core';
import { expect } from '@open-wc/testing';
import * as ort from 'onnxruntime-web/wasm';
import { compile } from '../compile.ts';
import { startEngine } from '../engine.ts';
import {
  conv3x3,
  globalAveragePool,
  initConv3x3,
  initShiftBlock,
  channelsLast,
  patchify,
  shiftBlock,
} from '../image-layers.ts';
import { activations, grad, np } from '../index.ts';
import {
  gelu,
  initLayerNorm,
  initLinear,
  initMlp,
  initResidualMlp,
  l2Normalize,
  layerNorm,
  linear,
  mlp,
  residualMlp,
} from '../layers.ts';
import { normal, toDevice, treeLeaves, type DeviceArray, type MapTree, type Tensor } from '../tree.ts';
import { exportOnnx, type ExportOptions } from './export-onnx.ts';
import { onnxGraph } from './graph.ts';
import { readWeights } from './read-weights.ts';
import { traceInto, type TracedValue } from './trace.ts';
import { gatherRows, maskedMean, storedTable, type WeightStorage } from './weights.ts';

ort.env.wasm.wasmPaths = new URL('/ort/', location.href).href;
ort.env.wasm.numThreads = 1;

type Apply<P> = (params: MapTree<P, DeviceArray>, ...inputs: DeviceArray[]) => DeviceArray;

/** Largest difference between the exported graph and the engine over several batch sizes. */
async function difference<P>(
  apply: Apply<P>,
  params: P,
  shape: number[],
  weights: WeightStorage = 'float32',
): Promise<number> {
  const options: ExportOptions = {
    inputs: { x: ['batch', ...shape] },
    output: 'y',
    weights,
  };
  const session = await ort.InferenceSession.create(await exportOnnx(apply, params, options));
  using run = compile(apply);
  const held = toDevice(params);
  let worst = 0;
  for (const batch of [1, 2, 7]) {
    const x = normal(random(batch), [batch, ...shape], 1);
    const wanted = await run(held, x);
    const { y } = await session.run({ x: new ort.Tensor('float32', x.data as Float32Array, x.shape) });
    expect(y!.dims).to.deep.equal(wanted.shape);
    wanted.data.forEach((value, i) => (worst = Math.max(worst, Math.abs(value - (y!.data as Float32Array)[i]!))));
  }
  await session.release();
  return worst;
}

describe('ONNX export', () => {
  before(() => startEngine({ device: 'wasm' }));
  const draw = random(1);

  it('agrees with the engine on a residual text head', async () => {
    const params = {
      in: initLinear(draw, 24, 32),
      block: initResidualMlp(draw, 32, 64),
      out: initLinear(draw, 32, 16),
    };
    const apply: Apply<typeof params> = (p, x) => l2Normalize(linear(p.out, residualMlp(p.block, linear(p.in, x))));
    expect(await difference(apply, params, [24])).to.be.lessThan(1e-4);
  });

  it('agrees with the engine on patches, shift blocks, convolutions and pooling', async () => {
    const params = {
      stem: initLinear(draw, 48, 32),
      block: initShiftBlock(draw, 32, 64),
      conv: initConv3x3(draw, 32, 24),
      norm: initLayerNorm(24),
    };
    const apply: Apply<typeof params> = (p, x) => {
      const patches = shiftBlock(p.block, linear(p.stem, patchify(channelsLast(x), 4)));
      return globalAveragePool(layerNorm(p.norm, gelu(conv3x3(p.conv, patches, 2))));
    };
    expect(await difference(apply, params, [3, 16, 16])).to.be.lessThan(1e-4);
  });

  it('agrees with the engine on attention, softmax, comparisons and constants', async () => {
    const params = { q: initLinear(draw, 8, 8), k: initLinear(draw, 8, 8), v: initLinear(draw, 8, 8) };
    const apply: Apply<typeof params> = (p, x) => {
      const split = (y: DeviceArray): DeviceArray => np.transpose(y.reshape([y.shape[0]!, 5, 2, 4]), [0, 2, 1, 3]);
      const [q, k, v] = [split(linear(p.q, x.ref)), split(linear(p.k, x.ref)), split(linear(p.v, x))];
      const scores = np.matmul(q, np.transpose(k, [0, 1, 3, 2])).add(np.arange(5).mul(0.1));
      const mixed = np.matmul(activations.softmax(np.where(scores.ref.less(2), scores, 2), -1), v); // [n, 2, 5, 4]
      const parts = np.split(np.flip(mixed, 2), 2, 1);
      return np.concatenate([np.tanh(parts[0]!), np.maximum(parts[1]!, 0)], 3).max(1);
    };
    expect(await difference(apply, params, [5, 8])).to.be.lessThan(1e-4);
  });

  const functions: Readonly<Record<string, (x: DeviceArray) => DeviceArray>> = {
    'np.split': (x) => np.split(x, 2, 1).reduce((a, b) => a.add(b.mul(2))),
    'np.flip': (x) => np.flip(x, [1, 2]),
    'np.pad': (x) =>
      np.pad(x, [
        [0, 0],
        [1, 2],
        [0, 1],
      ]),
    'np.where': (x) => np.where(x.ref.less(0.2), x, 2),
    'np.take': (x) => np.take(x, np.array(new Int32Array([3, 0, 3])), 1),
    'np.stack': (x) => np.stack([x.ref, x.neg()], 1),
    'np.broadcastTo': (x) => np.broadcastTo(x.ref.mean(-1, { keepdims: true }), x.shape).sub(x),
    'x.mod()': (x) => x.mod(0.3),
    'x.min(), x.max(), x.prod()': (x) => x.ref.min(1).add(x.ref.max(1)).mul(x.prod(1)),
    'x.equal(), x.notEqual()': (x) => np.where(x.ref.equal(0), 1, x.notEqual(0).astype(np.float32)),
    'np.floor, np.ceil, np.sqrt': (x) =>
      np
        .floor(x.ref)
        .add(np.ceil(x.ref))
        .add(np.sqrt(np.square(x))),
    'np.sin, np.cos, np.log, np.exp': (x) =>
      np
        .sin(x.ref)
        .add(np.cos(x.ref))
        .add(np.log(np.exp(x).add(1))),
    'np.arange, whose type bends numbers': (x) => x.add(np.arange(6).mul(1.5)),
    'activations.softmax, silu, standardize': (x) =>
      activations.standardize(activations.silu(activations.softmax(x, 1))),
    'x.sum() over the batch': (x) => np.transpose(x, [1, 0, 2]).sum(1),
  };
  for (const [name, f] of Object.entries(functions)) {
    it(`agrees with the engine on ${name}`, async () => {
      expect(await difference((_, x) => f(x), [], [4, 6])).to.be.lessThan(1e-4);
    });
  }

  it('agrees with the engine on a gradient beside the value, and stores each matrix once', async () => {
    const params = { mlp: initMlp(draw, 48, 64, 40), norm: initLayerNorm(48) };
    type Params = MapTree<typeof params, DeviceArray>;
    const value = (x: DeviceArray, p: Params): [DeviceArray, DeviceArray] => {
      const output = mlp(p.mlp, layerNorm(p.norm, x));
      return [l2Normalize(output.ref).sum(), output];
    };
    const both = (p: Params, x: DeviceArray): DeviceArray[] => grad(value, { hasAux: true })(x, p);
    const graph = onnxGraph('both');
    const given = { value: graph.input('x', 'float32', [1, 48]), shape: [1, 48] };
    const [slope, output] = (await traceInto(graph, both, params, [given], { weights: 'int8' })) as [
      TracedValue,
      TracedValue,
    ];
    graph.output('slope', slope.value, 'float32', slope.shape);
    graph.output('output', output.value, 'float32', output.shape);
    const file = graph.bytes();
    expect(file.length).to.be.lessThan(48 * 64 + 64 * 40 + 12_000);

    const session = await ort.InferenceSession.create(file);
    const x = normal(random(3), [1, 48], 1);
    const got = await session.run({ x: new ort.Tensor('float32', x.data as Float32Array, x.shape) });
    const held = toDevice(params);
    for (const [i, name] of ['slope', 'output'].entries()) {
      using run = compile<Params>((p, rows) => {
        const outputs = both(p, rows);
        outputs[1 - i]!.dispose();
        return outputs[i]!;
      });
      const wanted = await run(held, x);
      expect(got[name]!.dims).to.deep.equal(wanted.shape);
      wanted.data.forEach((each, k) => expect((got[name]!.data as Float32Array)[k]).to.be.closeTo(each, 0.03));
    }
    await session.release();
  });

  it('keeps compressed weights close: half precision to 1e-3, int8 to 3e-2 of unit rows', async () => {
    const params = initMlp(draw, 96, 128, 64);
    const apply: Apply<typeof params> = (p, x) => l2Normalize(mlp(p, x));
    const half = await difference(apply, params, [96], 'float16');
    const byte = await difference(apply, params, [96], 'int8');
    expect(half).to.be.within(1e-7, 1e-3);
    expect(byte).to.be.within(1e-5, 3e-2);
  });

  for (const storage of ['float32', 'float16', 'int8'] as const) {
    it(`looks up rows and pools them in front of a traced model, rows as ${storage}`, async () => {
      const table = normal(draw, [50, 12], 1);
      const head = initLinear(draw, 12, 4);
      const graph = onnxGraph('text');
      const ids = graph.input('input_ids', 'int64', ['batch', 'tokens']);
      const mask = graph.input('attention_mask', 'int64', ['batch', 'tokens']);
      const value = maskedMean(graph, gatherRows(graph, table, ids, storage), mask);
      const pooled = { value, shape: ['batch', 12] } as const;
      const out = await traceInto(graph, (p: MapTree<typeof head, DeviceArray>, x) => linear(p, x), head, [pooled]);
      graph.output('sentence_embedding', out.value, 'float32', out.shape);
      expect(out.shape).to.deep.equal(['batch', 4]);
      const session = await ort.InferenceSession.create(graph.bytes({ made: 'here' }));

      const int64 = (list: number[], dims: number[]): ort.Tensor =>
        new ort.Tensor('int64', BigInt64Array.from(list.map(BigInt)), dims);
      const feeds = {
        input_ids: int64([3, 4, 49, 9, 0, 0], [2, 3]),
        attention_mask: int64([1, 1, 1, 1, 0, 0], [2, 3]),
      };
      const { sentence_embedding: got } = await session.run(feeds);
      [[3, 4, 49], [9]].forEach((rows, row) => {
        for (let o = 0; o < 4; o++) {
          let wanted = 0;
          for (let d = 0; d < 12; d++) {
            const mean = rows.reduce((sum, id) => sum + table.data[id * 12 + d]!, 0) / rows.length;
            wanted += mean * head.weight.data[d * 4 + o]!;
          }
          const tolerance = { float32: 1e-5, float16: 2e-3, int8: 3e-2 }[storage];
          expect((got!.data as Float32Array)[row * 4 + o]).to.be.closeTo(wanted, tolerance);
        }
      });
      await session.release();
    });
  }

  for (const storage of ['float32', 'int8'] as const) {
    it(`gives weights back as they were stored, ${storage}`, async () => {
      const init = (seed: number) => ({
        conv: initConv3x3(random(seed), 12, 8),
        head: [initLinear(random(seed), 128, 16), initLinear(random(seed + 1), 16, 4)],
      });
      const apply: Apply<ReturnType<typeof init>> = (p, x) =>
        linear(p.head[1]!, linear(p.head[0]!, conv3x3(p.conv, x).reshape([-1, 128])));
      const options = { inputs: { x: ['batch', 4, 4, 12] }, output: 'y' } as const;
      const write = (params: ReturnType<typeof init>, weights: WeightStorage): Promise<Uint8Array> =>
        exportOnnx(apply, params, { ...options, weights });
      const params = init(1);
      const back = treeLeaves<Tensor>(await readWeights(await write(params, storage), init(2), write));
      for (const [path, { shape, data }] of treeLeaves<Tensor>(params)) {
        const most = Math.max(...data.map(Math.abs));
        expect(back.get(path)!.shape).to.deep.equal(shape);
        data.forEach((value, i) =>
          expect(back.get(path)!.data[i]).to.be.closeTo(value, storage === 'int8' ? most / 250 : 0),
        );
      }
    });
  }

  it('gives a table back that has a scale for each row', async () => {
    const table = normal(draw, [60, 20], 1);
    for (let i = 0; i < 20; i++) (table.data as Float32Array)[i]! *= 100;
    const write = async ({ rows }: { rows: Tensor }, weights: WeightStorage): Promise<Uint8Array> => {
      const graph = onnxGraph('table');
      const ids = graph.input('ids', 'int64', ['batch']);
      const found = storedTable(graph, rows, weights).rows(ids);
      graph.output('rows', found, 'float32', ['batch', 20]);
      return graph.bytes();
    };
    const like = { rows: normal(draw, [60, 20], 1) };
    const { rows } = await readWeights(await write({ rows: table }, 'int8'), like, write);
    expect(rows.shape).to.deep.equal([60, 20]);
    for (let row = 0; row < 60; row++) {
      const [got, wanted] = [rows, table].map(({ data }) => data.slice(row * 20, (row + 1) * 20));
      const most = Math.max(...wanted!.map(Math.abs));
      wanted!.forEach((value, i) => expect(got![i]).to.be.closeTo(value, most / 250));
    }
  });

  it('gives no weights back of another graph or of no graph', async () => {
    const write = (params: ReturnType<typeof initLinear>, weights: WeightStorage): Promise<Uint8Array> => {
      const inputs = { x: ['batch', params.weight.shape[0]!] } as const;
      return exportOnnx(linear as Apply<typeof params>, params, { inputs, output: 'y', weights });
    };
    const code = async (file: Uint8Array): Promise<unknown> =>
      readWeights(file, initLinear(draw, 6, 3), write).catch((error: { code?: string }) => error.code);
    expect(await code(await write(initLinear(draw, 7, 3), 'float32'))).to.equal('invalid-input');
    expect(await code(new TextEncoder().encode('no graph'))).to.equal('invalid-input');
  });

  it('names the primitive that has no counterpart, and refuses what changes with the batch', async () => {
    const message = async (apply: Apply<Tensor[]>): Promise<string> =>
      exportOnnx(apply, [], { inputs: { x: ['batch', 4] }, output: 'y' }).then(
        () => 'exported',
        (error: Error) => error.message,
      );
    expect(await message((_, x) => np.sort(x, 1))).to.equal(
      'traceInto() needs operations that ONNX has, got the primitive sort',
    );
    expect(await message((_, x) => x.mul(x.shape[0]!))).to.contain('the same for every batch size');
    expect(await message((_, x) => x)).to.equal('exported');
  });
});
