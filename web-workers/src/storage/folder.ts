/** A folder of files that stay in this browser. Every call may reject: the disk may be full, the browser unwilling. */
export interface Folder {
  /** Names of files and folders in it, without what was half written. */
  names(): Promise<string[]>;
  /** The file's bytes; undefined where there is none. */
  read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Puts the parts into one file. Whoever reads it finds all of it, or what was there before. */
  write(name: string, parts: readonly Uint8Array<ArrayBuffer>[]): Promise<void>;
  /** A file, or a folder with all that is in it. It need not be there. */
  remove(name: string): Promise<void>;
  /** A folder in this one, which is made when something is first written to it. */
  folder(name: string): Folder;
}

/** Names that end so are of files being written. */
const unfinished = '.part';

/**
 * A folder of the origin's private file system, of the root when it has no parent. Nothing is touched before the first
 * call; where the browser has no such file system (private browsing, no secure context), all calls reject.
 */
export function privateFolder(path: readonly string[]): Folder {
  const open = async (create: boolean): Promise<FileSystemDirectoryHandle | undefined> => {
    let handle = await navigator.storage.getDirectory();
    for (const name of path) {
      const next = await unlessMissing(handle.getDirectoryHandle(name, { create }));
      if (!next) return undefined;
      handle = next;
    }
    return handle;
  };
  return {
    async names() {
      const names: string[] = [];
      for await (const name of (await open(false))?.keys() ?? []) if (!name.endsWith(unfinished)) names.push(name);
      return names;
    },
    async read(name) {
      const file = await unlessMissing((await open(false))?.getFileHandle(name));
      return file && new Uint8Array(await (await file.getFile()).arrayBuffer());
    },
    async write(name, parts) {
      const folder = (await open(true))!;
      // A name of its own, since a worker that was killed may not have let go of its file yet.
      const aside = `${name}.${Math.random().toString(36).slice(2)}${unfinished}`;
      const file = (await folder.getFileHandle(aside, { create: true })) as MovableHandle;
      try {
        await fill(file, parts);
        await file.move(name);
      } catch (error) {
        await folder.removeEntry(aside).catch(() => {});
        throw error;
      }
    },
    async remove(name) {
      await unlessMissing((await open(false))?.removeEntry(name, { recursive: true }));
    },
    folder: (name) => privateFolder([...path, name]),
  };
}

/** `move()` is in all engines, and not yet in TypeScript. It takes the place of a file of that name. */
type MovableHandle = FileSystemFileHandle & { move(name: string): Promise<void> };

/** Workers have the faster way in; pages have the other. */
async function fill(file: FileSystemFileHandle, parts: readonly Uint8Array<ArrayBuffer>[]): Promise<void> {
  const quick: Partial<SyncAccess> = file as object;
  const access = await quick.createSyncAccessHandle?.();
  if (access) {
    try {
      let at = 0;
      for (const part of parts) {
        // No exception where the disk is full in the middle of a part: it tells how much it took.
        const taken = access.write(part, { at });
        if (taken < part.length) throw new DOMException('The disk is full', 'QuotaExceededError');
        at += taken;
      }
      access.flush();
    } finally {
      access.close();
    }
  } else {
    const writable = await file.createWritable();
    try {
      for (const part of parts) await writable.write(part);
      await writable.close();
    } catch (error) {
      await writable.abort().catch(() => {});
      throw error;
    }
  }
}

/** The part of it that is needed here: types of pages do not have it. */
interface SyncAccess {
  createSyncAccessHandle(): Promise<{
    write(bytes: Uint8Array<ArrayBuffer>, options: { readonly at: number }): number;
    flush(): void;
    close(): void;
  }>;
}

async function unlessMissing<T>(promise: Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof DOMException && (error.name === 'NotFoundError' || error.name === 'TypeMismatchError'))
      return undefined;
    throw error;
  }
}
