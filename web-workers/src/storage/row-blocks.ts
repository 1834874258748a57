/** Rows that were computed together are kept together: a few large entries are read sooner than many small ones. */
export interface BlockHead {
  readonly id: number;
  /** Names whatever computed the rows. */
  readonly model: string;
  /** Of each row. */
  readonly keys: readonly string[];
  readonly bytes: number;
  /** When a row of it was last wanted, in milliseconds since the epoch. */
  readonly used: number;
}

/** Where blocks are kept. Every call may reject. */
export interface RowBlocks {
  /** Of all blocks. */
  heads(): Promise<BlockHead[]>;
  /** The rows of a block, one after the other; undefined when it is gone. */
  read(id: number): Promise<Float32Array<ArrayBuffer> | undefined>;
  /** Resolves with its id once it is safe. */
  add(head: Omit<BlockHead, 'id'>, rows: Float32Array<ArrayBuffer>): Promise<number>;
  touch(ids: readonly number[], used: number): Promise<void>;
  remove(ids: readonly number[]): Promise<void>;
}

/** Until the worker ends. */
export function blocksInMemory(): RowBlocks {
  const blocks = new Map<number, { head: BlockHead; readonly rows: Float32Array<ArrayBuffer> }>();
  let last = 0;
  return {
    heads: async () => Array.from(blocks.values(), ({ head }) => head),
    read: async (id) => blocks.get(id)?.rows,
    async add(head, rows) {
      const id = ++last;
      blocks.set(id, { head: { ...head, id }, rows });
      return id;
    },
    async touch(ids, used) {
      for (const id of ids) {
        const block = blocks.get(id);
        if (block) block.head = { ...block.head, used };
      }
    },
    async remove(ids) {
      for (const id of ids) blocks.delete(id);
    },
  };
}

/** In this browser's database, where tabs share them. @throws where the browser has none for this page. */
export async function blocksInDatabase(name: string): Promise<RowBlocks> {
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore('heads', { keyPath: 'id', autoIncrement: true });
    opening.result.createObjectStore('rows');
  };
  const database = await settled(opening);

  /** Resolves once all that `work` asks for is written. */
  async function change<T>(work: (heads: IDBObjectStore, rows: IDBObjectStore) => Promise<T>): Promise<T> {
    const transaction = database.transaction(['heads', 'rows'], 'readwrite');
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new DOMException('The change was undone', 'AbortError'));
    });
    done.catch(() => {});
    const result = await work(transaction.objectStore('heads'), transaction.objectStore('rows'));
    await done;
    return result;
  }
  const reading = (store: 'heads' | 'rows'): IDBObjectStore => database.transaction(store).objectStore(store);

  return {
    heads: async () => (await settled(reading('heads').getAll())) as BlockHead[],
    read: async (id) => (await settled(reading('rows').get(id))) as Float32Array<ArrayBuffer> | undefined,
    add: (head, rows) =>
      change(async (heads, all) => {
        const id = (await settled(heads.add(head))) as number;
        await settled(all.add(rows, id));
        return id;
      }),
    touch: (ids, used) =>
      change(async (heads) => {
        for (const id of ids) {
          const head = (await settled(heads.get(id))) as BlockHead | undefined;
          if (head) heads.put({ ...head, used });
        }
      }),
    remove: (ids) =>
      change(async (heads, rows) => {
        for (const id of ids) {
          heads.delete(id);
          rows.delete(id);
        }
      }),
  };
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = (event) => {
      // Told by the promise: the transaction's own event would reach the worker as an uncaught error.
      event.preventDefault();
      request.transaction?.abort();
      reject(request.error ?? new DOMException('The request failed', 'UnknownError'));
    };
  });
}
