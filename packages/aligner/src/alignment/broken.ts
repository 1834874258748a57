import { CognateError } from '@cognate/core';

/** For a file that is no alignment, or no whole one. */
export function broken(needs: string, cause?: unknown): CognateError {
  return new CognateError('file-format', `loadAlignment() needs ${needs}`, cause === undefined ? undefined : { cause });
}
