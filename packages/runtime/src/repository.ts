import { CognateError } from '@cognate/core';
import { parseJson } from './check-file.ts';
import type { DownloadMeter } from './download-meter.ts';
import { fetchFile, MissingFile } from './fetch-file.ts';
import { fileUrl, type ModelReference } from './reference.ts';

export type Json = Readonly<Record<string, unknown>>;

/** The files of one model while it loads; each is fetched once. */
export interface Repository {
  readonly reference: ModelReference;
  /** @throws {CognateError} as `fetchFile()`. */
  readonly bytes: (file: string) => Promise<Uint8Array<ArrayBuffer>>;
  /** @throws {CognateError} as `fetchFile()`, `file-format` when the file holds no JSON object. */
  json(file: string): Promise<Json>;
  /** The file, or undefined where the repository has none. */
  optional<Content>(content: Promise<Content>): Promise<Content | undefined>;
}

export function openRepository(
  reference: ModelReference,
  baseUrl: string | URL,
  meter: DownloadMeter,
  signal: AbortSignal,
): Repository {
  const files = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  const bytes = (file: string): Promise<Uint8Array<ArrayBuffer>> => {
    const known = files.get(file);
    if (known) return known;
    const arriving = fetchFile({
      url: fileUrl(reference, file, baseUrl),
      file,
      name: `${file} of ${reference.model}`,
      foreign: reference.host !== undefined,
      sha256: reference.sha256?.[file],
      meter: meter.add(file),
      signal,
    });
    files.set(file, arriving);
    return arriving;
  };
  return {
    reference,
    bytes,
    async json(file) {
      const name = `${file} of ${reference.model}`;
      const value = parseJson(name, await bytes(file));
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
      throw new CognateError('file-format', `loadModel() needs a JSON object in ${name}`);
    },
    async optional(content) {
      try {
        return await content;
      } catch (error) {
        if (error instanceof MissingFile) return undefined;
        throw error;
      }
    },
  };
}
