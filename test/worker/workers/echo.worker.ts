import { CognateError, embeddings, yieldTask } from '@cognate/core';
import { handOver, serve } from '../../../web-workers/src/boundary/serve.ts';
import type { EchoConfig, EchoService, Seen } from './echo-service.ts';

const space = { id: 'toy@1', dim: 4, normalized: false };

/** Ports that came with calls and were not closed yet. */
const openPorts = new Set<MessagePort>();
self.addEventListener('message', (event) => event.ports.forEach((port) => openPorts.add(port)));
const close = Object.getOwnPropertyDescriptor(MessagePort.prototype, 'close')?.value as () => void;
MessagePort.prototype.close = function (): void {
  openPorts.delete(this);
  close.call(this);
};

/** A worker that does what tests tell it to, and remembers what it saw. */
serve((config: EchoConfig): EchoService => {
  const seen: { -readonly [Key in keyof Seen]: Seen[Key] } = { steps: 0, aborted: undefined, detached: undefined };
  let handedOver: ArrayBuffer | undefined;
  return {
    echo: (input) => input,
    config: () => config,
    async count({ steps }, { signal, onProgress }) {
      signal?.addEventListener('abort', () => (seen.aborted = String(signal.reason)));
      for (let done = 1; done <= steps; done++) {
        signal?.throwIfAborted();
        seen.steps = done;
        onProgress?.({ phase: 'encode', done, total: steps });
        await yieldTask();
      }
      return steps;
    },
    rows({ count }) {
      const batch = embeddings(space, new Float32Array(count * space.dim).fill(1));
      handedOver = batch.data.buffer;
      return handOver(batch, [batch.data.buffer]);
    },
    sum: ({ data }) => data.reduce((sum, x) => sum + x, 0),
    fail({ how }) {
      if (how === 'typed') {
        const cause = new RangeError('row 3 of 2');
        throw new CognateError('space-mismatch', 'fit() needs one space, got two', { cause });
      }
      if (how === 'device') throw new CognateError('device-failed', 'the device was lost');
      if (how === 'native') throw new TypeError('not a function');
      if (how === 'own') throw Object.assign(new Error('mine'), { name: 'MyError' });
      if (how === 'dom') throw new DOMException('no such entry', 'NotFoundError');
      throw { toString: () => 'an object' };
    },
    uncloneable: () => () => {},
    forever: () => new Promise(() => {}),
    block({ ms }) {
      const end = performance.now() + ms;
      while (performance.now() < end);
      return 'done';
    },
    closeSelf() {
      self.close();
      return new Promise(() => {});
    },
    crash() {
      setTimeout(() => {
        throw new Error('out of the blue');
      });
      return new Promise(() => {});
    },
    seen() {
      if (handedOver) seen.detached = handedOver.byteLength === 0;
      return { ...seen, openPorts: openPorts.size };
    },
  };
});
