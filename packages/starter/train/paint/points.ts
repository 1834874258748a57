import { random } from '@cognate/core';
import { readSafetensors, floats, writeSafetensors } from '@cognate/core';
import type { Tensor } from '@cognate/nn';
import { contentBox } from '@cognate/image-encoders/preprocess';
import { loadConcepts } from '../data/concepts.ts';
import type { RecipeHost } from '../data/recipe-host.ts';
import { augment } from '../image/augment.ts';
import { channelsLastCopy, inputOf } from '../image/inputs.ts';
import type { ImageModel } from '../image/model.ts';
import { loadPictures, rasterSize, type PictureSet } from '../image/pictures.ts';
import { imageSpace } from '../image/publish.ts';
import { encodeInputs, inputSize } from './image-encoder.ts';

/** Styles whose pictures are painted from, in training. */
const sourceStyles = ['noto', 'noto-v1', 'twemoji', 'fluent', 'fluent-flat', 'fluent-contrast', 'fxemoji', 'emojitwo'];

/** Changed views of each picture beside the picture itself. */
const changedViews = 1;

/** Points of many pictures of each training concept: what the painter is asked to paint from. */
export interface PointPool {
  /** `[count, 256]`. */
  readonly rows: Float32Array<ArrayBuffer>;
  /** Concepts that have rows. */
  readonly concepts: readonly string[];
  /** Rows of each concept, by hexcode. */
  readonly of: ReadonlyMap<string, readonly number[]>;
}

/** Encodes every picture of the training concepts in every style as it is, and turned, recoloured or outlined a little. */
export async function loadPointPool(host: RecipeHost, encoder: ImageModel<Tensor>): Promise<PointPool> {
  const stored = await host.load('points.safetensors');
  if (stored) {
    const file = readSafetensors(stored);
    return pool(floats(file, 'rows'), JSON.parse(file.metadata['hexcodes']!) as string[]);
  }
  const training = new Set((await loadConcepts()).flatMap(({ part, hexcode }) => (part === 'train' ? [hexcode] : [])));
  const inputs: Float32Array[] = [];
  const hexcodes: string[] = [];
  const draw = random(5);
  for (const style of sourceStyles) {
    const set = await loadPictures(host, style);
    for (const [i, hexcode] of set.hexcodes.entries()) {
      if (!training.has(hexcode)) continue;
      inputs.push(channelsLastCopy(inputOf(set, i, inputSize)));
      hexcodes.push(hexcode);
      for (let view = 0; view < changedViews; view++) {
        inputs.push(changedView(set, i, draw));
        hexcodes.push(hexcode);
      }
    }
  }
  const rows = await encodeInputs(encoder, inputs, (done) => {
    if (done % 4096 === 0) host.log(`points: ${done} of ${inputs.length}`);
  });
  const file = writeSafetensors([['rows', { dtype: 'F32', shape: [hexcodes.length, imageSpace.dim], data: rows }]], {
    hexcodes: JSON.stringify(hexcodes),
  });
  await host.save('points.safetensors', file);
  return pool(rows, hexcodes);
}

function changedView(set: PictureSet, index: number, draw: ReturnType<typeof random>): Float32Array {
  const bytes = rasterSize * rasterSize * 4;
  const data = set.rgba.slice(index * bytes, (index + 1) * bytes);
  const box = contentBox({ width: rasterSize, height: rasterSize, data });
  for (let i = 0; i < data.length; i += 4) {
    for (let c = 0; c < 3; c++) data[i + c] = (data[i + c]! * data[i + 3]!) / 255;
  }
  const out = new Float32Array(inputSize * inputSize * 3);
  augment(data, draw, { size: inputSize, box, mayMirror: false, strength: 0.4 }, out, 0);
  return out;
}

function pool(rows: Float32Array<ArrayBuffer>, hexcodes: readonly string[]): PointPool {
  const of = new Map<string, number[]>();
  hexcodes.forEach((hexcode, i) => of.set(hexcode, [...(of.get(hexcode) ?? []), i]));
  return { rows, concepts: [...of.keys()], of };
}
