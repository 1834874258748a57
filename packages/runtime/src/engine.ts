import * as ort from 'onnxruntime-web/webgpu';
import { chooseDevice, findGpu, type DeviceChoice, type DeviceWish } from './device.ts';
import type { DownloadMeter } from './download-meter.ts';
import { engineError } from './engine-error.ts';
import { fetchFile } from './fetch-file.ts';
import { taskQueue } from './queue.ts';

/** Everything that enters onnxruntime waits here for its turn. */
export const enqueue = taskQueue();

/** onnxruntime starts once per realm, and its WebAssembly variant cannot be changed afterwards. */
type Variant = '' | '.jspi' | '.asyncify';

let variant: Variant | undefined;
let started: Promise<void> | undefined;
let gpu: ReturnType<typeof findGpu> | undefined;

/** The smallest graph there is (y = x), to start the engine while model files are still on their way. */
const identity = Uint8Array.from(
  atob('CAg6OQoQCgF4EgF5IghJZGVudGl0eRIDdG95Wg8KAXgSCgoICAESBAoCCAFiDwoBeRIKCggIARIECgIIAUIECgAQEQ=='),
  (character) => character.charCodeAt(0),
);

/**
 * Settles on a device, and at the first call on the smallest variant of onnxruntime that serves: plain where no GPU is
 * worth using, one that can suspend for the GPU otherwise.
 * @throws {CognateError} `device-failed` when a GPU is insisted on that this machine or this worker cannot use.
 */
export async function planDevice(wish: DeviceWish): Promise<DeviceChoice> {
  const found = await (gpu ??= findGpu());
  const suspending = 'Suspending' in WebAssembly;
  const choice = chooseDevice(wish, found);
  const worthwhile = choice.device === 'webgpu' || (found.available && !found.software && suspending);
  variant ??= !worthwhile ? '' : suspending ? '.jspi' : '.asyncify';
  if (choice.device === 'wasm' || variant !== '') return choice;
  const note = 'the engine of this worker was started without GPU support';
  return chooseDevice(wish, { ...found, available: false, note });
}

/**
 * Starts onnxruntime, once; after a failure to fetch its files the next call tries again. Call `planDevice()` before.
 * @param baseUrl the folder that holds `ort/`.
 * @throws {CognateError} `load-failed` or `file-format` when a file of the engine cannot be had, `device-failed` when
 * it does not start: then only another worker helps.
 */
export async function startEngine(baseUrl: string | URL, meter: DownloadMeter, signal?: AbortSignal): Promise<void> {
  while (started) {
    try {
      return await started;
    } catch (error) {
      signal?.throwIfAborted();
      // Whoever began may have given up: then it is this caller's turn.
      if ((error as { code?: unknown }).code === 'device-failed') throw error;
    }
  }
  const mine = start(baseUrl, meter, signal);
  started = mine;
  mine.catch((error: { code?: unknown }) => {
    if (error.code !== 'device-failed') started = undefined;
  });
  return mine;
}

async function start(baseUrl: string | URL, meter: DownloadMeter, signal?: AbortSignal): Promise<void> {
  const address = (file: string): string => new URL(file, baseUrl).href;
  const bring = (file: string): Promise<Uint8Array<ArrayBuffer>> => {
    const request = { url: address(file), file, name: `${file} (the engine)`, foreign: false };
    return fetchFile({ ...request, meter: meter.add(file), signal });
  };
  const stem = `ort/ort-wasm-simd-threaded${variant ?? ''}`;
  // onnxruntime imports the .mjs by itself; a missing one would break it for good, so look first.
  const [wasmBinary] = await Promise.all([bring(`${stem}.wasm`), bring(`${stem}.mjs`)]);
  signal?.throwIfAborted();

  ort.env.wasm.wasmPaths = { mjs: address(`${stem}.mjs`), wasm: address(`${stem}.wasm`) };
  ort.env.wasm.wasmBinary = wasmBinary;
  ort.env.wasm.proxy = false;
  ort.env.wasm.numThreads = threadCount();
  ort.env.logLevel = 'error';
  try {
    await enqueue(async () => {
      const session = await ort.InferenceSession.create(identity, { executionProviders: ['wasm'] });
      await session.release();
    });
  } catch (cause) {
    throw engineError('loadModel() could not start the engine', cause, 'device-failed');
  } finally {
    delete ort.env.wasm.wasmBinary;
  }
}

/** Threads need shared memory; all cores, or more than four, make small models slower. */
function threadCount(): number {
  if (!globalThis.crossOriginIsolated) return 1;
  return Math.max(1, Math.min(4, Math.ceil((navigator.hardwareConcurrency || 1) / 2)));
}
