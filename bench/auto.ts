/**
 * The whole of `fit()`, with everything that its report tells, on 2,000 pairs of 512 dimensions a side: what a visitor
 * waits for. Both sides see the same hidden numbers through maps of their own, and noise: so little that a straight map
 * finds everything, so much that every closed form is tried, and through maps that bend, so that a kernel is kept.
 */
import { fit } from '@cognate/aligner';
import { embeddings, normalize, random, type Embeddings } from '@cognate/core';
import { startEngine } from '@cognate/nn';
import type { Row } from './lib/row.ts';

const count = 2000;
const dim = 512;

/** What the sides see of each thing. */
interface View {
  readonly hidden: number;
  /** Deviation of the noise; what is seen has one of about 8, or of .7 where it bends. */
  readonly noise: number;
  readonly bent?: boolean;
}

const views: Readonly<Record<string, View>> = {
  'auto-2000.seconds': { hidden: 64, noise: 8 },
  'auto-2000.noisy.seconds': { hidden: 64, noise: 24 },
  'auto-2000.bent.seconds': { hidden: 10, noise: 1, bent: true },
};

export async function run(): Promise<Row[]> {
  await startEngine();
  const rows: Row[] = [];
  for (const [id, view] of Object.entries(views)) rows.push(await timed(id, view));
  return rows;
}

async function timed(id: string, view: View): Promise<Row> {
  const { normal } = random(1);
  const latent = Float32Array.from({ length: count * view.hidden }, normal);
  const [source, target] = [side('a', latent, view, 2), side('b', latent, view, 3)];
  const start = performance.now();
  const { report } = await fit(source, target);
  const seconds = (performance.now() - start) / 1000;
  const found = ((report.forward!.recallAt1 + report.backward!.recallAt1) / 2).toFixed(2);
  const tried = report.tried.map((each) => `${each.method} ${each.seconds.toFixed(1)} s`).join(', ');
  const note = `kept ${report.method}, recall at 1 ${found}; tried ${tried}`;
  return { id, value: seconds, unit: 's', baseline: 20, n: count, note };
}

function side(id: string, latent: Float32Array, { hidden, noise, bent = false }: View, seed: number): Embeddings {
  const { normal } = random(seed);
  const map = Float32Array.from({ length: hidden * dim }, normal);
  const phases = Float32Array.from({ length: bent ? dim : 0 }, () => 3 * normal());
  const data = new Float32Array(count * dim);
  for (let i = 0; i < count; i++) {
    const row = data.subarray(i * dim, (i + 1) * dim);
    for (let k = 0; k < hidden; k++) {
      const weight = latent[i * hidden + k]!;
      for (let j = 0; j < dim; j++) row[j]! += weight * map[k * dim + j]!;
    }
    for (let j = 0; j < dim; j++) {
      const seen = bent ? Math.sin((1.5 * row[j]!) / Math.sqrt(hidden) + phases[j]!) : row[j]!;
      row[j] = seen + noise * normal();
    }
  }
  return normalize(embeddings({ id, dim, normalized: true }, data));
}
