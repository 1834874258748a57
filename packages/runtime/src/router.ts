import { env, LogLevel } from '@huggingface/transformers';
import { CognateError } from '@cognate/core';
import { MissingFile } from './fetch-file.ts';

/** Where transformers.js believes models to be. The name can never resolve, so nothing leaks if the router is bypassed. */
const host = 'https://models.invalid/';

/** Brings one file of one repository. */
export type FileSource = (file: string) => Promise<Uint8Array<ArrayBuffer>>;

/** Loads in progress, by the number that stands for the model in the addresses transformers.js asks for. */
const sources = new Map<string, FileSource>();
let loads = 0;

/**
 * Lets `use` call transformers.js with a model id whose files come from `source`, and from nowhere else. Each load has
 * its own id, so its abort signal, progress and checks never mix with those of another.
 */
export async function routed<Result>(source: FileSource, use: (id: string) => Promise<Result>): Promise<Result> {
  install();
  const id = `load-${loads++}`;
  sources.set(id, source);
  try {
    return await use(id);
  } finally {
    sources.delete(id);
  }
}

function install(): void {
  if (env.fetch === route) return;
  env.fetch = route;
  env.remoteHost = host;
  env.remotePathTemplate = '{model}/';
  env.allowRemoteModels = true;
  env.allowLocalModels = false;
  // Files are checked and kept before transformers.js sees them.
  env.useBrowserCache = false;
  env.useWasmCache = false;
  env.logLevel = LogLevel.ERROR;
}

/** Answers a request of transformers.js, or refuses it. @throws {CognateError} `load-failed` for any other address. */
export async function route(input: string | URL): Promise<Response> {
  const url = new URL(String(input), globalThis.location?.href);
  const [, id, file] = /^\/([^/]+)\/(.+)$/.exec(url.pathname) ?? [];
  const source = url.href.startsWith(host) && id !== undefined ? sources.get(id) : undefined;
  if (!source || file === undefined) {
    throw new CognateError(
      'load-failed',
      `The page named no model at ${url.host}, so nothing is fetched from ${url.href}`,
    );
  }
  try {
    const bytes = await source(decodeURIComponent(file));
    return new Response(bytes, { headers: { 'content-length': String(bytes.length) } });
  } catch (error) {
    // Optional files (a generation config, a chat template) may be absent.
    if (error instanceof MissingFile) return new Response(null, { status: 404 });
    throw error;
  }
}
