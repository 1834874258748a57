import { CognateError } from '@cognate/core';
import type { TrainingService } from '../shared/training.ts';

export function trainingService(): TrainingService {
  return {
    async fit() {
      throw new CognateError('load-failed', 'No aligner yet');
    },
    pause() {},
  };
}
