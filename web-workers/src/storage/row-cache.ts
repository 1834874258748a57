import type { BlockHead, RowBlocks } from './row-blocks.ts';

export interface CacheSize {
  readonly rows: number;
  readonly bytes: number;
}

/** Rows by content. Never rejects: at worst nothing is known and nothing is kept. */
export interface RowCache {
  /** Copies the rows that are known to their places in `out`, `[keys.length, dim]`, and tells which they are. */
  fill(model: string, keys: readonly (string | undefined)[], dim: number, out: Float32Array): Promise<boolean[]>;
  /** Keeps `rows`, `[keys.length, dim]`, which become the cache's. */
  keep(model: string, keys: readonly string[], rows: Float32Array<ArrayBuffer>): Promise<void>;
  size(): Promise<CacheSize>;
  clear(): Promise<void>;
}

/** How exactly it is known when a block was last wanted. */
const touchMs = 60_000;

/** After an eviction, so much of the limit is in use: the next one is some way off. */
const leftAfterwards = 0.9;

/**
 * @param open finds the blocks; asked once, when first needed.
 * @param limitBytes where more is kept, blocks that nobody has wanted for longest are dropped.
 */
export function rowCache(open: () => Promise<RowBlocks>, limitBytes: number): RowCache {
  let opened: Promise<State> | undefined;
  const state = (): Promise<State> => (opened ??= open().then(known));

  /** Drops the blocks that nobody has wanted for longest, other tabs' among them, until `bytes` are left. */
  async function shrink(now: State, bytes: number): Promise<void> {
    const heads = (await now.blocks.heads()).sort((a, b) => b.used - a.used);
    let sum = 0;
    const dropped = heads.filter((head) => (sum += head.bytes) > bytes);
    await now.blocks.remove(dropped.map(({ id }) => id));
    opened = Promise.resolve(known(now.blocks, heads.slice(0, heads.length - dropped.length)));
  }

  return {
    async fill(model, keys, dim, out) {
      const found = keys.map(() => false);
      try {
        const { blocks, places, heads } = await state();
        const wanted = new Map<number, number[]>();
        keys.forEach((key, i) => {
          const block = key === undefined ? undefined : places.get(model + key)?.block;
          if (block !== undefined) wanted.set(block, [...(wanted.get(block) ?? []), i]);
        });
        const now = Date.now();
        const stale: number[] = [];
        for (const [id, rows] of wanted) {
          const head = heads.get(id)!;
          const data = await blocks.read(id);
          // Another tab may have dropped it.
          if (data?.length !== head.keys.length * dim) continue;
          for (const i of rows) {
            const { at } = places.get(model + keys[i]!)!;
            out.set(data.subarray(at * dim, (at + 1) * dim), i * dim);
            found[i] = true;
          }
          if (now - head.used < touchMs) continue;
          heads.set(id, { ...head, used: now });
          stale.push(id);
        }
        if (stale.length > 0) await blocks.touch(stale, now);
      } catch {
        // What was found is right; the rest counts as unknown.
      }
      return found;
    },
    async keep(model, keys, rows) {
      const head = { model, keys, bytes: rows.byteLength + 64 * keys.length, used: Date.now() };
      if (head.bytes > limitBytes) return;
      try {
        let now = await state();
        const add = async (): Promise<void> => now.add({ ...head, id: await now.blocks.add(head, rows) });
        try {
          await add();
        } catch (error) {
          if (!(error instanceof DOMException) || error.name !== 'QuotaExceededError') throw error;
          await shrink(now, now.bytes / 2);
          now = await state();
          await add();
        }
        if (now.bytes > limitBytes) await shrink(now, limitBytes * leftAfterwards);
      } catch {
        // Computed again the next time.
      }
    },
    async size() {
      try {
        const heads = await (await state()).blocks.heads();
        return {
          rows: heads.reduce((sum, { keys }) => sum + keys.length, 0),
          bytes: heads.reduce((sum, { bytes }) => sum + bytes, 0),
        };
      } catch {
        return { rows: 0, bytes: 0 };
      }
    },
    async clear() {
      try {
        await shrink(await state(), 0);
      } catch {
        // Nothing there.
      }
    },
  };
}

/** What this worker knows of the blocks; other tabs may have changed them since. */
interface State {
  readonly blocks: RowBlocks;
  readonly heads: Map<number, BlockHead>;
  /** By model and key. */
  readonly places: Map<string, { readonly block: number; readonly at: number }>;
  bytes: number;
  add(head: BlockHead): void;
}

async function known(blocks: RowBlocks, heads?: readonly BlockHead[]): Promise<State> {
  const state: State = {
    ...{ blocks, heads: new Map(), places: new Map(), bytes: 0 },
    add(head) {
      state.heads.set(head.id, head);
      state.bytes += head.bytes;
      head.keys.forEach((key, at) => state.places.set(head.model + key, { block: head.id, at }));
    },
  };
  for (const head of heads ?? (await blocks.heads())) state.add(head);
  return state;
}
