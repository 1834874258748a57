import { digest } from '../storage/pack.ts';

/**
 * Names the state of this code by the bytes of its own script: what another build has half computed, this one might end
 * otherwise. Empty where the script cannot be read again.
 */
export async function buildRevision(): Promise<string> {
  try {
    const response = await fetch(import.meta.url, { cache: 'force-cache' });
    return response.ok ? await digest([new Uint8Array(await response.arrayBuffer())]) : '';
  } catch {
    return '';
  }
}
