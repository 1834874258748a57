import { CognateError, writeSafetensors, type Embeddings } from '@cognate/core';

/**
 * Sets of rows as one safetensors file: a float32 tensor `[count, dim]` for each name, and its space as JSON in the
 * header's metadata under `space.<name>`.
 * @throws {CognateError} `invalid-input` when there are none.
 */
export function writeVectors(sets: Readonly<Record<string, Embeddings>>): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(sets);
  if (entries.length === 0) throw new CognateError('invalid-input', 'writeVectors() needs at least one set of rows');
  return writeSafetensors(
    entries.map(([name, { space, count, data }]) => [name, { dtype: 'F32', shape: [count, space.dim], data }]),
    Object.fromEntries(entries.map(([name, { space }]) => [`space.${name}`, JSON.stringify(space)])),
  );
}
