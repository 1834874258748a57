import { toHalf, writeSafetensors, type Embeddings } from '@cognate/core';
import { readBank, type Bank } from '@cognate/decoders';

/** What a bank is of. */
export interface BankKey {
  readonly name: string;
  /** Names the model and its state: rows of another are of no use. */
  readonly model: string;
  readonly items: readonly string[];
}

/** Banks that were made in this browser, kept for the next visit where it allows that. */
export interface KeptBanks {
  /** The kept bank of exactly that key, or what `make` makes. */
  get(key: BankKey, make: () => Promise<Embeddings>): Promise<Bank>;
}

const cacheName = 'cognate-banks';

export function keptBanks(): KeptBanks {
  const address = ({ name, model }: BankKey): string =>
    `https://cognate.invalid/${encodeURIComponent(model)}/${encodeURIComponent(name)}`;

  async function find(key: BankKey): Promise<Bank | undefined> {
    try {
      const found = await (await caches.open(cacheName)).match(address(key));
      const bank = found && readBank(new Uint8Array(await found.arrayBuffer()));
      return bank && String(bank.items) === String(key.items) ? bank : undefined;
    } catch {
      // No cache here, or a damaged entry: as good as nothing kept.
      return undefined;
    }
  }

  async function keep(key: BankKey, { space, count, data }: Embeddings): Promise<void> {
    const rows = { dtype: 'F16', shape: [count, space.dim], data: toHalf(data) } as const;
    const file = writeSafetensors([['rows', rows]], { space: JSON.stringify(space), items: JSON.stringify(key.items) });
    try {
      await (await caches.open(cacheName)).put(address(key), new Response(file));
    } catch {
      // No room, or private browsing: it is made again on the next visit.
    }
  }

  return {
    async get(key, make) {
      const found = await find(key);
      if (found) return found;
      const points = await make();
      await keep(key, points);
      return { items: key.items, rows: points };
    },
  };
}
