import { CognateError } from '@cognate/core';
import type { InferenceConfig, InferenceService } from '../shared/inference.ts';

export function inferenceService(config: InferenceConfig): InferenceService {
  const todo = async (): Promise<never> => {
    throw new CognateError('load-failed', `No models yet at ${config.baseUrl}`);
  };
  return { load: todo, encode: todo, release: todo, prepare: todo, translate: todo, pairs: todo, use: todo };
}
