import { CognateError } from '@cognate/core';
import type { Prepare } from './image-encoder.ts';
import { preprocess, type PreprocessOptions } from './preprocess.ts';

/**
 * Preprocessing of this house's own models, which gives the same numbers everywhere: `size`, `image_mean`,
 * `image_std` and, ours alone, `do_trim` of `preprocessor_config.json`.
 * @throws {CognateError} `file-format` when one of them is missing or unusable.
 */
export function squarePreprocessing(model: string, config: Readonly<Record<string, unknown>>): Prepare {
  const options = optionsFrom(model, config);
  const dims = [3, options.size, options.size];
  return (picture) => ({ dims, data: preprocess(picture, options) });
}

function optionsFrom(model: string, config: Readonly<Record<string, unknown>>): PreprocessOptions {
  const bad = (key: string): CognateError =>
    new CognateError('file-format', `loadImageEncoder() cannot use "${key}" in preprocessor_config.json of ${model}`);
  const triple = (key: string): [number, number, number] => {
    const value = config[key];
    const fits = Array.isArray(value) && value.length === 3 && value.every((each) => Number.isFinite(each));
    if (!fits) throw bad(key);
    return value as [number, number, number];
  };
  const { height, width } = (config['size'] ?? {}) as { height?: unknown; width?: unknown };
  if (!Number.isInteger(height) || Number(height) < 1 || height !== width) throw bad('size');
  return {
    size: Number(height),
    mean: triple('image_mean'),
    std: triple('image_std'),
    trim: config['do_trim'] === true,
  };
}
