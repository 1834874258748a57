/**
 * The whole of `fit()`, with everything that its report tells, on 2,000 pairs of 512 dimensions a side: what a visitor
 * waits for. Both sides see the same 64 hidden numbers through maps of their own, and noise: so little that a straight map
 * finds everything, and so much that every closed form is tried.
 */
import { fit } from '@cognate/aligner';
import { embeddings, normalize, random, type Embeddings } from '@cognate/core';
import { startEngine } from '@cognate/nn';
import type { Row } from './lib/row.ts';

const count = 2000;
const dim = 512;
const hidden = 64;

/** Rows by the deviation of the noise; the hidden numbers have a deviation of 8 in each coordinate. */
const noises = { 'auto-2000.seconds': 8, 'auto-2000.noisy.seconds': 24 } as const;

export async function run(): Promise<Row[]> {
  await startEngine();
  const rows: Row[] = [];
  for (const [id, noise] of Object.entries(noises)) rows.push(await timed(id, noise));
  return rows;
}

async function timed(id: string, noise: number): Promise<Row> {
  const { normal } = random(1);
  const latent = Float32Array.from({ length: count * hidden }, normal);
  const [source, target] = [side('a', latent, noise, 2), side('b', latent, noise, 3)];
  const start = performance.now();
  const { report } = await fit(source, target);
  const seconds = (performance.now() - start) / 1000;
  const found = ((report.forward!.recallAt1 + report.backward!.recallAt1) / 2).toFixed(2);
  const tried = report.tried.map((each) => `${each.method} ${each.seconds.toFixed(1)} s`).join(', ');
  const note = `kept ${report.method}, recall at 1 ${found}; tried ${tried}`;
  return { id, value: seconds, unit: 's', baseline: 20, n: count, note };
}

function side(id: string, latent: Float32Array, noise: number, seed: number): Embeddings {
  const { normal } = random(seed);
  const map = Float32Array.from({ length: hidden * dim }, normal);
  const data = new Float32Array(count * dim);
  for (let i = 0; i < count; i++) {
    const row = data.subarray(i * dim, (i + 1) * dim);
    for (let j = 0; j < dim; j++) row[j] = noise * normal();
    for (let k = 0; k < hidden; k++) {
      const weight = latent[i * hidden + k]!;
      for (let j = 0; j < dim; j++) row[j]! += weight * map[k * dim + j]!;
    }
  }
  return normalize(embeddings({ id, dim, normalized: true }, data));
}
