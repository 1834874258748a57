import { CognateError, embeddings, floats, readSafetensors, type Embeddings, type Space } from '@cognate/core';

/** What a retrieval decoder finds things in: one row per item. */
export interface Bank {
  readonly rows: Embeddings;
  /** Keys of the items, such as hexcodes; `items[i]` belongs to row i. */
  readonly items: readonly string[];
}

/**
 * Reads a bank file: a safetensors file with the tensor `rows` `[n, dim]` (F16 or F32) and the metadata `space` and
 * `items`, both JSON.
 * @throws {CognateError} `file-format` when anything of this is missing or does not fit together.
 */
export function readBank(bytes: Uint8Array): Bank {
  const file = readSafetensors(bytes);
  const space = json(file.metadata['space'], 'space', isSpace);
  const items = json(file.metadata['items'], 'items', isTexts);
  const data = floats(file, 'rows', [items.length, space.dim]);
  try {
    return { rows: embeddings(space, data), items };
  } catch (cause) {
    throw new CognateError('file-format', 'readBank() needs finite numbers in every row', { cause });
  }
}

function json<Value>(text: string | undefined, name: string, fits: (value: unknown) => value is Value): Value {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch (cause) {
    throw new CognateError('file-format', `readBank() needs JSON under the metadata "${name}"`, { cause });
  }
  if (fits(value)) return value;
  throw new CognateError('file-format', `readBank() cannot use the metadata "${name}" of this file`);
}

function isSpace(value: unknown): value is Space {
  const { id, dim, normalized } = (value ?? {}) as Partial<Space>;
  return typeof id === 'string' && Number.isInteger(dim) && Number(dim) > 0 && typeof normalized === 'boolean';
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
