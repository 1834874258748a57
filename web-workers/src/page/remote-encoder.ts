import { CognateError, type Encoder } from '@cognate/core';
import type { EncoderChoice, HubEncoder } from '../shared/inference.ts';
import type { InferenceSupervisor } from './client.ts';
import type { EncoderOptions, Kind, Samples } from './cognate.ts';

/** An encoder of the inference worker, with the interface of a local one. Inputs are copied, results moved. */
export async function remoteEncoder<K extends Kind>(
  inference: InferenceSupervisor,
  choice: K | HubEncoder<K>,
  { cache = false, ...options }: EncoderOptions = {},
): Promise<Encoder<Samples[K]>> {
  const encoder = choice as EncoderChoice;
  const space = await inference.call('load', { encoder }, options);
  let released = false;
  return {
    space,
    async encode(inputs, callOptions) {
      if (released) throw new CognateError('disposed', `encode() needs an encoder that was not released: ${space.id}`);
      return inference.call('encode', { encoder, inputs, cache }, callOptions);
    },
    async [Symbol.asyncDispose]() {
      if (released) return;
      released = true;
      // Without a worker there is nothing to release, and none should be started for it.
      if (inference.running) await inference.call('release', { encoder });
    },
  };
}
