import { loadAlignment } from '@cognate/aligner';
import { CognateError, type Alignment, type CallOptions } from '@cognate/core';
import { loadOnce } from './load-once.ts';
import type { StarterFiles } from './starter-files.ts';

/** Alignments by number, as the page counts them; 0 is the starter's own. */
export interface Alignments {
  get(number: number, options?: CallOptions): Promise<Alignment>;
  /** @throws {CognateError} `file-format`; `space-mismatch` when it joins other spaces than the starter's own. */
  use(number: number, bytes: Uint8Array, options?: CallOptions): Promise<Alignment>;
}

/** @param given files that the page has handed to an earlier worker. They were found good then. */
export function alignments(files: StarterFiles, given: ReadonlyMap<number, Uint8Array>): Alignments {
  const read = new Map<number, Alignment>();
  const own = loadOnce(async (options) =>
    loadAlignment(await files.bytes('alignments/text-image.safetensors', options)),
  );

  return {
    async get(number, options) {
      if (number === 0) return own(options);
      const known = read.get(number);
      if (known) return known;
      const bytes = given.get(number);
      if (!bytes) throw new CognateError('invalid-input', `translator() knows no alignment of number ${number}`);
      const alignment = loadAlignment(bytes);
      read.set(number, alignment);
      return alignment;
    },
    async use(number, bytes, options) {
      const alignment = loadAlignment(bytes);
      requireSpaces(alignment, await own(options));
      read.set(number, alignment);
      return alignment;
    },
  };
}

/** Either way round. */
function requireSpaces(got: Alignment, wanted: Alignment): void {
  const ids = ({ source, target }: Alignment): string[] => [source.id, target.id].sort();
  if (String(ids(got)) === String(ids(wanted))) return;
  throw new CognateError(
    'space-mismatch',
    `use() needs an alignment of ${ids(wanted).join(' and ')}, got one of ${ids(got).join(' and ')}`,
  );
}
