import {
  CognateError,
  concat,
  isCognateError,
  type CallOptions,
  type Embeddings,
  type Picture,
  type Progress,
} from '@cognate/core';
import type { Cognate } from '@cognate/web-workers';
import { readPicture } from '../../read-picture.ts';
import { countOf, type PictureFile, type Side } from './side.ts';

/** Few enough that drawings, which the page has to turn into pixels, do not fill the memory. */
const drawingsAtOnce = 32;

/** One side as points. */
export interface Encoded {
  /** Of all rows that can be read, in their order. */
  readonly points: Embeddings;
  /** Pictures that cannot be read, by row, and why. */
  readonly unread: ReadonlyMap<number, string>;
}

/**
 * Points of one side, by the encoder that suits it; vectors are their own. What was encoded before is known.
 * @throws {CognateError} `invalid-input` where not one picture can be read.
 */
export async function encodeSide(cognate: Cognate, side: Side, options: CallOptions): Promise<Encoded> {
  switch (side.kind) {
    case 'vector':
      return { points: side.points, unread: new Map() };
    case 'text': {
      await using encoder = await cognate.encoder('text', { ...options, cache: true });
      return { points: await encoder.encode(side.texts, options), unread: new Map() };
    }
    case 'picture': {
      await using encoder = await cognate.encoder('image', { ...options, cache: true });
      const total = countOf(side);
      const encoded: Embeddings[] = [];
      const unread = new Map<number, string>();
      for (let done = 0; done < total; done += drawingsAtOnce) {
        const onProgress = (progress: Progress): void =>
          options.onProgress?.(
            progress.phase === 'encode' ? { phase: 'encode', done: done + progress.done, total } : progress,
          );
        const encode = (pictures: readonly Picture[]): Promise<Embeddings> =>
          encoder.encode(pictures, { signal: options.signal, onProgress });
        const some = side.pictures.slice(done, done + drawingsAtOnce);
        const { points, faults } = await encodeAll(some, encode, options);
        encoded.push(...points);
        for (const [row, reason] of faults) unread.set(done + row, reason);
      }
      const [first, ...rest] = encoded;
      if (!first) throw noneRead(side.pictures, unread);
      return { points: concat([first, ...rest]), unread };
    }
  }
}

/** Pictures as points, in one go where all can be read, and else one by one, to find those that cannot. */
async function encodeAll(
  files: readonly PictureFile[],
  encode: (pictures: readonly Picture[]) => Promise<Embeddings>,
  options: CallOptions,
): Promise<{ readonly points: readonly Embeddings[]; readonly faults: ReadonlyMap<number, string> }> {
  const faults = new Map<number, string>();
  const attempt = async (rows: readonly number[]): Promise<Embeddings | undefined> => {
    const pictures: Picture[] = [];
    let row = rows[0]!;
    try {
      // One after the other: drawings made in one go would hold up the page.
      for (row of rows) pictures.push(await picture(await files[row]!.blob(), files[row]!.name, options));
      return await encode(pictures);
    } catch (error) {
      const reason = unreadable(error);
      if (reason === undefined || options.signal?.aborted) throw error;
      if (rows.length === 1) faults.set(row, reason);
      return undefined;
    } finally {
      for (const each of pictures) if (each instanceof ImageBitmap) each.close();
    }
  };
  const all = await attempt([...files.keys()]);
  const points = all ? [all] : [];
  if (!all && files.length > 1) {
    for (const row of files.keys()) {
      const point = await attempt([row]);
      if (point) points.push(point);
    }
  }
  return { points, faults };
}

/** Why a picture cannot be read, where an error says that; undefined for errors that have nothing to do with it. */
function unreadable(error: unknown): string | undefined {
  if (!isCognateError(error) || !['invalid-input', 'load-failed'].includes(error.code)) return undefined;
  return error.message.replace(/^.*cannot read picture \d+: it |^“[^”]*” |\.$/g, '');
}

function noneRead(pictures: readonly PictureFile[], unread: ReadonlyMap<number, string>): CognateError {
  const [[row, reason] = [0, '']] = unread;
  const { name } = pictures[row] ?? {};
  if (name === undefined) return new CognateError('invalid-input', 'There are no pictures to look at.');
  const more = pictures.length === 1 ? '' : `None of the ${pictures.length} pictures can be read: `;
  return new CognateError('invalid-input', `${more}“${name}” ${reason}.`);
}

/** As the encoder takes it: workers read pixels by themselves, drawings need a page. */
async function picture(blob: Blob, name: string, { signal }: CallOptions): Promise<Picture> {
  if (!blob.type.startsWith('image/svg') && !name.toLowerCase().endsWith('.svg')) return blob;
  const { bitmap, url } = await readPicture(blob instanceof File ? blob : new File([blob], name), signal);
  URL.revokeObjectURL(url);
  return bitmap;
}
