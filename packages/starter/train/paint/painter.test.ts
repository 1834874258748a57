import { normalizeRows, random } from '@cognate/core';
import { compile, release, startEngine, tensor, toDevice, type DeviceArray, type Tensor } from '@cognate/nn';
import { expect } from '@open-wc/testing';
import * as ort from 'onnxruntime-web/wasm';
import { initCodec, latentDim } from './codec.ts';
import { codeDim, denoise, initDenoiser, styleCount, velocityOf, type Denoiser } from './denoiser.ts';
import { normals } from './noise.ts';
import { paint, pictureGraph, velocityGraph } from './publish.ts';

ort.env.wasm.wasmPaths = new URL('/ort/', location.href).href;
ort.env.wasm.numThreads = 1;

const draw = random(11);
const rows = (count: number, dim: number): Tensor => tensor([count, dim], normals(draw, count * dim));

function unit(matrix: Tensor): Tensor {
  normalizeRows(matrix.data as Float32Array, matrix.shape[1]!);
  return matrix;
}

describe('velocityOf()', () => {
  before(() => startEngine({ device: 'wasm' }));

  it('is the optimal field of a data set of one point, which Euler steps of any number follow to that point', async () => {
    using field = compile<{ clean: DeviceArray }>(({ clean }, x: DeviceArray, t: DeviceArray) =>
      velocityOf(clean, x, t),
    );
    const only = rows(1, 6);
    const params = toDevice<{ clean: Tensor }>({ clean: only });
    for (const steps of [1, 3, 8]) {
      const x = rows(1, 6);
      for (let step = 0; step < steps; step++) {
        const t = step / steps;
        const { data } = await field(params, tensor([1, 6], x.data.slice()), tensor([1], Float32Array.of(t))); // prettier-ignore
        data.forEach((value, k) => {
          expect(value).to.be.closeTo((only.data[k]! - x.data[k]!) / (1 - t), 1e-3);
          x.data[k]! += value / steps;
        });
      }
      x.data.forEach((value, k) => expect(value).to.be.closeTo(only.data[k]!, 1e-5));
    }
    release(params);
  });
});

describe('the exported painter', () => {
  const weights = initDenoiser(3, unit(rows(50, 256)), rows(50, codeDim));
  const count = 3;
  let session: ort.InferenceSession;
  before(async () => {
    await startEngine({ device: 'wasm' });
    session = await ort.InferenceSession.create(await velocityGraph(weights));
  });
  const ask = async (x: Tensor, t: Tensor, z: Tensor, styles: number[]): Promise<Float32Array> => {
    const feed = (each: Tensor): ort.Tensor => new ort.Tensor('float32', each.data as Float32Array, each.shape);
    const chosen = new ort.Tensor('int64', BigInt64Array.from(styles.map(BigInt)), [styles.length]);
    const { velocity } = await session.run({ latents: feed(x), time: feed(t), points: feed(z), styles: chosen });
    return velocity!.data as Float32Array;
  };

  it('gives the velocity that the trained functions give, but for the rounding of its weights', async () => {
    const [x, z] = [rows(count, latentDim), unit(rows(count, 256))];
    const time = tensor([count], Float32Array.of(0, 0.4, 0.9));
    const styles = [0, 2, 3];
    const hot = new Float32Array(count * styleCount);
    styles.forEach((style, i) => (hot[i * styleCount + style] = 1));
    using run = compile<Denoiser>((params, a: DeviceArray, t: DeviceArray, b: DeviceArray, s: DeviceArray) =>
      velocityOf(denoise(params, a.ref, t.ref, b, s), a, t),
    );
    const params = toDevice<Denoiser<Tensor>>(weights);
    const { data: wanted } = await run(params, x, time, z, tensor([count, styleCount], hot));
    release(params);
    const got = await ask(x, time, z, styles);
    const [error, scale] = [rootMeanSquare(got.map((value, k) => value - wanted[k]!)), rootMeanSquare(wanted)];
    expect(got.length).to.equal(count * latentDim);
    expect(error / scale).to.be.below(0.02);
  });

  it('listens to point and style, unless the last style asks for neither', async () => {
    const x = rows(1, latentDim);
    const [one, other] = [unit(rows(1, 256)), unit(rows(1, 256))];
    const start = tensor([1], Float32Array.of(0));
    const [a, b, c] = [await ask(x, start, one, [0]), await ask(x, start, other, [0]), await ask(x, start, one, [1])];
    expect(a.some((value, k) => Math.abs(value - b[k]!) > 0.01)).to.equal(true);
    expect(a.some((value, k) => Math.abs(value - c[k]!) > 0.001)).to.equal(true);
    const [free, same] = [await ask(x, start, one, [3]), await ask(x, start, other, [3])];
    free.forEach((value, k) => expect(value).to.be.closeTo(same[k]!, 1e-6));
  });

  it('paints what the trained decoder paints: premultiplied, between 0 and 1', async () => {
    const { decoder } = initCodec(5);
    const x = rows(2, latentDim);
    using run = compile<typeof decoder>(paint as never);
    const params = toDevice(decoder);
    const { data: wanted, shape } = await run(params as never, x);
    release(params);
    expect(shape).to.deep.equal([2, 4, 64, 64]);
    const painter = await ort.InferenceSession.create(await pictureGraph(decoder));
    const { pictures } = await painter.run({ latents: new ort.Tensor('float32', x.data as Float32Array, x.shape) });
    const got = pictures!.data as Float32Array;
    expect(rootMeanSquare(got.map((value, k) => value - wanted[k]!))).to.be.below(0.01);
    for (let i = 0; i < 4096; i++) {
      const alpha = got[3 * 4096 + i]!;
      expect(alpha).to.be.within(0, 1);
      for (let c = 0; c < 3; c++) expect(got[c * 4096 + i]).to.be.within(0, alpha);
    }
    await painter.release();
  });

  after(() => session.release());
});

function rootMeanSquare(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return Math.sqrt(sum / values.length);
}
