/**
 * What a painting costs, from a point to pixels, and what the painter adds to the least code that does the same: a bare
 * onnxruntime-web loop over the same graphs, in the same page. 0.05 means 5 % more time.
 */
import * as ort from 'onnxruntime-web/webgpu';
import { random } from '@cognate/core';
import { loadPainter, type Painter } from '@cognate/decoders';
import { compareLoops, fetchSession, readJson, storedPoints, timeOnGpu } from './lib/decoders.ts';
import type { Row } from './lib/row.ts';

/** A painting is to be there after so many milliseconds, on two cores. */
const goal = 1000;
const count = 24;

export async function run(): Promise<Row[]> {
  const baseUrl = new URL('/dist/', location.href).href;
  const folder = `${baseUrl}starter/models/cognate/painter/`;
  const points = await storedPoints(`${baseUrl}starter/banks/image-noto.safetensors`, count);
  const painter = await loadPainter({ model: 'cognate/painter', device: 'wasm' }, { baseUrl });
  const styleOf = (i: number): string => painter.styles[i % painter.styles.length]!;
  const paint = async (by: Painter, i: number): Promise<ImageData> =>
    (await by.decode(points[i]!, { style: styleOf(i), seed: i }))[0]!;
  const bare = await barePainter(folder);
  const style = (i: number): number => i % painter.styles.length;
  for (const [i] of points.entries()) {
    const [ours, theirs] = [await paint(painter, i), await bare(points[i]!.data, style(i), i)];
    const difference = ours.data.reduce((most, value, k) => Math.max(most, Math.abs(value - theirs.data[k]!)), 0);
    if (difference > 1) throw new Error(`painting: both loops must agree, they differ by ${difference} of 255`);
  }
  const times = await compareLoops(
    points.length,
    (i) => paint(painter, i),
    (i) => bare(points[i]!.data, style(i), i),
  );
  await painter[Symbol.asyncDispose]();
  const note = `${painter.steps} steps; bare loop ${times.bare.toFixed(1)} ms; to stay under ${goal}; ${ort.env.wasm.numThreads} threads`;
  return [
    { id: 'painting.ms', value: times.ours, unit: 'ms', baseline: times.bare, n: count, note },
    {
      id: 'painting.overhead',
      value: times.overhead,
      unit: 'fraction',
      baseline: 0.1,
      n: count,
      note: 'over the bare loop',
    },
    ...(await timeOnGpu('painting.webgpu.ms', count, async () => {
      const by = await loadPainter({ model: 'cognate/painter', device: 'webgpu' }, { baseUrl });
      return { run: (i: number) => paint(by, i), release: () => by[Symbol.asyncDispose]() };
    })),
  ];
}

interface PainterConfig {
  readonly cognate: {
    readonly latent: number;
    readonly size: number;
    readonly steps: number;
    readonly rate: number;
    readonly noise: number;
  };
}

/** A sketch, steps along the directions, and pixels, and nothing else. */
async function barePainter(
  folder: string,
): Promise<(point: Float32Array, style: number, seed: number) => Promise<ImageData>> {
  const [sketch, canvas] = [
    await fetchSession(`${folder}onnx/sketch.onnx`),
    await fetchSession(`${folder}onnx/canvas.onnx`),
  ];
  const { latent, size, steps, rate, noise } = (await readJson<PainterConfig>(`${folder}config.json`)).cognate;
  return async (point, style, seed) => {
    const { normal } = random(seed);
    const styles = new ort.Tensor('int64', BigInt64Array.of(BigInt(style)), [1]);
    const guess = await sketch.run({ points: new ort.Tensor('float32', point, [1, point.length]), styles });
    const goals = guess['goals']!;
    const strength = seed === 0 ? 0 : noise;
    const x = Float32Array.from(guess['latents']!.data as Float32Array, (value) => value + strength * normal());
    for (let step = 0; ; step++) {
      const results = await canvas.run({ latents: new ort.Tensor('float32', x, [1, latent]), goals, styles });
      if (step === steps) return toImageData(results['pictures']!.data as Float32Array, size);
      const direction = results['direction']!.data as Float32Array;
      for (let i = 0; i < latent; i++) x[i]! += rate * (1 - step / steps) * direction[i]!;
    }
  };
}

function toImageData(planes: Float32Array, size: number): ImageData {
  const area = size * size;
  const image = new ImageData(size, size);
  for (let i = 0; i < area; i++) {
    const alpha = planes[3 * area + i]!;
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = alpha >= 0.5 / 255 ? (255 * planes[c * area + i]!) / alpha : 0;
    image.data[4 * i + 3] = 255 * alpha;
  }
  return image;
}
