import { CognateError } from '@cognate/core';
import { checkFile, checkSha256 } from './check-file.ts';
import type { FileMeter } from './download-meter.ts';
import { cached, evict, keep } from './file-cache.ts';

/** One file of a model, and what to do with it on the way. */
export interface FileRequest {
  readonly url: string;
  /** Path inside the repository. */
  readonly file: string;
  /** As people know it. */
  readonly name: string;
  /** It comes from a host that the page named: kept for next time, redirects (to the host's storage) followed. */
  readonly foreign: boolean;
  readonly sha256?: string | undefined;
  readonly meter?: FileMeter | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A file that the server does not have. */
export class MissingFile extends CognateError {}

/**
 * Brings one checked file, from the cache where it is kept and sound: a broken copy is evicted and fetched anew.
 * @throws {CognateError} `load-failed` when it cannot be fetched (`MissingFile` when the server does not have it),
 * `file-format` when it is not what it claims to be.
 */
export async function fetchFile(request: FileRequest): Promise<Uint8Array<ArrayBuffer>> {
  const { url, file, name, meter, signal } = request;
  signal?.throwIfAborted();
  const check = async (bytes: Uint8Array<ArrayBuffer>): Promise<void> => {
    checkFile(name, file, bytes);
    if (request.sha256) await checkSha256(name, bytes, request.sha256);
  };

  const kept = request.foreign ? await cached(url) : undefined;
  if (kept) {
    try {
      const bytes = await readBody(kept, meter, signal);
      const promised = kept.headers.get('content-length');
      if (promised !== null && Number(promised) !== bytes.length) throw new Error('cut off');
      await check(bytes);
      return bytes;
    } catch {
      signal?.throwIfAborted();
      await evict(url);
    }
  }

  const response = await ask(request);
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await readBody(response, meter, signal);
  } catch (cause) {
    signal?.throwIfAborted();
    throw new CognateError('load-failed', `loadModel() lost the connection while fetching ${name} from ${url}`, {
      cause,
    });
  }
  await check(bytes);
  if (request.foreign) await keep(url, bytes);
  return bytes;
}

async function ask({ url, name, file, signal, foreign }: FileRequest): Promise<Response> {
  let response: Response;
  try {
    // What the page's own origin serves must not lead away from it.
    response = await fetch(url, { signal: signal ?? null, redirect: foreign ? 'follow' : 'error' });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new CognateError('load-failed', `loadModel() cannot reach ${new URL(url).host} for ${name} (${url})`, {
      cause,
    });
  }
  if (!response.ok) {
    await response.body?.cancel();
    const why = { 401: 'asks for a login', 403: 'forbids it', 404: 'does not have it' }[response.status] ?? 'failed';
    const message = `loadModel() needs the file ${name}, but ${new URL(url).host} ${why} (${response.status} for ${url})`;
    throw response.status === 404 ? new MissingFile('load-failed', message) : new CognateError('load-failed', message);
  }
  if (/^text\/html\b/.test(response.headers.get('content-type') ?? '') && !file.endsWith('.html')) {
    await response.body?.cancel();
    // A single-page server answers every unknown address with its start page.
    throw new MissingFile('load-failed', `loadModel() needs the file ${name}, but ${url} is a web page`);
  }
  return response;
}

/** Reads all bytes, telling the meter. The size promised by the server counts only where nothing was compressed. */
async function readBody(
  response: Response,
  meter: FileMeter | undefined,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const promised = response.headers.get('content-encoding') ? null : response.headers.get('content-length');
  const size = promised === null ? undefined : Number(promised);
  meter?.expect(size);
  if (!response.body) return new Uint8Array(await response.arrayBuffer());
  let bytes = new Uint8Array(size ?? 1 << 20);
  let length = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value: chunk } = await reader.read();
    if (done) break;
    signal?.throwIfAborted();
    if (length + chunk.length > bytes.length) {
      const larger = new Uint8Array(Math.max(2 * bytes.length, length + chunk.length));
      larger.set(bytes.subarray(0, length));
      bytes = larger;
    }
    bytes.set(chunk, length);
    length += chunk.length;
    meter?.reached(length);
  }
  meter?.finish(length);
  return length === bytes.length ? bytes : bytes.slice(0, length);
}
