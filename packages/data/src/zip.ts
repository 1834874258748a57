import { CognateError } from '@cognate/core';
import type { Entry } from '@zip.js/zip.js';

/** A file of a zip, not unpacked yet. */
export interface ZipFile {
  readonly path: string;
  /** Bytes when unpacked, as the archive tells. */
  readonly size: number;
  /** Unpacks it. @throws {CognateError} `file-format` when it is damaged, encrypted, longer than the archive told, a bomb, or compressed by another method than Deflate. */
  blob(): Promise<Blob>;
}

/** How entries are compressed, by the numbers of the format; others are rare. */
const [stored, deflated] = [0, 8];

/** A file of more bytes than this is unpacked where it shrank to no less than one in `densest`, as texts and numbers do. */
const [largest, densest] = [2 ** 28, 200];

const types: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  jfif: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  bmp: 'image/bmp',
  svg: 'image/svg+xml',
  ico: 'image/x-icon',
};

/**
 * The files of a zip, one by one from its directory, which stands at the end: of an archive of gigabytes only that is
 * read. @throws {CognateError} `file-format` when it is no zip or its directory is damaged.
 */
export async function* listZip(archive: Blob, name: string): AsyncGenerator<ZipFile> {
  // Some 40 kB that only those load who open a zip. The browser's own DecompressionStream unpacks.
  const { BlobReader, ZipReader } = await import('@zip.js/zip.js/lib/zip-core-external.js');
  // Paths that lead elsewhere are our caller's to name: here they are only names.
  const reader = new ZipReader(new BlobReader(archive), { useWebWorkers: false, filenameValidation: 'tolerant' });
  const entries = reader.getEntriesGenerator();
  try {
    for (;;) {
      const { done, value: entry } = await entries.next().catch((cause: unknown) => {
        throw new CognateError('file-format', `${name} is no zip, or a damaged one`, { cause });
      });
      if (done) return;
      // A folder has no content: one that has is a file whose attributes are damaged.
      if (typeof entry === 'object' && (!entry.directory || entry.uncompressedSize > 0)) {
        yield { path: entry.filename, size: entry.uncompressedSize, blob: () => unpack(entry, name) };
      }
    }
  } finally {
    await reader.close();
  }
}

async function unpack(entry: Entry, name: string): Promise<Blob> {
  const { filename, compressedSize, uncompressedSize, compressionMethod } = entry;
  const refused = (why: string, cause?: unknown): CognateError =>
    new CognateError('file-format', `“${filename}” in ${name} is ${why}`, { cause });
  if (entry.encrypted) throw refused('encrypted');
  if (entry.directory) throw refused('damaged');
  if (compressionMethod !== stored && compressionMethod !== deflated) {
    throw refused(`compressed by method ${compressionMethod} of zip: pack it anew by Deflate`);
  }
  if (uncompressedSize > largest && uncompressedSize > densest * compressedSize) {
    const bytes = `${Math.round(uncompressedSize / 2 ** 20)} MiB packed into ${compressedSize} bytes`;
    throw refused(`no data but a bomb: ${bytes}`);
  }
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const sink = new WritableStream<Uint8Array<ArrayBuffer>>({
    write(part) {
      length += part.length;
      if (length > uncompressedSize) throw new Error(`more than the ${uncompressedSize} bytes that were told`);
      parts.push(part);
    },
  });
  try {
    await entry.getData(sink, { checkSignature: true, checkOverlappingEntry: true, useWebWorkers: false });
  } catch (cause) {
    throw refused('damaged', cause);
  }
  const type = types[/\.([^.]+)$/.exec(filename.toLowerCase())?.[1] ?? ''];
  return new Blob(parts, type === undefined ? {} : { type });
}
