import { CognateError, concat, type CallOptions, type Embeddings, type Picture, type Progress } from '@cognate/core';
import type { Cognate } from '@cognate/web-workers';
import { readPicture } from '../../read-picture.ts';
import { countOf, type Side } from './side.ts';

/** Few enough that drawings, which the page has to turn into pixels, do not fill the memory. */
const drawingsAtOnce = 32;

/**
 * Points of one side, by the encoder that suits it; vectors are their own. What was encoded before is known.
 * @throws {CognateError} `invalid-input` naming a picture that cannot be read.
 */
export async function encodeSide(cognate: Cognate, side: Side, options: CallOptions): Promise<Embeddings> {
  switch (side.kind) {
    case 'vector':
      return side.points;
    case 'text': {
      await using encoder = await cognate.encoder('text', { ...options, cache: true });
      return encoder.encode(side.texts, options);
    }
    case 'picture': {
      await using encoder = await cognate.encoder('image', { ...options, cache: true });
      const total = countOf(side);
      const encoded: Embeddings[] = [];
      for (let done = 0; done < total; done += drawingsAtOnce) {
        const pictures: Picture[] = [];
        // One after the other: drawings made in one go would hold up the page.
        for (const file of side.pictures.slice(done, done + drawingsAtOnce)) {
          pictures.push(await picture(await file.blob(), file.name, options));
        }
        const onProgress = (progress: Progress): void =>
          options.onProgress?.(
            progress.phase === 'encode' ? { phase: 'encode', done: done + progress.done, total } : progress,
          );
        encoded.push(await encoder.encode(pictures, { signal: options.signal, onProgress }));
        for (const each of pictures) if (each instanceof ImageBitmap) each.close();
      }
      const [first, ...rest] = encoded;
      if (!first) throw new CognateError('invalid-input', 'There are no pictures to look at.');
      return concat([first, ...rest]);
    }
  }
}

/** As the encoder takes it: workers read pixels by themselves, drawings need a page. */
export async function picture(blob: Blob, name: string, { signal }: CallOptions): Promise<Picture> {
  if (!blob.type.startsWith('image/svg') && !name.toLowerCase().endsWith('.svg')) return blob;
  const { bitmap, url } = await readPicture(blob instanceof File ? blob : new File([blob], name), signal);
  URL.revokeObjectURL(url);
  return bitmap;
}

/** Both sides as points of two spaces, which an alignment needs even where one encoder has made both. */
export function inTwoSpaces(left: Embeddings, right: Embeddings): { left: Embeddings; right: Embeddings } {
  if (left.space.id !== right.space.id) return { left, right };
  return { left, right: { ...right, space: { ...right.space, id: `${right.space.id}/right` } } };
}
