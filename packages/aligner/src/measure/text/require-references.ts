import { CognateError } from '@cognate/core';

/** @throws {CognateError} `shape-mismatch`, `invalid-input` unless every item has at least one reference. */
export function requireReferences(
  call: string,
  hypotheses: readonly string[],
  references: readonly (readonly string[])[],
): void {
  if (hypotheses.length !== references.length || hypotheses.length === 0) {
    throw new CognateError(
      'shape-mismatch',
      `${call} needs as many lists of references as texts, at least one, got ${references.length} and ${hypotheses.length}`,
    );
  }
  const bare = references.findIndex(({ length }) => length === 0);
  if (bare >= 0)
    throw new CognateError('invalid-input', `${call} needs at least one reference for text ${bare}, got none`);
}
