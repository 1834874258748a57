import * as ort from 'onnxruntime-web/webgpu';
import { isCognateError, normalize, rows, type Embeddings } from '@cognate/core';
import { readBank } from '@cognate/decoders';
import type { Row } from './row.ts';

const rounds = 31;

/** Points of a stored bank, spread evenly, each a batch of its own. */
export async function storedPoints(url: string, count: number): Promise<readonly Embeddings[]> {
  const bank = readBank(new Uint8Array(await (await fetch(url)).arrayBuffer()));
  const points = normalize(bank.rows);
  return Array.from({ length: count }, (_, i) => rows(points, [Math.floor((i * points.count) / count)]));
}

export interface LoopTimes {
  /** Milliseconds for one item: medians over rounds. */
  readonly ours: number;
  readonly bare: number;
  /** Median of the rounds' ratios, less 1. */
  readonly overhead: number;
}

/** Both take turns within a round, and who goes first alternates; the median of the ratios forgives a busy machine. */
export async function compareLoops(
  count: number,
  ours: (i: number) => Promise<unknown>,
  bare: (i: number) => Promise<unknown>,
): Promise<LoopTimes> {
  const times: { readonly ours: number; readonly bare: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const first = round % 2 ? await milliseconds(count, bare) : undefined;
    const own = await milliseconds(count, ours);
    times.push({ ours: own, bare: first ?? (await milliseconds(count, bare)) });
  }
  return {
    ours: median(times.map((each) => each.ours)),
    bare: median(times.map((each) => each.bare)),
    overhead: median(times.map((each) => each.ours / each.bare)) - 1,
  };
}

/** Milliseconds for one item: the median over rounds, after one to warm up (shaders are compiled at first use). */
export async function timeLoop(count: number, work: (i: number) => Promise<unknown>): Promise<number> {
  await milliseconds(count, work);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await milliseconds(count, work));
  return median(times);
}

/** Times a decoder on a real GPU; no row where there is none. */
export async function timeOnGpu(
  id: string,
  count: number,
  load: () => Promise<{ run(i: number): Promise<unknown>; release(): PromiseLike<void> }>,
): Promise<Row[]> {
  try {
    const { run, release } = await load();
    const value = await timeLoop(count, run);
    await release();
    return [{ id, value, unit: 'ms', n: count }];
  } catch (error) {
    if (!isCognateError(error) || error.code !== 'device-failed') throw error;
    console.log(`${id} is left out: ${error.message}`);
    return [];
  }
}

export async function fetchSession(url: string): Promise<ort.InferenceSession> {
  const response = await fetch(url);
  return ort.InferenceSession.create(new Uint8Array(await response.arrayBuffer()), { executionProviders: ['wasm'] });
}

export const readJson = async <Content>(url: string): Promise<Content> => (await fetch(url)).json() as Promise<Content>;

async function milliseconds(count: number, work: (i: number) => Promise<unknown>): Promise<number> {
  const started = performance.now();
  for (let i = 0; i < count; i++) await work(i);
  return (performance.now() - started) / count;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
