import { random } from '@cognate/core';
import {
  compile,
  initEmbeddingTable,
  mapTree,
  normal,
  np,
  startEngine,
  tensor,
  toDevice,
  type Tensor,
} from '@cognate/nn';
import { expect } from '@open-wc/testing';
import * as ort from 'onnxruntime-web/wasm';
import { captionGraph, type CaptionWeights } from './caption-graph.ts';
import { captionStates, initCaptionModel, type CaptionModel } from './model.ts';

ort.env.wasm.wasmPaths = new URL('/ort/', location.href).href;
ort.env.wasm.numThreads = 1;

const [vocabulary, dim, heads, layers, languages] = [90, 32, 4, 2, 3];
const tokens = [
  [0, 17, 30, 2, 88],
  [0, 5, 5, 61, 9],
];
const spoken = [2, 0];

describe('captionGraph()', () => {
  const draw = random(5);
  const shape = { languages, dim, heads, layers, hidden: 64, conditionHidden: 48, maxTokens: 8 };
  const weights: CaptionWeights = {
    model: mapTree(initCaptionModel(draw, shape), ({ shape: own, data }: Tensor) => {
      const noise = normal(draw, own, 0.1).data;
      return tensor(
        own,
        (data as Float32Array<ArrayBuffer>).map((value, i) => value + noise[i]!),
      );
    }),
    heads,
    table: tensor([vocabulary, dim], initEmbeddingTable(draw, vocabulary, dim).weights),
    tokensOf: Array.from({ length: languages }, (_, i) => new Set([1, ...Array.from({ length: 40 }, (_, t) => 2 * t + (i % 2))])), // prettier-ignore
  };
  const points = normal(draw, [2, 256], 1 / 16);
  before(() => startEngine({ device: 'wasm' }));

  /** What training computes for the whole texts at once, before tokens of other languages are shut out. */
  async function whole({ model, table }: Pick<CaptionWeights, 'model' | 'table'>): Promise<Float32Array> {
    using run = compile((params: { model: CaptionModel<Tensor>; table: Tensor }, rows, given, oneHot) => {
      const { model: held, table: all } = params as never as { model: CaptionModel; table: np.Array };
      const states = captionStates(held, { points: given, languages: oneHot, rows: rows }, heads);
      return np.dot(states.reshape([-1, dim]), all.transpose());
    });
    const rows = new Float32Array(tokens.flat().flatMap((id) => [...table.data.slice(id * dim, (id + 1) * dim)]));
    const oneHot = new Float32Array(spoken.flatMap((own) => Array.from({ length: languages }, (_, i) => Number(i === own)))); // prettier-ignore
    const { data } = await run(toDevice({ model, table }) as never, tensor([2, 5, dim], rows), points, tensor([2, languages], oneHot)); // prettier-ignore
    return data as Float32Array;
  }

  /** The same through the graph, one token after the other. */
  async function stepped(bytes: Uint8Array): Promise<number[][]> {
    const session = await ort.InferenceSession.create(bytes);
    const results: number[][] = [[], []];
    let past: Record<string, ort.Tensor> = Object.fromEntries(
      session.inputNames
        .filter((name) => name.startsWith('past_key_values'))
        .map((name) => [name, new ort.Tensor('float32', new Float32Array(), [2, heads, 0, dim / heads])]),
    );
    expect(Object.keys(past)).to.have.length(2 * layers);
    for (let place = 0; place < 5; place++) {
      const int64 = (values: number[], dims: number[]): ort.Tensor =>
        new ort.Tensor('int64', BigInt64Array.from(values.map(BigInt)), dims);
      const outputs = await session.run({
        ...past,
        input_ids: int64(tokens.map((row) => row[place]!), [2, 1]), // prettier-ignore
        position_ids: int64([place, place], [2, 1]),
        point: new ort.Tensor('float32', points.data as Float32Array, [2, 256]),
        language: int64(spoken, [2]),
      });
      results.forEach((row, n) => row.push(...[...(outputs['logits']!.data as Float32Array)].slice(n * vocabulary, (n + 1) * vocabulary))); // prettier-ignore
      past = Object.fromEntries(
        Object.keys(past).map((name) => [name, outputs[name.replace('past_key_values', 'present')]!]),
      );
    }
    return results;
  }

  function compare(got: number[][], wanted: Float32Array, tolerance: number): void {
    got.forEach((row, n) =>
      row.forEach((value, i) => {
        if (weights.tokensOf[spoken[n]!]!.has(i % vocabulary)) {
          expect(value).to.be.closeTo(wanted[n * row.length + i]!, tolerance);
        } else expect(value).to.be.lessThan(-5000);
      }),
    );
  }

  it('computes with its cache, token by token, what training computes for a whole text', async () => {
    compare(await stepped(captionGraph(weights, 'float32')), await whole(weights), 2e-4);
  });
  it('stores int8 and computes what training computes with the stored numbers', async () => {
    const { model, table } = weights;
    const { condition, blocks } = model;
    const columns = <T extends { weight: Tensor; bias: Tensor }>(layer: T): T => ({ ...layer, weight: stored(layer.weight) }); // prettier-ignore
    const rounded: CaptionModel<Tensor> = {
      ...model,
      condition: { ...condition, point: columns(condition.point), out: columns(condition.out) },
      blocks: blocks.map((block) => ({
        ...block,
        attention: { into: columns(block.attention.into), out: columns(block.attention.out) },
        up: columns(block.up),
        down: columns(block.down),
      })),
    };
    const turned = stored(turn(table));
    const wanted = await whole({ model: rounded, table: turn(turned) });
    compare(await stepped(captionGraph(weights, 'int8')), wanted, 1e-3);
  });
});

/** A matrix as int8 with a scale for each column gives it back. */
function stored({ shape, data }: Tensor): Tensor {
  const columns = shape[1]!;
  const most = new Float32Array(columns);
  data.forEach((value, i) => (most[i % columns] = Math.max(most[i % columns]!, Math.abs(value))));
  const scale = most.map((value) => value / 127);
  return tensor(shape, Float32Array.from(data, (value, i) => Math.round(value / scale[i % columns]!) * scale[i % columns]!)); // prettier-ignore
}

function turn({ shape, data }: Tensor): Tensor {
  const [rows, columns] = shape as [number, number];
  return tensor(
    [columns, rows],
    Float32Array.from(data, (_, i) => data[(i % rows) * columns + Math.floor(i / rows)]!),
  );
}
