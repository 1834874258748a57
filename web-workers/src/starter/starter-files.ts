import { CognateError } from '@cognate/core';

/** Files of the starter that are no models: banks, alignments, names, pictures. */
export interface StarterFiles {
  /** @throws {CognateError} `load-failed` when it cannot be fetched. */
  bytes(path: string, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  /** @throws {CognateError} as `bytes`; `file-format` when it is no JSON. */
  json(path: string, signal?: AbortSignal): Promise<unknown>;
}

/** @param folder absolute address of `starter/`. */
export function starterFiles(folder: URL): StarterFiles {
  async function bytes(path: string, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const url = new URL(path, folder);
    try {
      const response = await fetch(url, { signal: signal ?? null });
      // A server of a single-page app answers everything with its page.
      if (response.ok && !response.headers.get('content-type')?.startsWith('text/html')) {
        return new Uint8Array(await response.arrayBuffer());
      }
      throw new CognateError('load-failed', `The starter needs the file ${url.href}, and the server has none there`);
    } catch (cause) {
      signal?.throwIfAborted();
      if (cause instanceof CognateError) throw cause;
      throw new CognateError('load-failed', `The starter needs the file ${url.href}, and nobody answers there`, {
        cause,
      });
    }
  }
  return {
    bytes,
    async json(path, signal) {
      const text = new TextDecoder().decode(await bytes(path, signal));
      try {
        return JSON.parse(text) as unknown;
      } catch (cause) {
        throw new CognateError('file-format', `The starter's file ${path} is no JSON`, { cause });
      }
    },
  };
}
