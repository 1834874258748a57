import { CognateError, isCognateError, type CallOptions } from '@cognate/core';
import type { Device } from './device.ts';
import { downloadMeter } from './download-meter.ts';
import { dtypesFor, type Dtype } from './dtype.ts';
import { planDevice, startEngine } from './engine.ts';
import { loadProcessor, processorFile, type ImageProcessor } from './processor.ts';
import { checkReference, graphFile, type ModelReference } from './reference.ts';
import { openRepository, type Json, type Repository } from './repository.ts';
import { createSession, type ExternalData, type Session } from './session.ts';
import { loadTokenizer, type Tokenizer } from './tokenizer.ts';

export interface LoadOptions extends CallOptions {
  /** Folder that holds `ort/` and `starter/`; the one above the running worker script unless told. */
  readonly baseUrl?: string | undefined;
  /** Origins that models may come from besides the page's own; when absent, whatever host the reference names. */
  readonly hosts?: readonly string[] | undefined;
}

/** What to load beside the graph. */
export interface LoadParts {
  readonly tokenizer?: boolean;
  /** Yes, no, or what `config.json` makes of it. */
  readonly processor?: boolean | ((config: Json) => boolean);
  /** `preprocessor_config.json` as data, for code that prepares pictures itself. */
  readonly preprocessing?: boolean;
}

/** A running graph and what belongs to it. Releasing it twice is fine. */
export interface Model extends Session {
  readonly reference: ModelReference;
  /** `config.json`; empty where the repository has none. */
  readonly config: Json;
  readonly device: Device;
  readonly dtype: Dtype;
  /** Why it does not run on a better device; absent when it does. */
  readonly fallback?: string | undefined;
  /** The parts, as far as they were asked for. */
  readonly tokenizer?: Tokenizer | undefined;
  readonly processor?: ImageProcessor | undefined;
  readonly preprocessing?: Json | undefined;
}

/**
 * Loads one graph of a repository in Hugging Face layout. Starter models and models of hosts that the page names go the
 * same way. Progress counts the bytes of all files, those of the engine included at its first start.
 * @throws {CognateError} `invalid-input` for an unusable reference, `load-failed` and `file-format` naming the file,
 * `device-failed` when the device cannot run it.
 */
export async function loadModel(
  reference: ModelReference,
  { baseUrl = '../', hosts, onProgress, signal, ...parts }: LoadOptions & LoadParts = {},
): Promise<Model> {
  checkReference('loadModel()', reference, hosts);
  signal?.throwIfAborted();
  // The worker script lies in `<base>/workers/`.
  const base = new URL(baseUrl, globalThis.location.href);
  const meter = downloadMeter(onProgress);
  // One file that fails stops the others.
  const failure = new AbortController();
  const both = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal;
  const repository = openRepository(reference, base, meter, both);
  const config = repository.optional(repository.json('config.json')).then((json) => json ?? {});
  const prepare = (done: number): void => onProgress?.({ phase: 'prepare', done, total: 1 });

  const session = (async () => {
    // The engine serves every model of this worker: only the caller stops it, not a file of this model that is missing.
    const engine = planDevice(reference.device ?? 'auto').then(() => startEngine(base, meter, signal));
    return startSession(repository, config, engine, both, () => prepare(0));
  })();
  const pending = Promise.all([
    session,
    config,
    parts.tokenizer ? loadTokenizer(repository) : Promise.resolve(undefined),
    config.then((json) => (wants(parts.processor, json) ? loadProcessor(repository) : undefined)),
    parts.preprocessing ? repository.json(processorFile) : Promise.resolve(undefined),
  ] as const);
  try {
    const [running, json, tokenizer, processor, preprocessing] = await unlessAborted(pending, signal);
    prepare(1);
    return { ...running, reference, config: json, tokenizer, processor, preprocessing };
  } catch (error) {
    failure.abort(error);
    pending.catch(() => undefined);
    // A session that is being made cannot be stopped, only released when it is there.
    session.then((late) => late[Symbol.asyncDispose]()).catch(() => undefined);
    throw error;
  }
}

type Running = Session & Pick<Model, 'device' | 'dtype' | 'fallback'>;

/** Walks down the ladder: a GPU that cannot run the graph gives way to wasm, unless it was insisted on. */
async function startSession(
  repository: Repository,
  config: Promise<Json>,
  engine: Promise<void>,
  signal: AbortSignal,
  onCompile: () => void,
): Promise<Running> {
  const { reference } = repository;
  const wish = reference.device ?? 'auto';
  const create = async (device: Device, f16: boolean): Promise<Omit<Running, 'fallback'>> => {
    const [{ dtype, bytes, externalData }] = await Promise.all([fetchGraph(repository, config, device, f16), engine]);
    onCompile();
    const session = await createSession(reference.model, bytes, device, externalData, signal);
    return { ...session, device, dtype };
  };
  engine.catch(() => undefined);
  const { device, f16, reason } = await planDevice(wish);
  try {
    return { ...(await create(device, f16)), fallback: reason };
  } catch (error) {
    signal.throwIfAborted();
    if (device === 'wasm' || wish !== 'auto' || !isCognateError(error) || error.code === 'file-format') throw error;
    return { ...(await create('wasm', false)), fallback: error.message };
  }
}

interface Graph {
  readonly dtype: Dtype;
  readonly bytes: Uint8Array;
  readonly externalData: readonly ExternalData[];
}

/** The first variant that the repository has. Starter models have one for every device, so their config can wait. */
async function fetchGraph(repository: Repository, config: Promise<Json>, device: Device, f16: boolean): Promise<Graph> {
  const { reference } = repository;
  const graph = reference.file ?? 'model';
  const asked = typeof reference.dtype === 'object' ? reference.dtype[device] : reference.dtype;
  const settled = asked ?? (reference.host === undefined ? 'fp32' : undefined);
  const dtypes = settled ? [settled] : dtypesFor(await config, graph, device, f16);
  for (const [i, dtype] of dtypes.entries()) {
    const file = graphFile(reference, dtype);
    const arriving = repository.bytes(file);
    const last = i === dtypes.length - 1;
    const bytes = last ? await arriving : await repository.optional(arriving);
    if (bytes) return { dtype, bytes, externalData: await fetchExternalData(repository, await config, file) };
  }
  throw new CognateError('load-failed', `loadModel() found no variant of ${graph} in ${reference.model}`);
}

/** Weights beyond 2 GB lie beside the graph; the config says in how many files. */
async function fetchExternalData(repository: Repository, config: Json, file: string): Promise<ExternalData[]> {
  const own = config['transformers.js_config'] as { use_external_data_format?: unknown } | undefined;
  const asked = own?.use_external_data_format;
  const name = file.slice(file.lastIndexOf('/') + 1);
  const value = typeof asked === 'object' && asked !== null ? (asked as Json)[name] : asked;
  const count = Math.min(100, Number(value ?? 0));
  const paths = Array.from({ length: count }, (_, i) => `${name}_data${i === 0 ? '' : `_${i}`}`);
  return Promise.all(paths.map(async (path) => ({ path, data: await repository.bytes(`onnx/${path}`) })));
}

const wants = (part: LoadParts['processor'], config: Json): boolean =>
  typeof part === 'function' ? part(config) : part === true;

/** Rejects as soon as `signal` does, whatever `promise` is busy with. */
function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
