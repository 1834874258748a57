import { normalizeRows, random } from '@cognate/core';
import { compile, release, startEngine, tensor, toDevice, type DeviceArray, type Tensor } from '@cognate/nn';
import { expect } from '@open-wc/testing';
import * as ort from 'onnxruntime-web/wasm';
import { initImageModel } from '../image/model.ts';
import { draw as drawOn, lookAndImprove, type Canvas } from './canvas.ts';
import { decodeLatents, drawLatents, drawnSize, initCodec, latentDim } from './codec.ts';
import { inkCount } from './inks.ts';
import { lookAt } from './look.ts';
import { normals } from './noise.ts';
import { canvasGraph, sketchGraph, toPlanes } from './publish.ts';
import { codeDim, initSketch, remember, sketch, styleCount, type Sketch } from './sketch.ts';

ort.env.wasm.wasmPaths = new URL('/ort/', location.href).href;
ort.env.wasm.numThreads = 1;

const draw = random(11);
const rows = (count: number, dim: number): Tensor => tensor([count, dim], normals(draw, count * dim));

function unit(matrix: Tensor): Tensor {
  normalizeRows(matrix.data as Float32Array, matrix.shape[1]!);
  return matrix;
}

const feed = ({ shape, data }: Tensor): ort.Tensor => new ort.Tensor('float32', data as Float32Array, shape);

describe('the exported sketch', () => {
  const weights = initSketch(3, unit(rows(50, 256)), rows(50, codeDim));
  let session: ort.InferenceSession;
  before(async () => {
    await startEngine({ device: 'wasm' });
    session = await ort.InferenceSession.create(await sketchGraph(weights));
  });
  after(() => session.release());
  const ask = async (points: Tensor, styles: number[]): Promise<Record<'latents' | 'goals', Float32Array>> => {
    const chosen = new ort.Tensor('int64', BigInt64Array.from(styles.map(BigInt)), [styles.length]);
    const { latents, goals } = await session.run({ points: feed(points), styles: chosen });
    return { latents: latents!.data as Float32Array, goals: goals!.data as Float32Array };
  };

  it('guesses what the trained function guesses, but for the rounding of its weights', async () => {
    const points = unit(rows(3, 256));
    const styles = [0, 2, 1];
    const hot = new Float32Array(3 * styleCount);
    styles.forEach((style, i) => (hot[i * styleCount + style] = 1));
    const params = toDevice<Sketch<Tensor>>(weights);
    const got = await ask(points, styles);
    for (const part of ['latents', 'goals'] as const) {
      using run = compile<Sketch>((each, z: DeviceArray, s: DeviceArray) => {
        const both = sketch(each, z, s);
        both[part === 'latents' ? 'goals' : 'latents'].dispose();
        return both[part];
      });
      const { data: wanted } = await run(params, points, tensor([3, styleCount], hot.slice()));
      expect(got[part].length).to.equal(wanted.length);
      const error = rootMeanSquare(got[part].map((value, k) => value - wanted[k]!));
      expect(error / rootMeanSquare(wanted), part).to.be.below(0.02);
    }
    release(params);
  });

  it('listens to point and style; goals are of unit length', async () => {
    const [one, other] = [unit(rows(1, 256)), unit(rows(1, 256))];
    const [a, b, c] = [await ask(one, [0]), await ask(other, [0]), await ask(one, [1])];
    expect(a.latents.some((value, k) => Math.abs(value - b.latents[k]!) > 0.01)).to.equal(true);
    expect(a.latents.some((value, k) => Math.abs(value - c.latents[k]!) > 0.001)).to.equal(true);
    expect(rootMeanSquare(a.goals) * 16).to.be.closeTo(1, 1e-4);
  });
});

describe('remember()', () => {
  it('keeps what was known, adds what is new, and leaves the trained sketch as it is', () => {
    const trained = initSketch(3, unit(rows(4, 256)), rows(4, codeDim));
    const fresh = initSketch(5, unit(rows(6, 256)), rows(6, codeDim));
    const before = trained.memory.codes.data.slice();
    const { memory, ...rest } = remember(trained, fresh.memory, 3);
    for (const [name, width] of [
      ['keys', 256],
      ['codes', codeDim],
    ] as const) {
      expect(memory[name].shape).to.deep.equal([6, width]);
      expect([...memory[name].data.subarray(0, 3 * width)]).to.deep.equal([...trained.memory[name].data.subarray(0, 3 * width)]); // prettier-ignore
      expect([...memory[name].data.subarray(3 * width)]).to.deep.equal([...fresh.memory[name].data.subarray(3 * width)]); // prettier-ignore
    }
    memory.codes.data.fill(0);
    expect(trained.memory.codes.data).to.deep.equal(before);
    expect(rest.blocks).to.equal(trained.blocks);
  });
});

describe('the exported canvas', () => {
  const inks = tensor(
    [styleCount, 3 * inkCount],
    Float32Array.from({ length: styleCount * 3 * inkCount }, () => draw.next()),
  );
  const weights: Canvas<Tensor> = { decoder: initCodec(5).decoder, inks, encoder: initImageModel(6) };
  let session: ort.InferenceSession;
  before(async () => {
    await startEngine({ device: 'wasm' });
    session = await ort.InferenceSession.create(await canvasGraph(weights));
  });
  after(() => session.release());
  const look = async (latents: Tensor, goals: Tensor): Promise<Record<'pictures' | 'direction', Float32Array>> => {
    const styles = new ort.Tensor('int64', BigInt64Array.of(1n), [1]);
    const { pictures, direction } = await session.run({ latents: feed(latents), goals: feed(goals), styles });
    return { pictures: pictures!.data as Float32Array, direction: direction!.data as Float32Array };
  };

  const style = (): Tensor => tensor([1, styleCount], Float32Array.of(0, 1, 0));

  it('paints what the trained decoder draws: premultiplied, between 0 and 1', async () => {
    const latents = rows(1, latentDim);
    const { encoder: _, ...rest } = weights;
    using run = compile<typeof rest>((canvas, x: DeviceArray, s: DeviceArray) =>
      toPlanes(drawOn(canvas as never, x, s)),
    );
    const params = toDevice(rest);
    const { data: wanted } = await run(params as never, latents, style());
    release(params);
    const { pictures } = await look(latents, unit(rows(1, 256)));
    const area = drawnSize ** 2;
    expect(pictures.length).to.equal(4 * area);
    expect(rootMeanSquare(pictures.map((value, k) => value - wanted[k]!))).to.be.below(0.03);
    for (let i = 0; i < area; i++) {
      const alpha = pictures[3 * area + i]!;
      expect(alpha).to.be.within(0, 1);
      for (let c = 0; c < 3; c++) expect(pictures[c * area + i]).to.be.within(0, alpha);
    }
  });

  it('points where the likeness to the goal grows', async () => {
    using likeness = compile<Canvas>(({ encoder, ...rest }, x: DeviceArray, goal: DeviceArray, s: DeviceArray) =>
      lookAt(encoder, drawOn(rest, x, s))
        .mul(goal)
        .sum(),
    );
    const params = toDevice<Canvas<Tensor>>(weights);
    const [latents, goal] = [rows(1, latentDim), unit(rows(1, 256))];
    const { direction } = await look(latents, goal);
    expect(rootMeanSquare(direction)).to.be.closeTo(1, 1e-3);
    const slope = async (way: ArrayLike<number>): Promise<number> => {
      const at = async (length: number): Promise<number> => {
        const moved = Float32Array.from(latents.data, (value, i) => value + length * way[i]!);
        return (await likeness(params, tensor([1, latentDim], moved), goal, style())).data[0]!;
      };
      return ((await at(0.01)) - (await at(-0.01))) / 0.02;
    };
    const steepest = await slope(direction);
    expect(steepest).to.be.greaterThan(0);
    const another = unit(rows(1, latentDim)).data.map((value) => value * Math.sqrt(latentDim));
    expect(Math.abs(await slope(another))).to.be.lessThan(steepest);
    release(params);
  });

  it('improves in ONNX as in the engine', async () => {
    using run = compile<Canvas>((canvas, x: DeviceArray, goal: DeviceArray, s: DeviceArray) => {
      const [direction, picture] = lookAndImprove(canvas, x, goal, s);
      picture.dispose();
      return direction;
    });
    const params = toDevice<Canvas<Tensor>>(weights);
    const [latents, goal] = [rows(1, latentDim), unit(rows(1, 256))];
    const { data: wanted } = await run(params, latents, goal, style());
    release(params);
    const { direction } = await look(latents, goal);
    const cosine = direction.reduce((sum, value, i) => sum + value * wanted[i]!, 0) / latentDim;
    expect(cosine).to.be.greaterThan(0.97);
  });
});

describe('drawLatents()', () => {
  before(async () => {
    await startEngine({ device: 'wasm' });
  });
  const pictures = async (colours: readonly (readonly [number, number, number])[]): Promise<Float32Array> => {
    using run = compile<Canvas['decoder']>((decoder, x: DeviceArray, inks: DeviceArray) =>
      drawLatents(decoder, x, inks),
    );
    const params = toDevice(initCodec(5).decoder);
    const inks = tensor([1, colours.length, 3], Float32Array.from(colours.flat()));
    const { data } = await run(params, tensor([1, latentDim], normals(random(4), latentDim)), inks);
    release(params);
    return data as Float32Array;
  };

  it('has no colours but inks, and what lies between two of them', async () => {
    const red = await pictures([[1, 0.25, 0]]);
    for (let i = 0; i < red.length; i += 4) {
      const alpha = red[i + 3]!;
      [1, 0.25, 0].forEach((value, c) => expect(red[i + c]).to.be.closeTo(alpha * value, 1e-4));
    }
    const both = await pictures([
      [1, 0, 0],
      [0, 0, 1],
    ]);
    for (let i = 0; i < both.length; i += 4) {
      expect(both[i]! + both[i + 2]!).to.be.closeTo(both[i + 3]!, 1e-4);
      expect(both[i + 1]).to.be.closeTo(0, 1e-4);
    }
  });

  it('draws the shapes of the soft picture, with firmer edges', async () => {
    using run = compile<Canvas['decoder']>((decoder, x: DeviceArray) => decodeLatents(decoder, x));
    const params = toDevice(initCodec(5).decoder);
    const { data: soft } = await run(params, tensor([1, latentDim], normals(random(4), latentDim)));
    release(params);
    const firm = await pictures([[0, 0, 0]]);
    const unsure = (alpha: number): number => Math.min(alpha, 1 - alpha);
    const [a, b] = [soft as Float32Array, firm].map((picture) => picture.filter((_, i) => i % 4 === 3));
    const mean = (values: Float32Array): number =>
      values.reduce((sum, value) => sum + unsure(value), 0) / values.length;
    expect(mean(b!)).to.be.lessThan(mean(a!) / 1.5);
    // Of four pixels at each place of the soft picture, most are on its side.
    let agreed = 0;
    for (let y = 0; y < 64; y++) {
      for (let x = 0; x < 64; x++) {
        const there = a![y * 64 + x]! > 0.5;
        for (const [dy, dx] of [
          [0, 0],
          [0, 1],
          [1, 0],
          [1, 1],
        ] as const)
          // prettier-ignore
          agreed += Number(b![(2 * y + dy) * drawnSize + 2 * x + dx]! > 0.5 === there);
      }
    }
    expect(agreed / drawnSize ** 2).to.be.greaterThan(0.8);
  });
});

function rootMeanSquare(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return Math.sqrt(sum / values.length);
}
