import { CognateError, type CallOptions } from '@cognate/core';
import type { GeneratorChoice, InferenceService } from '../shared/inference.ts';
import type { InferenceSupervisor } from './client.ts';
import type { Generated, GenerateOptions, Kind, SampleGenerator } from './cognate.ts';

/** A generator of the inference worker, with the interface of a local one. */
export async function remoteGenerator<From extends Kind, To extends Kind>(
  inference: InferenceSupervisor,
  generator: GeneratorChoice & { readonly from: From; readonly to: To },
  options?: CallOptions,
): Promise<SampleGenerator<From, To>> {
  await inference.call('prepareGenerator', { generator }, options);
  let released = false;

  async function generate(
    method: string,
    from: Parameters<InferenceService['generate']>[0]['from'],
    { signal, onProgress, ...settings }: GenerateOptions = {},
  ): Promise<readonly (readonly Generated[To][])[]> {
    if (released) throw new CognateError('disposed', `${method}() needs a generator that was not released`);
    const outputs = await inference.call('generate', { generator, from, settings }, { signal, onProgress });
    return outputs as readonly (readonly Generated[To][])[];
  }

  return {
    translate: (inputs, callOptions) => generate('translate', { inputs }, callOptions),
    decode: (points, callOptions) => generate('decode', { points }, callOptions),
    // Its parts are the starter's, which other generators share.
    async [Symbol.asyncDispose]() {
      released = true;
    },
  };
}
