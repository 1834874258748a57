import type { Breathe } from '@cognate/core';
import type { Multiply } from './matrix.ts';
import { slicedMultiply } from './slices.ts';

/** What a long computation runs with. */
export interface Tools {
  readonly times: Multiply;
  readonly breathe: Breathe;
}

/** Without the training engine. */
export function plainTools(breathe: Breathe): Tools {
  return { times: slicedMultiply(breathe), breathe };
}
