import { toHalf, writeSafetensors, type Embeddings } from '@cognate/core';
import { readBank, type Bank } from '@cognate/decoders';

/** Banks that were made in this browser, kept for the next visit where it allows that. */
export interface KeptBanks {
  /** The kept bank of that name and of exactly these items, or what `make` makes. */
  get(name: string, items: readonly string[], make: () => Promise<Embeddings>): Promise<Bank>;
}

const cacheName = 'cognate-banks';

/**
 * @param revision says of which models, and of which revision of them, the banks are; banks of others are not found.
 * Asked for at the first use.
 */
export function keptBanks(revision: () => Promise<string>): KeptBanks {
  async function address(name: string): Promise<string> {
    return `https://cognate.invalid/${encodeURIComponent(await revision())}/${encodeURIComponent(name)}`;
  }

  async function find(name: string, items: readonly string[]): Promise<Bank | undefined> {
    try {
      const found = await (await caches.open(cacheName)).match(await address(name));
      const bank = found && readBank(new Uint8Array(await found.arrayBuffer()));
      return bank && String(bank.items) === String(items) ? bank : undefined;
    } catch {
      // No cache here, or a damaged entry: as good as nothing kept.
      return undefined;
    }
  }

  async function keep(name: string, items: readonly string[], points: Embeddings): Promise<void> {
    const { space, count, data } = points;
    const rows = { dtype: 'F16', shape: [count, space.dim], data: toHalf(data) } as const;
    const file = writeSafetensors([['rows', rows]], { space: JSON.stringify(space), items: JSON.stringify(items) });
    try {
      await (await caches.open(cacheName)).put(await address(name), new Response(file));
    } catch {
      // No room, or private browsing: it is made again on the next visit.
    }
  }

  return {
    async get(name, items, make) {
      const found = await find(name, items);
      if (found) return found;
      const points = await make();
      await keep(name, items, points);
      return { items, rows: points };
    },
  };
}
