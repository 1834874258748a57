import { CognateError, type Encoder, type Space } from '@cognate/core';
import { loadModel, type LoadOptions, type Model, type ModelReference } from '@cognate/runtime';
import type { TextFamily } from './families/family.ts';
import { families, textModels, type TextFamilyName } from './registry.ts';
import { textEncoder } from './text-encoder.ts';

/** Which text model. What is left out comes from the registry, from the repository's config, or from the graph. */
export interface TextEncoderSpec extends ModelReference {
  readonly family?: TextFamilyName | undefined;
  /** Put before every text. */
  readonly prefix?: string | undefined;
  readonly maxTokens?: number | undefined;
}

/**
 * Loads an encoder of texts. Texts beyond the model's limit are cut, as tokenizers do; empty texts are refused.
 * @param spec a starter model's name such as `cognate/text`, or more about any other model.
 * @throws {CognateError} as `loadModel()`; `file-format` when the graph is no text encoder of a known family.
 */
export async function loadTextEncoder(spec: string | TextEncoderSpec, options?: LoadOptions): Promise<Encoder<string>> {
  const asked: TextEncoderSpec = typeof spec === 'string' ? { model: spec } : spec;
  const card = textModels.find(({ model }) => model === asked.model);
  const wanted = asked.family ?? card?.family;
  const model = await loadModel(
    {
      ...asked,
      device: asked.device ?? card?.device,
      file: asked.file ?? (wanted && familyOf(wanted).file),
      dtype: asked.dtype ?? card?.dtype,
    },
    { ...options, tokenizer: true },
  );
  try {
    const family = wanted ? familyOf(wanted) : recognise(model);
    const output = family.outputs.find((name) => model.outputs.some((port) => port.name === name));
    const dim = Number(model.outputs.find(({ name }) => name === output)?.dims.at(-1) ?? card?.dim);
    if (output === undefined || !Number.isInteger(dim)) throw noTextEncoder(model);
    return textEncoder(model, family, {
      output,
      space: spaceOf(model, dim),
      prefix: asked.prefix ?? card?.prefix ?? '',
      maxTokens: asked.maxTokens ?? card?.maxTokens ?? limitOf(model),
    });
  } catch (error) {
    await model[Symbol.asyncDispose]();
    throw error;
  }
}

const familyOf = (name: TextFamilyName): TextFamily => families[name];

function recognise(model: Model): TextFamily {
  const names = model.outputs.map(({ name }) => name);
  const family = Object.values<TextFamily>(families).find(({ outputs }) =>
    outputs.some((name) => names.includes(name)),
  );
  if (!family) throw noTextEncoder(model);
  return family;
}

function noTextEncoder({ reference, outputs }: Model): CognateError {
  const names = outputs.map(({ name }) => name).join(', ');
  return new CognateError(
    'file-format',
    `loadTextEncoder() needs a graph that gives one vector per text, ${reference.model} gives ${names}`,
  );
}

/** The repository names its space (`config.json`, key `cognate`); otherwise model and revision do. */
function spaceOf({ config, reference }: Model, dim: number): Space {
  const own = (config['cognate'] as { space?: { id?: unknown } } | undefined)?.space?.id;
  const { model, revision = 'main', file } = reference;
  const id = typeof own === 'string' ? own : `${model}@${revision}${file ? `/${file}` : ''}`;
  return { id, dim, normalized: true };
}

function limitOf({ tokenizer, config }: Model): number {
  const positions = Number(config['max_position_embeddings'] ?? Infinity);
  const limit = Math.min(tokenizer?.maxTokens ?? Infinity, positions);
  return Number.isFinite(limit) ? limit : 512;
}
