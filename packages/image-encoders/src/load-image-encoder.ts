import { CognateError, type Encoder, type Picture, type Space } from '@cognate/core';
import { loadModel, type LoadOptions, type Model, type ModelReference, type Pixels } from '@cognate/runtime';
import type { ImageFamily } from './families/family.ts';
import { imageEncoder } from './image-encoder.ts';
import { families, imageModels, type ImageFamilyName } from './registry.ts';
import { squarePreprocessing } from './square-preprocessing.ts';
import { standardPreprocessing } from './standard-preprocessing.ts';

/** Which image model. What is left out comes from the registry, from the repository's config, or from the graph. */
export interface ImageEncoderSpec extends ModelReference {
  readonly family?: ImageFamilyName | undefined;
}

/**
 * Loads an encoder of pictures.
 * @param spec a starter model's name such as `cognate/image`, or more about any other model.
 * @throws {CognateError} as `loadModel()`; `file-format` when the graph is no image encoder of a known family.
 */
export async function loadImageEncoder(
  spec: string | ImageEncoderSpec,
  options?: LoadOptions,
): Promise<Encoder<Picture>> {
  const asked: ImageEncoderSpec = typeof spec === 'string' ? { model: spec } : spec;
  const card = imageModels.find(({ model }) => model === asked.model);
  const wanted = asked.family ?? card?.family;
  const reference: ModelReference = {
    ...asked,
    device: asked.device ?? card?.device,
    file: asked.file ?? (wanted && familyOf(wanted).file),
    dtype: asked.dtype ?? card?.dtype,
  };
  const model = await loadModel(reference, { ...options, preprocessing: true, processor: (config) => !isOurs(config) });
  try {
    const family = wanted ? familyOf(wanted) : recognise(model);
    const output = family.outputs.find((name) => model.outputs.some((port) => port.name === name));
    const dim = dimOf(model, output) ?? card?.dim;
    const input = model.inputs[0]?.name;
    if (output === undefined || dim === undefined || input === undefined) throw noImageEncoder(model);
    const { processor, preprocessing = {} } = model;
    const prepare = processor
      ? (standardPreprocessing(preprocessing) ?? ((picture: Pixels) => processor.process(picture)))
      : squarePreprocessing(asked.model, preprocessing);
    return imageEncoder(model, family, { space: spaceOf(model, dim), output, input, prepare });
  } catch (error) {
    await model[Symbol.asyncDispose]();
    throw error;
  }
}

/** Repositories that name their space are of this house, and so is their preprocessing. */
const isOurs = (config: Model['config']): boolean => 'cognate' in config;

const familyOf = (name: ImageFamilyName): ImageFamily => families[name];

function recognise(model: Model): ImageFamily {
  const names = model.outputs.map(({ name }) => name);
  const family = Object.values<ImageFamily>(families).find(({ outputs }) =>
    outputs.some((name) => names.includes(name)),
  );
  if (!family) throw noImageEncoder(model);
  return family;
}

/** `[b, dim]` and `[b, dim, 1, 1]` have it second, `[b, tokens, dim]` third. */
function dimOf({ outputs }: Model, output: string | undefined): number | undefined {
  const dims = outputs.find(({ name }) => name === output)?.dims;
  const dim = dims?.length === 3 ? dims[2] : dims?.[1];
  return typeof dim === 'number' ? dim : undefined;
}

function noImageEncoder({ reference, outputs }: Model): CognateError {
  const names = outputs.map(({ name }) => name).join(', ');
  return new CognateError(
    'file-format',
    `loadImageEncoder() needs a graph that gives one vector per picture, ${reference.model} gives ${names}`,
  );
}

/** The repository names its space (`config.json`, key `cognate`); otherwise model and revision do. */
function spaceOf({ config, reference }: Model, dim: number): Space {
  const own = (config['cognate'] as { space?: { id?: unknown } } | undefined)?.space?.id;
  const { model, revision = 'main', file } = reference;
  const id = typeof own === 'string' ? own : `${model}@${revision}${file ? `/${file}` : ''}`;
  return { id, dim, normalized: true };
}
