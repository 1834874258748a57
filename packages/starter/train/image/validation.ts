import type { Embeddings } from '@cognate/core';
import { release, tensor, toDevice, type Compiled, type DeviceArray, type Tensor } from '@cognate/nn';
import type { Concept } from '../data/concepts.ts';
import type { RecipeHost } from '../data/recipe-host.ts';
import { recall } from '../text/score.ts';
import { channelsLastCopy, inputOf } from './inputs.ts';
import type { ImageModel } from './model.ts';
import { loadPictures, type PictureSet } from './pictures.ts';
import { imageSpace } from './publish.ts';

/** Pictures to score between steps, by name. */
export interface Check {
  readonly name: string;
  readonly queries: readonly [PictureSet, readonly string[]];
  readonly bank: readonly [PictureSet, readonly string[]];
}

/** Validation concepts, and the unseen style on concepts that training styles have shown. Held-out concepts stay out. */
export async function validationSets(host: RecipeHost, concepts: readonly Concept[]): Promise<readonly Check[]> {
  const [noto, twemoji, openmoji] = [
    await loadPictures(host, 'noto'),
    await loadPictures(host, 'twemoji'),
    await loadPictures(host, 'openmoji'),
  ];
  const of = (part: Concept['part']): string[] =>
    concepts.flatMap((each) => (each.part === part ? [each.hexcode] : []));
  const both = (a: PictureSet, b: PictureSet, wanted: string[]): string[] =>
    wanted.filter((hexcode) => a.hexcodes.includes(hexcode) && b.hexcodes.includes(hexcode));
  const check = (name: string, a: PictureSet, b: PictureSet, wanted: string[]): Check => {
    const shared = both(a, b, wanted).slice(0, 256);
    return { name, queries: [a, shared], bank: [b, shared] };
  };
  const seen = of('train');
  const spread = seen.filter((_, i) => i % 3 === 0);
  return [
    check('noto-twemoji.validation', noto, twemoji, of('validation')),
    check('openmoji-twemoji.validation', openmoji, twemoji, of('validation')),
    check('openmoji-noto.seen', openmoji, noto, spread),
  ];
}

/** Recall at 1 of each check, with CSLS. */
export async function validate(
  model: ImageModel<Tensor>,
  checks: readonly Check[],
  encode: Compiled<ImageModel>,
  size: number,
): Promise<Record<string, number>> {
  const params = toDevice(model) as ImageModel<DeviceArray>;
  const scores: Record<string, number> = {};
  for (const { name, queries, bank } of checks) {
    const rows = [queries, bank].map(([set, wanted]) => embed(params, set, wanted, encode, size));
    const [a, b] = (await Promise.all(rows)) as [Embeddings, Embeddings];
    scores[name] = recall(a, b, { useCsls: true }).r1;
  }
  release(params);
  return scores;
}

/** Rows of the wanted concepts, in batches of one shape so that nothing compiles twice. */
async function embed(
  params: ImageModel,
  set: PictureSet,
  wanted: readonly string[],
  encode: Compiled<ImageModel>,
  size: number,
): Promise<Embeddings> {
  const batch = 64;
  const { dim } = imageSpace;
  const rows = new Float32Array(wanted.length * dim);
  for (let start = 0; start < wanted.length; start += batch) {
    const part = wanted.slice(start, start + batch);
    const data = new Float32Array(batch * size * size * 3);
    part.forEach((hexcode, i) => {
      data.set(channelsLastCopy(inputOf(set, set.hexcodes.indexOf(hexcode), size)), i * size * size * 3);
    });
    const { data: out } = await encode(params, tensor([batch, size, size, 3], data));
    rows.set(out.subarray(0, part.length * dim), start * dim);
  }
  return { space: imageSpace, count: wanted.length, data: rows };
}
