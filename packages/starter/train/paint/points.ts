import {
  floats,
  normalizeRows,
  random,
  readSafetensors,
  writeSafetensors,
  type Encoder,
  type Picture,
} from '@cognate/core';
import { contentBox } from '@cognate/image-encoders/preprocess';
import { loadConcepts, type Concept } from '../data/concepts.ts';
import type { RecipeHost } from '../data/recipe-host.ts';
import { augment } from '../image/augment.ts';
import { normalisation } from '../image/inputs.ts';
import { loadPictures, rasterSize, type PictureSet } from '../image/pictures.ts';
import { imageSpace } from '../image/publish.ts';
import { imageDataOf } from '../image/shipped.ts';
import { inputSize } from './look.ts';

/** Styles whose pictures are painted from, in training. */
const sourceStyles = ['noto', 'noto-v1', 'twemoji', 'fluent', 'fluent-flat', 'fluent-contrast', 'fxemoji', 'emojitwo'];

/** Changed views of each picture beside the picture itself. */
const changedViews = 1;

/** Points of many pictures of each concept that is trained on: what the painter is asked to paint from. */
export interface PointPool {
  /** `[count, 256]`. */
  readonly rows: Float32Array<ArrayBuffer>;
  /** Concepts that have rows. */
  readonly concepts: readonly string[];
  /** Place of each concept among `concepts`, and its rows, by hexcode. */
  readonly of: ReadonlyMap<string, { readonly slot: number; readonly rows: readonly number[] }>;
  /** `[concepts.length, 256]`: the middle of each concept's rows, unit rows. */
  readonly means: Float32Array<ArrayBuffer>;
}

/**
 * Encodes every picture of the concepts of these parts in every style as it is, and turned, recoloured or outlined a little.
 * Concepts come part by part: those of the first parts have the same slots whatever follows.
 */
export async function loadPointPool(
  host: RecipeHost,
  encoder: Encoder<Picture>,
  parts: readonly Concept['part'][],
): Promise<PointPool> {
  const name = `points-${parts.join('-')}.safetensors`;
  const stored = await host.load(name);
  if (stored) {
    const file = readSafetensors(stored);
    return pool(floats(file, 'rows'), JSON.parse(file.metadata['hexcodes']!) as string[]);
  }
  const concepts = await loadConcepts();
  const inputs: ImageData[] = [];
  const hexcodes: string[] = [];
  const draw = random(5);
  for (const part of parts) {
    const training = new Set(concepts.flatMap((each) => (each.part === part ? [each.hexcode] : [])));
    for (const style of sourceStyles) {
      const set = await loadPictures(host, style);
      for (const [i, hexcode] of set.hexcodes.entries()) {
        if (!training.has(hexcode)) continue;
        inputs.push(imageDataOf(set, i));
        hexcodes.push(hexcode);
        for (let view = 0; view < changedViews; view++) {
          inputs.push(changedView(set, i, draw));
          hexcodes.push(hexcode);
        }
      }
    }
  }
  const { data } = await encoder.encode(inputs);
  const rows = Float32Array.from(data);
  const file = writeSafetensors([['rows', { dtype: 'F32', shape: [hexcodes.length, imageSpace.dim], data: rows }]], {
    hexcodes: JSON.stringify(hexcodes),
  });
  await host.save(name, file);
  return pool(rows, hexcodes);
}

function changedView(set: PictureSet, index: number, draw: ReturnType<typeof random>): ImageData {
  const bytes = rasterSize * rasterSize * 4;
  const data = set.rgba.slice(index * bytes, (index + 1) * bytes);
  const box = contentBox({ width: rasterSize, height: rasterSize, data });
  for (let i = 0; i < data.length; i += 4) {
    for (let c = 0; c < 3; c++) data[i + c] = (data[i + c]! * data[i + 3]!) / 255;
  }
  const out = new Float32Array(inputSize * inputSize * 3);
  augment(data, draw, { size: inputSize, box, mayMirror: false, strength: 0.4 }, out, 0);
  const image = new ImageData(inputSize, inputSize);
  const [mean, std] = [normalisation.mean[0], normalisation.std[0]];
  out.forEach((value, i) => (image.data[Math.floor(i / 3) * 4 + (i % 3)] = 255 * (value * std + mean)));
  for (let i = 3; i < image.data.length; i += 4) image.data[i] = 255;
  return image;
}

function pool(rows: Float32Array<ArrayBuffer>, hexcodes: readonly string[]): PointPool {
  const { dim } = imageSpace;
  const of = new Map<string, { slot: number; rows: number[] }>();
  hexcodes.forEach((hexcode, i) => {
    const concept = of.get(hexcode) ?? { slot: of.size, rows: [] };
    of.set(hexcode, concept);
    concept.rows.push(i);
  });
  const means = new Float32Array(of.size * dim);
  for (const { slot, rows: own } of of.values())
    for (const row of own) for (let k = 0; k < dim; k++) means[slot * dim + k]! += rows[row * dim + k]!;
  normalizeRows(means, dim);
  return { rows, concepts: [...of.keys()], of, means };
}
