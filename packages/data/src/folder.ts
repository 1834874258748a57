import { CognateError, type CallOptions } from '@cognate/core';
import { breather } from './breathe.ts';
import { problemList, type Problems } from './problems.ts';
import { listZip } from './zip.ts';

/** A file of a folder or archive. */
export interface FolderFile {
  /** Below the folder, with forward slashes. */
  readonly path: string;
  /** Reads, and for an archive unpacks, its content. */
  blob(): Promise<Blob>;
}

/** A folder, however it came. */
export interface Folder {
  readonly name: string;
  /** By path, numbers in names in the order that people count in. */
  readonly files: readonly FolderFile[];
  /** Files that were passed over, except those that systems leave behind. */
  readonly problems: Problems;
}

/** A zip, the files of `<input webkitdirectory>` or of a drop, or the handle of a directory. */
export type FolderSource = Blob | readonly File[] | FileSystemDirectoryHandle;

/** Bounds against archives that unpack to more than a computer holds. */
export interface FolderLimits {
  /** Default 100,000. */
  readonly maxFiles?: number;
  /** Of all files together, unpacked. Default 4 GiB. */
  readonly maxBytes?: number;
}

const order = new Intl.Collator('en', { numeric: true });

/**
 * Lists the files of a folder or zip; contents are read one by one when asked for. Hidden files and what systems leave
 * behind (`__MACOSX`, `Thumbs.db`) are passed over, paths that lead out of the archive are named among the problems. A
 * folder that holds nothing but one folder is that folder.
 * @throws {CognateError} `file-format` for a damaged archive; `invalid-input` beyond the limits.
 */
export async function openFolder(source: FolderSource, options: FolderLimits & CallOptions = {}): Promise<Folder> {
  const { maxFiles = 100_000, maxBytes = 2 ** 32, signal } = options;
  const problems = problemList();
  const breathe = breather(signal);
  const found: FolderFile[] = [];
  let bytes = 0;
  for await (const { path, size, blob } of filesOf(source)) {
    await breathe();
    const plain = path.replaceAll('\\', '/').replace(/^(\.\/)+/, '');
    const parts = plain.split('/');
    if (parts.some((part) => part === '__MACOSX' || /^(\.[^.]|thumbs\.db$|desktop\.ini$)/i.test(part))) continue;
    if (parts.some((part) => part === '..' || part === '' || part === '.') || /^[a-z]:/i.test(path)) {
      problems.add({ file: path, reason: 'a path that leads out of the archive' });
      continue;
    }
    bytes += size;
    if (found.length === maxFiles || bytes > maxBytes) {
      const limit = found.length === maxFiles ? `${maxFiles} files` : `${Math.round(maxBytes / 2 ** 20)} MiB unpacked`;
      throw new CognateError('invalid-input', `openFolder() takes at most ${limit}, and ${nameOf(source)} holds more`);
    }
    found.push({ path: parts.join('/'), blob });
  }
  const inner = found.map(({ path }) => path.slice(0, path.indexOf('/') + 1));
  const shared = inner[0] && inner.every((top) => top === inner[0]) ? inner[0] : '';
  const files = found
    .map(({ path, blob }) => ({ path: path.slice(shared.length), blob }))
    .sort((a, b) => order.compare(a.path, b.path));
  return { name: nameOf(source) || shared.slice(0, -1) || 'folder', files, problems };
}

interface Found extends FolderFile {
  readonly size: number;
}

async function* filesOf(source: FolderSource): AsyncGenerator<Found> {
  if (source instanceof Blob) yield* listZip(source, nameOf(source) || 'the zip');
  else if ('kind' in source) yield* filesBelow(source, '');
  else {
    for (const file of source) {
      yield { path: file.webkitRelativePath || file.name, size: file.size, blob: async () => file };
    }
  }
}

async function* filesBelow(directory: FileSystemDirectoryHandle, above: string): AsyncGenerator<Found> {
  for await (const handle of directory.values()) {
    const path = `${above}${handle.name}`;
    if (handle.kind === 'directory') yield* filesBelow(handle, `${path}/`);
    else {
      const file = await handle.getFile();
      yield { path, size: file.size, blob: async () => file };
    }
  }
}

function nameOf(source: FolderSource): string {
  if (source instanceof File) return source.name;
  return 'kind' in source ? source.name : '';
}
