import { CognateError } from '@cognate/core';
import { expose, transfer } from 'comlink';
import { borrowPort } from './call-port.ts';
import { holdLifeline } from './lifeline.ts';
import type { Method, Served, Service } from './service.ts';

/**
 * Serves a service to the page that made this worker. Call it while the script is first evaluated, since messages do
 * not wait longer.
 * @param start makes the service from the configuration that the page sends with its first word.
 */
export function serve<S extends Service<S>, Config>(start: (config: Config) => S): void {
  let service: S | undefined;
  const served: Served = {
    async hello(lock, config) {
      const held = await holdLifeline(lock);
      service = start(config as Config);
      return held;
    },
    ping() {},
    async call(name, { input, port }) {
      const borrowed = borrowPort(port);
      try {
        const method: Method | undefined = service?.[name as keyof S];
        if (!method) throw new CognateError('worker-failed', `call() needs a method of this worker, got ${name}`);
        return await method.call(service, input as never, borrowed.options);
      } finally {
        borrowed.close();
      }
    },
  };
  expose(served);
}

/** Marks buffers of a result as given to the page: they are moved instead of copied, and end detached on this side. */
export function handOver<Result extends object>(result: Result, buffers: Transferable[]): Result {
  return transfer(result, buffers);
}
