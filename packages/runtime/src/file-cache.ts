/** Name of the browser's cache storage that holds model files of named hosts. */
const cacheName = 'cognate-models';

/** One kept file. */
export interface CachedFile {
  readonly url: string;
  /** Size in bytes. */
  readonly bytes: number;
}

/** The store, or undefined where the browser has none (an insecure page, a private window, blocked storage). */
async function open(): Promise<Cache | undefined> {
  try {
    return await globalThis.caches?.open(cacheName);
  } catch {
    return undefined;
  }
}

/** The kept response for `url`, if any. Never rejects. */
export async function cached(url: string): Promise<Response | undefined> {
  const cache = await open();
  return cache?.match(url).catch(() => undefined);
}

/** Keeps a copy of `bytes`; a full disk is no reason to fail, the file is fetched again next time. */
export async function keep(url: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const cache = await open();
  const headers = { 'content-length': String(bytes.length) };
  await cache?.put(url, new Response(bytes, { headers })).catch(() => undefined);
}

/** Forgets one file. */
export async function evict(url: string): Promise<void> {
  const cache = await open();
  await cache?.delete(url).catch(() => undefined);
}

/** What is kept of models of named hosts; starter models live in the browser's ordinary HTTP cache. */
export async function cachedModelFiles(): Promise<readonly CachedFile[]> {
  const cache = await open();
  if (!cache) return [];
  const requests = await cache.keys();
  return Promise.all(
    requests.map(async ({ url }) => {
      const response = await cache.match(url);
      return { url, bytes: Number(response?.headers.get('content-length') ?? 0) };
    }),
  );
}

/** Forgets everything that was kept. */
export async function clearModelCache(): Promise<void> {
  await globalThis.caches?.delete(cacheName);
}
