export interface VirtualFile {
  readonly body: Uint8Array<ArrayBuffer> | string | object;
  readonly status?: number;
  readonly type?: string;
  /** What the server claims; the true length unless told. */
  readonly length?: number;
  /** Holds the second half of the body back until this settles. */
  readonly gate?: Promise<unknown>;
}

/** Files by path or whole address; a bare body stands for a file that is served normally. */
export type VirtualFiles = Record<string, VirtualFile | Uint8Array<ArrayBuffer>>;

export interface VirtualServer {
  /** Every address that was asked for since the start, in order. */
  readonly requests: readonly string[];
  readonly files: VirtualFiles;
  /** Gives `fetch` back to the browser. */
  restore(): void;
}

/**
 * Answers `fetch` for the given addresses in this realm; the rest goes to the real server. Tests make repositories of a few bytes this way, broken in any way they like.
 */
export function serveVirtually(files: VirtualFiles): VirtualServer {
  const real = globalThis.fetch;
  const requests: string[] = [];
  const whole = (key: string): string => new URL(key, location.href).href;
  globalThis.fetch = async (input, init) => {
    const url = whole(input instanceof Request ? input.url : String(input));
    requests.push(url);
    const key = Object.keys(files).find((each) => whole(each) === url);
    init?.signal?.throwIfAborted();
    return key === undefined ? real(input, init) : respond(files[key]!, init?.signal ?? undefined);
  };
  return { requests, files, restore: () => void (globalThis.fetch = real) };
}

function respond(entry: VirtualFile | Uint8Array<ArrayBuffer>, signal: AbortSignal | undefined): Response {
  const file: VirtualFile = entry instanceof Uint8Array ? { body: entry } : entry;
  const bytes =
    file.body instanceof Uint8Array
      ? file.body
      : new TextEncoder().encode(typeof file.body === 'string' ? file.body : JSON.stringify(file.body));
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      signal?.addEventListener('abort', () => controller.error(signal.reason));
      const half = bytes.length >> 1;
      controller.enqueue(bytes.slice(0, half));
      await file.gate;
      if (signal?.aborted) return;
      controller.enqueue(bytes.slice(half));
      controller.close();
    },
  });
  const headers = {
    'content-type': file.type ?? 'application/octet-stream',
    'content-length': String(file.length ?? bytes.length),
  };
  return new Response(body, { status: file.status ?? 200, headers });
}
