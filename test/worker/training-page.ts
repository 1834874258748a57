import { embeddings, normalizeRows, random, type Embeddings } from '@cognate/core';
import type { Cognate } from '@cognate/web-workers';
import { Supervisor } from '../../web-workers/src/boundary/supervisor.ts';
import { client, type InferenceSupervisor, type TrainingSupervisor } from '../../web-workers/src/page/client.ts';
import type { InferenceConfig, InferenceService } from '../../web-workers/src/shared/inference.ts';
import type { TrainingConfig } from '../../web-workers/src/shared/training.ts';

/** A page with the built training worker, and no other. */
export interface TrainingPage {
  readonly cognate: Cognate;
  readonly workers: readonly Worker[];
  /** The page goes without a word, as in a reload: its worker is gone, and nothing is cleared up. */
  leave(): void;
}

export function trainingPage(): TrainingPage {
  const workers: Worker[] = [];
  const cancelled = new Set<string>();
  const spawn = (): Worker => {
    const worker = new Worker('/workers/training.worker.js', { type: 'module' });
    workers.push(worker);
    return worker;
  };
  const noWorker = (): never => {
    throw new Error('not in this test');
  };
  const inference: InferenceSupervisor = new Supervisor<InferenceService, InferenceConfig['device']>({
    ...{ name: 'inference', spawn: noWorker, rungs: ['wasm'], config: noWorker },
  });
  const worker: TrainingSupervisor = new Supervisor({
    ...{ name: 'training', spawn, rungs: [undefined] },
    config: (): TrainingConfig => ({ cancelled: [...cancelled], reportEveryMs: 0 }),
  });
  const cognate = client({ inference, training: { worker, cancelled }, alignments: new Map() });
  return { cognate, workers, leave: () => workers.forEach((each) => each.terminate()) };
}

/** Paired rows: the target is a turned, noisy copy of the source. */
export function pairs(count: number, seed = 7): { source: Embeddings; target: Embeddings } {
  const dim = 12;
  const draw = random(seed);
  const source = Float32Array.from({ length: count * dim }, () => draw.normal());
  const target = source.map((_, i) => source[i - (i % dim) + (dim - 1 - (i % dim))]! + 0.5 * draw.normal());
  for (const rows of [source, target]) normalizeRows(rows, dim);
  return {
    source: embeddings({ id: 'here@1', dim, normalized: true }, source),
    target: embeddings({ id: 'there@1', dim, normalized: true }, target),
  };
}
