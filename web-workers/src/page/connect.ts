import { Supervisor } from '../boundary/supervisor.ts';
import type { InferenceConfig, InferenceService } from '../shared/inference.ts';
import type { TrainingConfig, TrainingService } from '../shared/training.ts';
import { client } from './client.ts';
import { baseOfScript } from './base-url.ts';
import type { Cognate } from './cognate.ts';

export interface ConnectOptions {
  /**
   * Folder that holds `workers/`, `ort/` and `starter/`; relative to the page. Unless told, the folder that holds the
   * `assets/` this script was loaded from, which is right for the built site wherever it is put.
   */
  readonly baseUrl?: string | URL | undefined;
  /** Hubs or mirrors that models may be fetched from, such as `https://huggingface.co/`. Nothing else is ever asked. */
  readonly hosts?: readonly string[] | undefined;
  /** `auto`, unless told, takes WebGPU where a real adapter is found, and falls back to wasm where it keeps failing. */
  readonly device?: InferenceConfig['device'] | undefined;
  /** Room for the rows that encoders with `cache` keep in this browser, 512 MB unless told; those not used for longest go. */
  readonly cacheBytes?: number | undefined;
}

/**
 * The way in. Costs nothing yet: no worker is started and no file is fetched before something needs it.
 *
 * ```ts
 * await using cognate = await connect();
 * const captions = await cognate.translator({ from: 'image', to: 'text', language: 'fr' });
 * const [candidates] = await captions.translate([picture]); // [{ item: { name: 'chat', … }, score: 0.61 }, …]
 * ```
 */
export async function connect({
  baseUrl = baseOfScript(import.meta.url),
  hosts = [],
  device = 'auto',
  cacheBytes = 2 ** 29,
}: ConnectOptions = {}): Promise<Cognate> {
  const base = new URL(baseUrl, globalThis.document?.baseURI ?? globalThis.location.href);
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  const alignments: InferenceConfig['alignments'] = new Map();

  const inference = new Supervisor<InferenceService, InferenceConfig['device']>({
    name: 'inference',
    spawn: () => startWorker(base, 'inference'),
    rungs: device === 'wasm' ? ['wasm'] : [device, 'wasm'],
    // Its models take a while to load again: what one run of a slow one takes is waited for.
    graceMs: 10_000,
    config: (rung): InferenceConfig => ({ baseUrl: base.href, hosts, device: rung, alignments, cacheBytes }),
  });
  const cancelled = new Set<string>();
  const worker = new Supervisor<TrainingService, undefined>({
    name: 'training',
    spawn: () => startWorker(base, 'training'),
    rungs: [undefined],
    config: (): TrainingConfig => ({ cancelled: [...cancelled] }),
  });
  return client({ inference, training: { worker, cancelled }, alignments });
}

function startWorker(base: URL, name: 'inference' | 'training'): Worker {
  const script = new URL(`workers/${name}.worker.js`, base);
  const options: WorkerOptions = { type: 'module', name: `cognate ${name}` };
  if (script.origin === globalThis.location.origin) return new Worker(script, options);
  // Browsers start workers of their own origin only; this one is, and fetches the script from the other.
  const stub = URL.createObjectURL(new Blob([`import ${JSON.stringify(script.href)};`], { type: 'text/javascript' }));
  const worker = new Worker(stub, options);
  URL.revokeObjectURL(stub);
  return worker;
}
