import { embeddings, random, type Embeddings } from '@cognate/core';
import { writeNpy, writeParquet, writeVectors } from '@cognate/data';

/** What our writers write, and what Python must find in it: see data.py. */
export interface Written {
  readonly rows: Readonly<Record<string, number[][]>>;
  readonly texts: readonly string[];
  readonly scores: readonly number[];
  /** In base64, by file name. */
  readonly files: Readonly<Record<string, string>>;
}

export async function written(): Promise<Written> {
  const { normal } = random(7);
  const count = 11;
  const set = (id: string, dim: number): Embeddings =>
    embeddings(
      { id, dim, normalized: false },
      Float32Array.from({ length: count * dim }, () => normal()),
    );
  const sets = { source: set('left@1', 5), target: set('right@1', 3) };
  const texts = Array.from({ length: count }, (_, i) => (i === 3 ? '' : `line ${i}: “ß”, \u{1f600}\n"quoted"`));
  const scores = Array.from({ length: count }, () => normal());
  const files = {
    'source.npy': writeNpy(sets.source),
    'target.npy': writeNpy(sets.target),
    'both.safetensors': writeVectors(sets),
    'both.parquet': await writeParquet({ text: texts, score: scores, ...sets }),
  };
  return {
    rows: { source: rowsOf(sets.source), target: rowsOf(sets.target) },
    texts,
    scores,
    files: Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, toBase64(bytes)])),
  };
}

function rowsOf({ space: { dim }, count, data }: Embeddings): number[][] {
  return Array.from({ length: count }, (_, i) => Array.from(data.subarray(i * dim, (i + 1) * dim)));
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
