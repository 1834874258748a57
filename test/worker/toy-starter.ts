import {
  CognateError,
  normalizeRows,
  random,
  toHalf,
  writeSafetensors,
  type Alignment,
  type Calibration,
  type Embeddings,
  type Encoder,
  type Picture,
  type Space,
} from '@cognate/core';
import type { StarterFiles } from '../../web-workers/src/starter/starter-files.ts';

/** Concepts of the toy starter; `K` has no French name, `L` no Noto picture. */
export const hexcodes = [...'ABCDEFGHIJKL'];

export const textSpace: Space = { id: 'toy-text@1', dim: 16, normalized: true };
export const imageSpace: Space = { id: 'toy-image@1', dim: 16, normalized: true };
const sharedSpace: Space = { id: 'toy-text@1+toy-image@1', dim: 16, normalized: true };

/** Where a concept lies; the same in both spaces, but that the image space counts its axes backwards. */
function place(hexcode: string, variant: string, space: Space): number[] {
  const noise = random(hash(`${space.id} ${variant} ${hexcode}`));
  const idea = random(hash(hexcode));
  const row = Array.from({ length: space.dim }, () => idea.normal() + 0.1 * noise.normal());
  return space === imageSpace ? row.reverse() : row;
}

/** The concept that a row of a space speaks of. */
export function nearestConcept(row: Float32Array, space: Space): string {
  const { data } = toyPoints(space, hexcodes);
  const cosines = hexcodes.map((_, i) => row.reduce((sum, x, k) => sum + x * data[i * space.dim + k]!, 0));
  return hexcodes[cosines.indexOf(Math.max(...cosines))]!;
}

/** Points of concepts. */
export const toyPoints = (space: Space, concepts: readonly string[]): Embeddings =>
  points(
    space,
    concepts.map((hexcode) => place(hexcode, '', space)),
  );

export function points(space: Space, rows: readonly (readonly number[])[]): Embeddings {
  const data = Float32Array.from(rows.flat());
  normalizeRows(data, space.dim);
  return { space, count: rows.length, data };
}

function bank(space: Space, variant: string, items: readonly string[]): Uint8Array<ArrayBuffer> {
  const { data } = points(
    space,
    items.map((hexcode) => place(hexcode, variant, space)),
  );
  const rows = { dtype: 'F16', shape: [items.length, space.dim], data: toHalf(data) } as const;
  return writeSafetensors([['rows', rows]], { space: JSON.stringify(space), items: JSON.stringify(items) });
}

const namesIn = (language: string, items = hexcodes): object => ({
  names: Object.fromEntries(items.map((hexcode) => [hexcode, `${language} ${hexcode}`])),
});
const picturesIn = (style: string, items = hexcodes): object => ({
  pictures: Object.fromEntries(items.map((hexcode) => [hexcode, `<svg>${style} ${hexcode}</svg>`])),
});
const json = (value: object): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(value));

/** Files of a toy starter, and what was asked for. Tests may take files away and put them back. */
export function toyFiles(seed: number): StarterFiles & {
  readonly asked: string[];
  readonly files: Map<string, Uint8Array<ArrayBuffer>>;
} {
  const files = new Map([
    ['names/en.json', json(namesIn('en'))],
    ['names/fr.json', json(namesIn('fr', hexcodes.slice(0, -2)))],
    ['pictures/noto.json', json(picturesIn('noto', hexcodes.slice(0, -1)))],
    ['pictures/twemoji.json', json(picturesIn('twemoji'))],
    ['pictures/openmoji.json', json(picturesIn('openmoji'))],
    ['banks/text-en.safetensors', bank(textSpace, `en${seed || ''}`, hexcodes)],
    ['banks/image-noto.safetensors', bank(imageSpace, 'noto', hexcodes)],
    ['banks/image-twemoji.safetensors', bank(imageSpace, 'twemoji', hexcodes)],
    ['banks/image-fluent-flat.safetensors', bank(imageSpace, 'fluent-flat', hexcodes)],
  ]);
  const asked: string[] = [];
  const bytes = async (path: string): Promise<Uint8Array<ArrayBuffer>> => {
    asked.push(path);
    const found = files.get(path);
    if (!found) throw new CognateError('load-failed', `no ${path}`);
    return found.slice();
  };
  return {
    ...{ asked, files, bytes },
    json: async (path) => JSON.parse(new TextDecoder().decode(await bytes(path))) as unknown,
  };
}

/** Knows `<language> <hexcode>`. */
export const toyTextEncoder: Encoder<string> = {
  space: textSpace,
  async encode(texts, { signal, onProgress } = {}) {
    signal?.throwIfAborted();
    onProgress?.({ phase: 'encode', done: texts.length, total: texts.length });
    return points(
      textSpace,
      texts.map((text) => place(text.slice(3), text.slice(0, 2), textSpace)),
    );
  },
  async [Symbol.asyncDispose]() {},
};

/** A picture that says what it shows. */
export const toyPicture = (style: string, hexcode: string): Picture => new File([], `${style} ${hexcode}`);

/** A picture as the toy painter paints it: the first pixel tells the concept, the second how it was drawn. */
export function toyPainting(hexcode: string, draw: number): ImageData {
  const picture = new ImageData(8, 8);
  picture.data.set([hexcodes.indexOf(hexcode), 0, 0, 255, draw, 0, 0, 255]);
  return picture;
}

function shown(picture: Picture): { readonly hexcode: string; readonly variant: string } {
  if (picture instanceof ImageData)
    return { hexcode: hexcodes[picture.data[0]!]!, variant: `draw ${picture.data[4]!}` };
  const [variant, hexcode] = (picture as File).name.split(' ') as [string, string];
  return { hexcode, variant };
}

/** Knows toy pictures by their names, and toy paintings by their pixels. */
export const toyImageEncoder: Encoder<Picture> = {
  space: imageSpace,
  async encode(pictures, { signal } = {}) {
    signal?.throwIfAborted();
    return points(
      imageSpace,
      pictures.map(shown).map(({ hexcode, variant }) => place(hexcode, variant, imageSpace)),
    );
  },
  async [Symbol.asyncDispose]() {},
};

const calibration = (queries: number): Calibration => ({ slope: 1, offset: 0, listed: 5, candidates: 12, queries });

/** Turns image rows round; text rows lie right already. */
export function toyAlignment(): Alignment {
  const reversed = ({ space: { dim }, count, data: rows }: Embeddings, space: Space): Embeddings => {
    const data = rows.slice();
    for (let i = 0; i < data.length; i += dim) data.subarray(i, i + dim).reverse();
    return { space, count, data };
  };
  const turned = (batch: Embeddings): Embeddings =>
    batch.space.id === imageSpace.id ? reversed(batch, sharedSpace) : { ...batch, space: sharedSpace };
  const never = (): never => {
    throw new Error('not in this toy');
  };
  const anchors = (space: Space, variant: string): Embeddings =>
    turned(
      points(
        space,
        hexcodes.map((hexcode) => place(hexcode, variant, space)),
      ),
    );
  return {
    ...{ source: textSpace, target: imageSpace, shared: sharedSpace, project: turned },
    forward: (batch) => reversed(batch, imageSpace),
    backward: (batch) => reversed(batch, textSpace),
    save: never,
    anchors: { source: anchors(textSpace, 'en'), target: anchors(imageSpace, 'noto') },
    report: { calibration: { forward: calibration(1), backward: calibration(2) } } as Alignment['report'],
  };
}

function hash(text: string): number {
  return [...text].reduce((h, character) => Math.imul(h ^ character.codePointAt(0)!, 0x01000193), 0x811c9dc5);
}
