import type { CallOptions } from '@cognate/core';
import type { FolderFile } from './folder.ts';
import { reasonOf } from './problems.ts';
import { readText } from './text-source.ts';

/** The caption that a text file holds, or what is wrong with the file: one of many must not cost the others. */
export async function readCaption(
  file: FolderFile,
  options: CallOptions & { readonly encoding?: string },
): Promise<
  { readonly text: string; readonly fault?: undefined } | { readonly text?: undefined; readonly fault: string }
> {
  try {
    const text = (await readText(await file.blob(), options)).trim();
    return text === '' ? { fault: 'is empty' } : { text };
  } catch (error) {
    return { fault: `cannot be read: ${reasonOf(error, options.signal)}` };
  }
}
