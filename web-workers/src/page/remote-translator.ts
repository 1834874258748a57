import { CognateError, type CallOptions, type Candidate, type Translator } from '@cognate/core';
import type { TranslatorChoice } from '../shared/inference.ts';
import type { InferenceSupervisor } from './client.ts';
import type { Answers, Kind, Samples } from './cognate.ts';

/** A translator of the inference worker, with the interface of a local one. */
export async function remoteTranslator<From extends Kind, To extends Kind>(
  inference: InferenceSupervisor,
  translator: TranslatorChoice & { readonly from: From; readonly to: To },
  options?: CallOptions,
): Promise<Translator<Samples[From], readonly Candidate<Answers[To]>[]>> {
  await inference.call('prepare', { translator }, options);
  let released = false;
  return {
    async translate(inputs, callOptions) {
      if (released) throw new CognateError('disposed', 'translate() needs a translator that was not released');
      const outputs = await inference.call('translate', { translator, inputs }, callOptions);
      return outputs as readonly (readonly Candidate<Answers[To]>[])[];
    },
    // Its parts are the starter's, which other translators share.
    async [Symbol.asyncDispose]() {
      released = true;
    },
  };
}
