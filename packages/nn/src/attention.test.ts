import { random } from '@cognate/core';
import { expect } from '@open-wc/testing';
import * as ort from 'onnxruntime-web/wasm';
import { causalAttention, causalBlock, initCausalAttention, initCausalBlock, type CausalBlock } from './attention.ts';
import { compile } from './compile.ts';
import { startEngine } from './engine.ts';
import { cachedCausalBlock } from './onnx/causal-block.ts';
import { onnxGraph } from './onnx/graph.ts';
import { mapTree, normal, toDevice, type Tensor } from './tree.ts';

ort.env.wasm.wasmPaths = new URL('/ort/', location.href).href;
ort.env.wasm.numThreads = 1;

const [dim, heads, width] = [12, 3, 4];

/** Everything away from its first value, so that no scale or bias can hide. */
function shaken<T>(params: T, deviation = 0.2): T {
  const noise = random(9);
  return mapTree(params, ({ shape, data }: Tensor) => {
    const moved = normal(noise, shape, deviation).data;
    return { shape, data: data.map((value, i) => value + moved[i]!) };
  }) as T;
}

before(() => startEngine({ device: 'wasm' }));

describe('causalAttention()', () => {
  const params = shaken(initCausalAttention(random(1), dim));
  const x = normal(random(2), [2, 5, dim], 1);

  it('is the weighted mean of values that its definition says', async () => {
    using run = compile((p: typeof params, rows) => causalAttention(p as never, rows, heads));
    const got = await run(toDevice(params) as never, x);
    const wanted = slowly(params, x);
    expect(got.shape).to.deep.equal([2, 5, dim]);
    got.data.forEach((value, i) => expect(value).to.be.closeTo(wanted[i]!, 1e-4));
  });
  it('does not see what comes later', async () => {
    using run = compile((p: typeof params, rows) => causalAttention(p as never, rows, heads));
    const held = toDevice(params) as never;
    const other = Float32Array.from(x.data, (value, i) => (Math.floor(i / dim) % 5 < 3 ? value : -value));
    const [one, two] = [await run(held, x), await run(held, { shape: x.shape, data: other })];
    const row = (tensor: Tensor, i: number): number[] => [...tensor.data.slice(i * dim, (i + 1) * dim)];
    for (let i = 0; i < 10; i++) {
      const distance = Math.max(...row(one, i).map((value, d) => Math.abs(value - row(two, i)[d]!)));
      if (i % 5 < 3) expect(distance).to.be.lessThan(1e-6);
      else expect(distance).to.be.greaterThan(0.01);
    }
  });
});

describe('cachedCausalBlock()', () => {
  const params = shaken(initCausalBlock(random(3), dim, 20));
  const x = normal(random(4), [2, 6, dim], 1);
  let session: ort.InferenceSession;
  before(async () => {
    const graph = onnxGraph('block');
    const past = ['keys', 'values'].map((name) => graph.input(`past.${name}`, 'float32', [2, heads, 'past', width]));
    const inputs = {
      x: graph.input('x', 'float32', [2, 'tokens', dim]),
      positions: graph.input('positions', 'int64', [2, 'tokens']),
      pastKeys: past[0]!,
      pastValues: past[1]!,
    };
    const next = cachedCausalBlock(graph, params, inputs, heads, 'float32');
    graph.output('y', next.x, 'float32', [2, 'tokens', dim]);
    graph.output('keys', next.keys, 'float32', [2, heads, 'all', width]);
    graph.output('values', next.values, 'float32', [2, heads, 'all', width]);
    session = await ort.InferenceSession.create(graph.bytes());
  });

  for (const steps of [[6], [1, 1, 1, 1, 1, 1], [2, 1, 3]]) {
    it(`computes in steps of ${steps.join(', ')} what causalBlock() computes at once`, async () => {
      using run = compile((p: CausalBlock<Tensor>, rows) => causalBlock(p as never, rows, heads));
      const wanted = await run(toDevice(params) as never, x);
      const nothing = (): ort.Tensor => new ort.Tensor('float32', new Float32Array(), [2, heads, 0, width]);
      let [keys, values, done]: [ort.Tensor, ort.Tensor, number] = [nothing(), nothing(), 0];
      for (const tokens of steps) {
        const part = [0, 1].flatMap((n) => [...x.data.slice((n * 6 + done) * dim, (n * 6 + done + tokens) * dim)]);
        const places = [0, 1].flatMap(() => Array.from({ length: tokens }, (_, i) => BigInt(done + i)));
        const results = await session.run({
          x: new ort.Tensor('float32', Float32Array.from(part), [2, tokens, dim]),
          positions: new ort.Tensor('int64', BigInt64Array.from(places), [2, tokens]),
          'past.keys': keys,
          'past.values': values,
        });
        const got = results['y']!.data as Float32Array;
        for (let i = 0; i < got.length; i++) {
          const [n, rest] = [Math.floor(i / (tokens * dim)), i % (tokens * dim)];
          expect(got[i]).to.be.closeTo(wanted.data[(n * 6 + done) * dim + rest]!, 1e-4);
        }
        [keys, values, done] = [results['keys']!, results['values']!, done + tokens];
        expect(keys.dims).to.deep.equal([2, heads, done, width]);
      }
    });
  }
});

/** Loop by loop, from the definition. */
function slowly({ into, out }: ReturnType<typeof initCausalAttention>, { shape, data }: Tensor): number[] {
  const [n, tokens] = shape as [number, number];
  const times = (row: ArrayLike<number>, { weight, bias }: typeof into): number[] =>
    Array.from(bias.data, (b, to) => {
      let sum = b;
      for (let from = 0; from < row.length; from++) sum += row[from]! * weight.data[from * bias.data.length + to]!;
      return sum;
    });
  const result: number[] = [];
  for (let text = 0; text < n; text++) {
    const rows = Array.from({ length: tokens }, (_, t) =>
      times(data.subarray((text * tokens + t) * dim, (text * tokens + t + 1) * dim), into),
    );
    for (let t = 0; t < tokens; t++) {
      const mixed = Array<number>(dim).fill(0);
      for (let head = 0; head < heads; head++) {
        const at = (place: number, part: number, d: number): number => rows[place]![part * dim + head * width + d]!;
        const scores = Array.from({ length: t + 1 }, (_, s) => {
          let dot = 0;
          for (let d = 0; d < width; d++) dot += at(t, 0, d) * at(s, 1, d);
          return Math.exp(dot / Math.sqrt(width));
        });
        const sum = scores.reduce((a, b) => a + b, 0);
        scores.forEach((score, s) => {
          for (let d = 0; d < width; d++) mixed[head * width + d]! += (score / sum) * at(s, 2, d);
        });
      }
      result.push(...times(mixed, out));
    }
  }
  return result;
}
