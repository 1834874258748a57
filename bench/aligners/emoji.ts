import { normalize, rows, type Embeddings } from '@cognate/core';
import { loadImageEncoder } from '@cognate/image-encoders';

/** An icon set of @iconify-json, as far as it is needed. */
interface IconSet {
  readonly icons: Readonly<Record<string, { body: string; width?: number; height?: number }>>;
  readonly aliases?: Readonly<Record<string, { parent: string }>>;
  readonly width?: number;
  readonly height?: number;
}

/** Pixels a side that pictures are drawn at: what the reference encoders take. */
const size = 224;

/** Emoji of a single code point that have both a vector and a picture, in the order of the vectors. */
export interface EmojiTable {
  readonly codes: readonly string[];
  readonly pictures: readonly string[];
  /** `[codes, 300]`. */
  readonly vectors: Embeddings;
}

/** Joins emoji2vec's vectors with Noto's pictures by code points. */
export async function loadEmoji(vectorsUrl: string): Promise<EmojiTable | undefined> {
  const response = await fetch(vectorsUrl);
  if (!response.ok) return undefined;
  const { symbols, vectors } = readWordVectors(await response.arrayBuffer());
  const read = async (name: string): Promise<unknown> =>
    (await fetch(`/node_modules/@iconify-json/noto/${name}.json`)).json();
  const [icons, characters] = [await read('icons'), await read('chars')];
  const drawings = drawingsOf(icons as IconSet, characters as Record<string, string>);
  const rowOf = new Map<string, number>();
  for (const [row, code] of symbols.map(codeOf).entries()) {
    // Flags, families and skin tones are sequences: many pictures of one idea.
    if (!code.includes('-') && drawings.has(code) && !rowOf.has(code)) rowOf.set(code, row);
  }
  const codes = [...rowOf.keys()];
  return {
    codes,
    pictures: codes.map((code) => drawings.get(code)!),
    vectors: normalize(rows(vectors, [...rowOf.values()])),
  };
}

/** Points of the pictures by a reference encoder. */
export async function encodePictures(model: string, pictures: readonly string[]): Promise<Embeddings> {
  const host = new URL('/fixtures/models/{model}/', location.origin.replace('localhost', '127.0.0.1')).href;
  await using encoder = await loadImageEncoder({ model, host: decodeURI(host) }, { baseUrl: '/dist/' });
  const drawn: ImageData[] = [];
  for (const picture of pictures) drawn.push(await draw(picture));
  return await encoder.encode(drawn);
}

/** The text-and-binary format of word2vec: a line with both sizes, then each word, a space and its float32 numbers. */
function readWordVectors(buffer: ArrayBuffer): { symbols: string[]; vectors: Embeddings } {
  const bytes = new Uint8Array(buffer);
  const decoder = new TextDecoder();
  const firstLine = bytes.indexOf(10);
  const [count, dim] = decoder.decode(bytes.subarray(0, firstLine)).split(' ').map(Number) as [number, number];
  const data = new Float32Array(count * dim);
  const symbols: string[] = [];
  let at = firstLine + 1;
  for (let i = 0; i < count; i++) {
    const space = bytes.indexOf(32, at);
    symbols.push(decoder.decode(bytes.subarray(at, space)).trim());
    at = space + 1;
    data.set(new Float32Array(buffer.slice(at, at + 4 * dim)), i * dim);
    at += 4 * dim;
  }
  return { symbols, vectors: { space: { id: 'emoji2vec', dim, normalized: false }, count, data } };
}

/** SVG documents by code, such as `1f600`. */
function drawingsOf(set: IconSet, characters: Readonly<Record<string, string>>): Map<string, string> {
  const out = new Map<string, string>();
  for (const [code, name] of Object.entries(characters)) {
    const icon = set.icons[name] ?? set.icons[set.aliases?.[name]?.parent ?? ''];
    const [width, height] = [icon?.width ?? set.width ?? 16, icon?.height ?? set.height ?? 16];
    const root = `xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"`;
    const box = `viewBox="0 0 ${width} ${height}" width="${size}" height="${size}"`;
    if (icon) out.set(bare(code), `<svg ${root} ${box}>${icon.body}</svg>`);
  }
  return out;
}

/** Code points in hexadecimal, as icon sets write them. */
function codeOf(symbol: string): string {
  return bare(Array.from(symbol, (point) => point.codePointAt(0)!.toString(16)).join('-'));
}

/** Code points without the variation selector that asks for colour. */
function bare(code: string): string {
  const points = code.toLowerCase().split('-');
  return points.filter((point) => point !== 'fe0f').join('-');
}

/** On white, as the encoders have seen pictures. */
async function draw(source: string): Promise<ImageData> {
  const url = URL.createObjectURL(new Blob([source], { type: 'image/svg+xml' }));
  const image = new Image(size, size);
  image.src = url;
  try {
    await image.decode();
  } finally {
    URL.revokeObjectURL(url);
  }
  const context = new OffscreenCanvas(size, size).getContext('2d', { willReadFrequently: true })!;
  context.fillStyle = 'white';
  context.fillRect(0, 0, size, size);
  context.drawImage(image, 0, 0, size, size);
  return context.getImageData(0, 0, size, size);
}
