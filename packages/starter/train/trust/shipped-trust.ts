import type { CycleCalibration } from '@cognate/decoders';

/**
 * What the shipped config says of a model's cycle scores; undefined where it says nothing. The last run keeps it: it was
 * fitted to what the model made of concepts that it did not know then.
 */
export async function shippedTrust(folder: string): Promise<CycleCalibration | undefined> {
  const response = await fetch(`/${folder}/config.json`);
  if (!response.ok) throw new Error(`shippedTrust(): ${folder}/config.json answered ${response.status}`);
  const { cognate } = (await response.json()) as { readonly cognate: { readonly trust?: CycleCalibration } };
  return cognate.trust;
}
