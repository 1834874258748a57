import type { Embeddings } from '@cognate/core';
import { readNpy } from '@cognate/data';

/**
 * Points of reference data: radiographs and their reports (`convirt`), proteins and their descriptions (`clasp`). Row i
 * of one side belongs to row i of the other. Undefined where the data are absent; tests that want them skip then.
 */
export async function fixturePairs(name: 'convirt' | 'clasp'): Promise<[Embeddings, Embeddings] | undefined> {
  const response = await fetch(`/fixtures/data/modality-gap/features_${name}.npy`);
  if (!response.ok) return undefined;
  const { shape, data } = await readNpy(await response.blob());
  const [, count, dim] = shape as readonly [2, number, number];
  const side = (id: string, at: number): Embeddings => {
    const from = at * count * dim;
    return { space: { id, dim, normalized: true }, count, data: data.slice(from, from + count * dim) };
  };
  return [side('image', 0), side('text', 1)];
}
