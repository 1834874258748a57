import { CognateError } from '@cognate/core';
import { defaultDevice, init } from '@jax-js/jax';

/** What the training engine runs on. */
export interface Engine {
  readonly device: 'webgpu' | 'wasm';
  /** Threads of the wasm backend; 1 where the page is not cross-origin isolated; 0 on webgpu. */
  readonly threads: number;
}

/**
 * Starts jax-js on the best device: webgpu on a real adapter, else wasm. A software adapter is slower than wasm by a
 * factor of 80 and is taken only when `device` asks for webgpu. Calling again is cheap and may change the device of
 * arrays made from then on.
 *
 * jax-js computes on its wasm threads only through the asynchronous calls (`await x.data()`, `await
 * x.blockUntilReady()`); `dataSync()`, `item()` and `js()` run on one thread and block.
 * @throws {CognateError} `device-failed` when the device that was asked for does not start, or its threads must not.
 */
export async function startEngine(options: { readonly device?: 'webgpu' | 'wasm' } = {}): Promise<Engine> {
  const device = options.device ?? ((await hasRealGpu()) ? 'webgpu' : 'wasm');
  const isolated = typeof SharedArrayBuffer !== 'undefined' && typeof Worker !== 'undefined';
  if (device === 'wasm' && isolated) await (threadsMayStart ??= startThread());
  const started = await init(device);
  if (!started.includes(device)) {
    if (options.device === undefined && device === 'webgpu') return startEngine({ device: 'wasm' });
    throw new CognateError(
      'device-failed',
      `startEngine() needs the device ${device}, which this browser does not offer`,
    );
  }
  defaultDevice(device);
  return { device, threads: device === 'webgpu' ? 0 : isolated ? Math.max(1, navigator.hardwareConcurrency || 4) : 1 };
}

let threadsMayStart: Promise<void> | undefined;

/** Starts a thread as jax-js does, which would wait for ever for one that the page's policy forbids. */
async function startThread(): Promise<void> {
  const url = URL.createObjectURL(new Blob(['postMessage(0)'], { type: 'application/javascript' }));
  try {
    const worker = new Worker(url, { type: 'module' });
    const started = new Promise((resolve, reject) => {
      worker.onmessage = resolve;
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message || 'its script was not loaded'));
      };
    });
    await started.finally(() => worker.terminate());
  } catch (cause) {
    throw new CognateError(
      'device-failed',
      'startEngine() needs threads, which the page forbids: its Content-Security-Policy must allow `worker-src blob:`',
      { cause },
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}

async function hasRealGpu(): Promise<boolean> {
  if (typeof navigator === 'undefined' || !navigator.gpu) return false;
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return false;
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  return (
    !isFallbackAdapter &&
    !/swiftshader|llvmpipe|basic render|software/i.test(`${vendor} ${architecture} ${device} ${description}`)
  );
}
