import { CognateError } from '@cognate/core';

/** A decoded picture: `bitmap` for encoders, `url` (an object URL or a data URL) to show it, `name` to speak of it. */
export interface ReadPicture {
  readonly bitmap: ImageBitmap;
  readonly url: string;
  readonly name: string;
}

/** Longer sides are scaled down before the picture travels to the worker; encoders look at far fewer pixels. */
const longestSide = 1024;
/** SVG has no pixels of its own; this many per side are more than an encoder needs. */
const vectorSide = 512;

/**
 * Fetches and decodes a picture without holding up the page: raster files are decoded off the main thread, SVG through
 * an `<img>`, which runs no scripts and loads nothing else.
 * @param source a file, or the address of one (`data:` and `blob:` too). The caller revokes `url` of a read file.
 * @throws {CognateError} `load-failed` when the address cannot be read, `invalid-input` when what it holds is no
 * picture or a damaged one.
 */
export async function readPicture(source: Blob | string, signal?: AbortSignal): Promise<ReadPicture> {
  const name = typeof source === 'string' ? nameOf(source) : source instanceof File ? source.name : '';
  const blob = typeof source === 'string' ? await download(source, signal) : source;
  const subject = name ? `“${name}”` : 'This';
  if (blob.size === 0) throw new CognateError('invalid-input', `${subject} is an empty file, not a picture.`);
  const vector = blob.type.startsWith('image/svg') || name.toLowerCase().endsWith('.svg');
  if (!vector && blob.type && !blob.type.startsWith('image/')) {
    const kind = blob.type.startsWith('text/html') ? 'a web page' : `a file of type ${blob.type.split(';')[0]}`;
    throw new CognateError('invalid-input', `${subject} is not a picture but ${kind}.`);
  }
  const shown = vector && blob.type !== 'image/svg+xml' ? new Blob([blob], { type: 'image/svg+xml' }) : blob;
  const url = URL.createObjectURL(shown);
  try {
    const bitmap = vector ? await decodeVector(url) : await decodeRaster(blob);
    signal?.throwIfAborted();
    return { bitmap, url, name };
  } catch (error) {
    URL.revokeObjectURL(url);
    if (signal?.aborted) throw signal.reason;
    throw new CognateError(
      'invalid-input',
      `${subject} is damaged, or a kind of picture that this browser cannot read.`,
      {
        cause: error,
      },
    );
  }
}

/** What a drop or a paste carries: a file, the address of a picture, or nothing of use. */
export function pictureIn(transfer: DataTransfer): Blob | string | undefined {
  const files = [...transfer.files];
  const file = files.find((each) => each.type.startsWith('image/')) ?? files[0];
  if (file) return file;
  const html = transfer.getData('text/html');
  const image = html && new DOMParser().parseFromString(html, 'text/html').querySelector('img')?.getAttribute('src');
  if (image) return image;
  const link = transfer.getData('text/uri-list') || transfer.getData('text/plain');
  return link.split(/\s+/).find((line) => /^(https?:|data:image\/|blob:)/i.test(line));
}

async function download(address: string, signal?: AbortSignal): Promise<Blob> {
  const shown = address.length > 80 ? `${address.slice(0, 79)}…` : address;
  let response: Response;
  try {
    response = await fetch(new URL(address, document.baseURI), { signal: signal ?? null });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw new CognateError(
      'load-failed',
      `${shown} cannot be read: it is no address, nobody answers there, or its server keeps pictures from other pages. Save the picture and drop the file instead.`,
      { cause: error },
    );
  }
  if (!response.ok)
    throw new CognateError('load-failed', `There is no picture at ${shown} (answer ${response.status}).`);
  return response.blob();
}

/** Decodes off the main thread; a large picture twice, since its size is known only after the first time. */
async function decodeRaster(blob: Blob): Promise<ImageBitmap> {
  const whole = await createImageBitmap(blob);
  const { width, height } = whole;
  if (Math.max(width, height) <= longestSide) return whole;
  whole.close();
  return createImageBitmap(blob, {
    ...(width >= height ? { resizeWidth: longestSide } : { resizeHeight: longestSide }),
    resizeQuality: 'high',
  });
}

async function decodeVector(url: string): Promise<ImageBitmap> {
  const image = new Image();
  image.src = url;
  await image.decode();
  const { naturalWidth: width = 1, naturalHeight: height = 1 } = image;
  const scale = vectorSide / Math.max(width, height);
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(width * scale)) || vectorSide,
    Math.max(1, Math.round(height * scale)) || vectorSide,
  );
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no 2d canvas');
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.transferToImageBitmap();
}

function nameOf(address: string): string {
  if (/^(data|blob):/i.test(address)) return '';
  try {
    return decodeURIComponent(new URL(address, document.baseURI).pathname.split('/').at(-1) ?? '');
  } catch {
    return '';
  }
}
