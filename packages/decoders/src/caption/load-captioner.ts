import { CognateError } from '@cognate/core';
import { loadModel, type LoadOptions, type Model, type ModelReference } from '@cognate/runtime';
import { decoderConfig } from '../config.ts';
import { captioner, type Captioner } from './captioner.ts';

/** What the graph must take beside tokens and cache. */
const wanted = ['input_ids', 'point', 'language'];

/**
 * Loads a captioner: one graph, a tokenizer, and a config that names space, languages and limits. It runs on wasm unless
 * told: a token takes less time than its way to a GPU and back.
 * @param spec a starter model's name such as `cognate/captioner`, or more about any other one of its kind.
 * @throws {CognateError} as `loadModel()`; `file-format` when config or graph are not those of a captioner.
 */
export async function loadCaptioner(spec: string | ModelReference, options?: LoadOptions): Promise<Captioner> {
  const asked: ModelReference = typeof spec === 'string' ? { model: spec } : spec;
  const model = await loadModel({ ...asked, device: asked.device ?? 'wasm' }, { ...options, tokenizer: true });
  try {
    return fromModel(model);
  } catch (error) {
    await model[Symbol.asyncDispose]();
    throw error;
  }
}

function fromModel(model: Model): Captioner {
  const { reference, inputs, tokenizer } = model;
  const config = decoderConfig('loadCaptioner()', reference.model, model.config);
  const { space, calibration } = config;
  const missing = wanted.filter((input) => !inputs.some(({ name }) => name === input));
  if (missing.length > 0) {
    const message = `loadCaptioner() needs a graph that takes ${missing.join(', ')}, ${reference.model} does not`;
    throw new CognateError('file-format', message);
  }
  const dim = inputs.find(({ name }) => name === 'point')!.dims[1];
  if (typeof dim === 'number' && dim !== space.dim) {
    const message = `loadCaptioner() needs a graph that takes points of ${space.dim} numbers, ${reference.model} takes ${dim}`;
    throw new CognateError('file-format', message);
  }
  return captioner({
    session: model,
    tokenizer: tokenizer!,
    space,
    languages: config.names('languages'),
    bos: config.number('bos', 0),
    eos: config.number('eos', 0),
    maxTokens: config.number('maxTokens', 1),
    calibration,
  });
}
