import { isCognateError, type CognateError } from '@cognate/core';
import { Link, type LinkOptions } from '../../web-workers/src/boundary/link.ts';
import type { EchoService } from './workers/echo-service.ts';

/** A worker from this folder's `workers/`. */
export function startWorker(file: string): Worker {
  return new Worker(new URL(`./workers/${file}`, import.meta.url), { type: 'module' });
}

/** A link to the echo worker, and the worker itself for tests that harm it. */
export function linkEcho(options: Partial<LinkOptions> = {}): { link: Link<EchoService>; worker: Worker } {
  const worker = startWorker('echo.worker.ts');
  const link = new Link<EchoService>({ name: 'echo', spawn: () => worker, config: {}, ...options });
  return { link, worker };
}

/** Sees every worker that is made from now on, until it is disposed. */
export function watchWorkers(): Disposable & { readonly made: readonly Worker[] } {
  const RealWorker = globalThis.Worker;
  const made: Worker[] = [];
  globalThis.Worker = class extends RealWorker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      made.push(this);
    }
  };
  return { made, [Symbol.dispose]: () => void (globalThis.Worker = RealWorker) };
}

/** What a promise rejects with; fails the test when it resolves. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const [settled] = await Promise.allSettled([promise]);
  if (settled.status === 'rejected') return settled.reason;
  throw new Error(`expected a rejection, got ${JSON.stringify(settled.value)}`);
}

/** The `CognateError` that a promise rejects with. */
export async function cognateError(promise: Promise<unknown>): Promise<CognateError> {
  const error = await rejection(promise);
  if (isCognateError(error)) return error;
  throw new Error('expected a CognateError', { cause: error });
}

/** Resolves when `test` is true; the test's own timeout is the limit. */
export async function eventually(test: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await test())) await new Promise((resolve) => setTimeout(resolve, 5));
}
