import { CognateError, type CallOptions } from '@cognate/core';

/** Files of the starter that are no models: banks, alignments, names, pictures. */
export interface StarterFiles {
  /** @throws {CognateError} `load-failed` when it cannot be fetched. */
  bytes(path: string, options: CallOptions): Promise<Uint8Array<ArrayBuffer>>;
  /** @throws {CognateError} as `bytes`; `file-format` when it is no JSON. */
  json(path: string, options: CallOptions): Promise<unknown>;
}

/** @param folder absolute address of `starter/`. */
export function starterFiles(folder: URL): StarterFiles {
  async function bytes(path: string, { signal, onProgress }: CallOptions): Promise<Uint8Array<ArrayBuffer>> {
    const url = new URL(path, folder);
    try {
      const response = await fetch(url, { signal: signal ?? null });
      // A server of a single-page app answers everything with its page.
      if (!response.ok || response.headers.get('content-type')?.startsWith('text/html')) {
        throw new CognateError('load-failed', `The starter needs the file ${url.href}, and the server has none there`);
      }
      const metered = response.body?.pipeThrough(meter(path, response.headers, onProgress));
      return new Uint8Array(await new Response(metered).arrayBuffer());
    } catch (cause) {
      signal?.throwIfAborted();
      if (cause instanceof CognateError) throw cause;
      const message = `The starter needs the file ${url.href}, and the connection fails`;
      throw new CognateError('load-failed', message, { cause });
    }
  }
  return {
    bytes,
    async json(path, options) {
      const text = new TextDecoder().decode(await bytes(path, options));
      try {
        return JSON.parse(text) as unknown;
      } catch (cause) {
        throw new CognateError('file-format', `The starter's file ${path} is no JSON`, { cause });
      }
    },
  };
}

/** Tells how many bytes have passed. The promised length counts only where nothing was compressed on the way. */
function meter(file: string, headers: Headers, onProgress: CallOptions['onProgress']) {
  const promised = headers.get('content-encoding') ? null : headers.get('content-length');
  const total = promised === null ? {} : { total: Number(promised) };
  let done = 0;
  return new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      done += chunk.length;
      onProgress?.({ phase: 'download', file, done, ...total });
      controller.enqueue(chunk);
    },
  });
}
