import { isCognateError } from '@cognate/core';
import { encodingOf, openText } from './text-source.ts';

/** Of a longer file, what comes after is not looked at. */
const mostLooked = 16_777_216;

/** So many letters beyond ASCII are no Unicode by chance. */
const leastLetters = 5;

/**
 * The encodings that a file may be written in: the Unicode one alone where its bytes are such text, or were until they
 * were damaged; else those of `others` that can be read without a fault, in their order.
 * @param others labels as `TextDecoder` takes them.
 * @throws {CognateError} `invalid-input` for an unknown encoding or a file that cannot be read. Aborting rejects with
 * `signal.reason`.
 */
export async function encodingsOf(
  file: Blob,
  others: readonly string[],
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<string[]> {
  const unicode = encodingOf(new Uint8Array(await file.slice(0, 1024).arrayBuffer()));
  const { faultless, letters } = await tried(unicode, file, signal);
  if (faultless || letters >= leastLetters) return [unicode];
  const found: string[] = [];
  for (const label of others) if ((await tried(label, file, signal)).faultless) found.push(label);
  return found;
}

/** Whether a file can be read in an encoding, and how many letters beyond ASCII were read until it could not. */
async function tried(
  encoding: string,
  file: Blob,
  signal: AbortSignal | undefined,
): Promise<{ faultless: boolean; letters: number }> {
  const text = await openText(file, { encoding, signal, place: () => 1 });
  let letters = 0;
  try {
    for (let piece = await text.next(); piece !== undefined; piece = await text.next()) {
      letters += piece.match(/[^\0-\x7f]/g)?.length ?? 0;
      if (text.done >= mostLooked) break;
    }
    return { faultless: true, letters };
  } catch (error) {
    if (isCognateError(error) && error.code === 'file-format') return { faultless: false, letters };
    throw error;
  } finally {
    await text.close();
  }
}
