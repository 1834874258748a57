import {
  embeddings,
  floats,
  readSafetensors,
  row,
  type Embeddings,
  type Encoder,
  type Picture,
  type Space,
} from '@cognate/core';
import { loadImageEncoder } from '@cognate/image-encoders';
import type { Concept } from '../data/concepts.ts';
import { loadDrawings, toSvg } from '../data/drawings.ts';
import { rasterise } from '../data/rasterise.ts';
import type { RecipeHost } from '../data/recipe-host.ts';
import { styleOf } from '../data/styles.ts';
import { loadShippedText } from '../text/evaluate.ts';
import type { Language } from '../text/languages.ts';
import { bankFile } from '../text/publish.ts';
import { loadTexts, nameOf, type ConceptTexts } from '../text/texts.ts';

/** Points of one language's names or one style's pictures. */
export interface PointSet {
  readonly points: Embeddings;
  /** Row of each concept, by hexcode; concepts without a picture are absent. */
  readonly rowOf: ReadonlyMap<string, number>;
}

/** All points that the alignment is learned from and judged by, as the shipped encoders give them. */
export interface Points {
  readonly concepts: readonly ConceptTexts[];
  readonly names: ReadonlyMap<Language, PointSet>;
  readonly pictures: ReadonlyMap<string, PointSet>;
}

/** Side of the rasters that are encoded, pixels; the encoder brings them down to its own size. */
const rasterSize = 96;

/** Encodes what earlier runs with the same models have not encoded yet. */
export async function loadPoints(
  host: RecipeHost,
  languages: readonly Language[],
  styles: readonly string[],
): Promise<Points> {
  const concepts = await loadTexts();
  const names = new Map<Language, PointSet>();
  const textKey = await modelKey('text');
  let text: Encoder<string> | undefined;
  for (const language of languages) {
    const hexcodes = concepts.map(({ hexcode }) => hexcode);
    const set = await remembered(host, `names-${language}-${textKey}`, hexcodes, async () => {
      text ??= await loadShippedText();
      return text.encode(concepts.map((concept) => nameOf(concept, language)));
    });
    names.set(language, set);
  }
  await text?.[Symbol.asyncDispose]();

  const pictures = new Map<string, PointSet>();
  const imageKey = await modelKey('image');
  let image: Encoder<Picture> | undefined;
  for (const style of styles) {
    const drawings = await loadDrawings(styleOf(style));
    const hexcodes = concepts.flatMap(({ hexcode }) => (drawings.has(hexcode) ? [hexcode] : []));
    const set = await remembered(host, `pictures-${style}-${imageKey}`, hexcodes, async () => {
      image ??= await loadShippedImage();
      const sources = hexcodes.map((hexcode) => toSvg(drawings.get(hexcode)!, rasterSize));
      const rgba = await rasterise(sources, rasterSize);
      const bytes = rasterSize * rasterSize * 4;
      host.log(`align: encoding ${hexcodes.length} pictures of ${style}`);
      return image.encode(
        hexcodes.map((_, i) => new ImageData(rgba.slice(i * bytes, (i + 1) * bytes), rasterSize, rasterSize)),
      );
    });
    pictures.set(style, set);
  }
  await image?.[Symbol.asyncDispose]();
  return { concepts, names, pictures };
}

/** The shipped image encoder, from the repository that a page of `scripts/lib/page-program.mjs` serves. */
export function loadShippedImage(): Promise<Encoder<Picture>> {
  const host = `${location.origin}/packages/starter/models/{model}/`;
  return loadImageEncoder({ model: 'cognate/image', host, device: 'wasm' }, { baseUrl: '/dist/' });
}

/** Concepts of a part of the split that have a picture in every style given. */
export function conceptsIn(
  { concepts, pictures }: Points,
  parts: readonly Concept['part'][],
  styles: readonly string[],
): readonly string[] {
  return concepts.flatMap(({ hexcode, part }) =>
    parts.includes(part) && styles.every((style) => pictures.get(style)!.rowOf.has(hexcode)) ? [hexcode] : [],
  );
}

/** Rows of the concepts, in their order. */
export function pick({ points, rowOf }: PointSet, hexcodes: readonly string[]): Embeddings {
  const { dim } = points.space;
  const data = new Float32Array(hexcodes.length * dim);
  hexcodes.forEach((hexcode, i) => data.set(row(points, rowOf.get(hexcode)!), i * dim));
  return { space: points.space, count: hexcodes.length, data };
}

/** Changes with every byte of a shipped graph. */
async function modelKey(name: 'text' | 'image'): Promise<string> {
  const response = await fetch(`/packages/starter/models/cognate/${name}/onnx/model.onnx`);
  if (!response.ok) throw new Error(`loadPoints(): cognate/${name} answered ${response.status}; run its recipe first`);
  const digest = await crypto.subtle.digest('SHA-256', await response.arrayBuffer());
  return [...new Uint8Array(digest).subarray(0, 6)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The points of a file that an earlier run saved, or else new ones, which are saved. */
async function remembered(
  host: RecipeHost,
  name: string,
  hexcodes: readonly string[],
  make: () => Promise<Embeddings>,
): Promise<PointSet> {
  const stored = await host.load(`${name}.safetensors`);
  if (stored) {
    const file = readSafetensors(stored);
    const space = JSON.parse(file.metadata['space']!) as Space;
    const items = JSON.parse(file.metadata['items']!) as readonly string[];
    return pointSet(embeddings(space, floats(file, 'rows')), items);
  }
  const points = await make();
  await host.save(`${name}.safetensors`, bankFile(points, hexcodes));
  return pointSet(points, hexcodes);
}

function pointSet(points: Embeddings, hexcodes: readonly string[]): PointSet {
  return { points, rowOf: new Map(hexcodes.map((hexcode, i) => [hexcode, i])) };
}
