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
import type { Concept } from '../data/concepts.ts';
import type { RecipeHost } from '../data/recipe-host.ts';
import { loadPictures } from '../image/pictures.ts';
import { imageDataOf, loadShippedImage } from '../image/shipped.ts';
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
    const set = await remembered(host, `names-${language}-${textKey}`, async () => {
      text ??= await loadShippedText();
      const points = await text.encode(concepts.map((concept) => nameOf(concept, language)));
      return { points, hexcodes: concepts.map(({ hexcode }) => hexcode) };
    });
    names.set(language, set);
  }
  await text?.[Symbol.asyncDispose]();

  const pictures = new Map<string, PointSet>();
  const imageKey = await modelKey('image');
  let image: Encoder<Picture> | undefined;
  for (const style of styles) {
    const bank = await fetchBank(style);
    const set =
      bank ??
      (await remembered(host, `pictures-${style}-${imageKey}`, async () => {
        image ??= await loadShippedImage();
        const drawn = await loadPictures(host, style);
        host.log(`align: encoding ${drawn.hexcodes.length} pictures of ${style}`);
        const points = await image.encode(drawn.hexcodes.map((_, i) => imageDataOf(drawn, i)));
        return { points, hexcodes: drawn.hexcodes };
      }));
    pictures.set(style, set);
  }
  await image?.[Symbol.asyncDispose]();
  return { concepts, names, pictures };
}

/** The stored bank of a style, which the image recipe writes together with the model; absent for some styles. */
async function fetchBank(style: string): Promise<PointSet | undefined> {
  const response = await fetch(`/packages/starter/banks/image-${style}.safetensors`);
  return response.ok ? readPointSet(new Uint8Array(await response.arrayBuffer())) : undefined;
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
  make: () => Promise<{ readonly points: Embeddings; readonly hexcodes: readonly string[] }>,
): Promise<PointSet> {
  const stored = await host.load(`${name}.safetensors`);
  if (stored) return readPointSet(stored);
  const { points, hexcodes } = await make();
  await host.save(`${name}.safetensors`, bankFile(points, hexcodes));
  return pointSet(points, hexcodes);
}

function readPointSet(bytes: Uint8Array): PointSet {
  const file = readSafetensors(bytes);
  const space = JSON.parse(file.metadata['space']!) as Space;
  const items = JSON.parse(file.metadata['items']!) as readonly string[];
  return pointSet(embeddings(space, floats(file, 'rows')), items);
}

function pointSet(points: Embeddings, hexcodes: readonly string[]): PointSet {
  return { points, rowOf: new Map(hexcodes.map((hexcode, i) => [hexcode, i])) };
}
