import { CognateError, isCognateError, type Embeddings } from '@cognate/core';
import { readNpy, writeNpy, type NpyArray } from '@cognate/data';
import { encodePictures, loadEmoji } from './emoji.ts';

/** Two sets of points: row i of one belongs to row i of the other. */
export interface DataSet {
  readonly name: string;
  readonly source: Embeddings;
  readonly target: Embeddings;
}

/** Files of the program's own folder, kept between runs. */
export interface Store {
  load(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  save(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}

const pictureModels = { squeezenet: 'squeezenet1.0-dsc', mobilenet: 'mobilenet_v2_0.35_224' } as const;

/** Reference data below `/fixtures/`: radiographs and reports, proteins and descriptions, emoji three ways. */
export async function loadReferenceSets(store: Store, log: (line: string) => void): Promise<DataSet[]> {
  const sets: DataSet[] = [];
  for (const name of ['convirt', 'clasp']) {
    const file = await fetchBytes(`/fixtures/data/modality-gap/features_${name}.npy`);
    if (file) sets.push(await pairOf(name, [file], [name]));
  }
  const emoji = await loadEmoji('/fixtures/data/emoji2vec/emoji2vec.bin');
  if (emoji && (await fetchBytes(`/fixtures/models/${pictureModels.squeezenet}/config.json`))) {
    const points = async (name: keyof typeof pictureModels): Promise<Embeddings> => {
      const kept = await store.load(`${name}.npy`);
      const rows = kept && (await readNpy(kept));
      if (rows?.shape[0] === emoji.codes.length) return embeddingsOf(name, rows.shape[1]!, rows.data);
      log(`drawing and encoding ${emoji.codes.length} emoji with ${name}: once, a minute or two`);
      const encoded = await encodePictures(pictureModels[name], emoji.pictures);
      await store.save(`${name}.npy`, writeNpy(encoded));
      return { ...encoded, space: { ...encoded.space, id: name } };
    };
    const [squeezenet, mobilenet] = [await points('squeezenet'), await points('mobilenet')];
    sets.push({ name: 'squeezenet-mobilenet', source: squeezenet, target: mobilenet });
    sets.push({ name: 'squeezenet-emoji2vec', source: squeezenet, target: emoji.vectors });
    sets.push({ name: 'mobilenet-emoji2vec', source: mobilenet, target: emoji.vectors });
  }
  return sets;
}

/**
 * Anyone's vectors: two NPY files of `[n, dim]`, or one of `[2, n, dim]`.
 * @throws {CognateError} `file-format` for files that are no such thing, `shape-mismatch` when counts differ,
 * `invalid-input` for numbers that are not finite.
 */
export async function pairOf(
  name: string,
  files: readonly Uint8Array<ArrayBuffer>[],
  names: readonly string[],
): Promise<DataSet> {
  const arrays = await Promise.all(files.map((bytes, i) => arrayOf(bytes, names[i]!)));
  const [first, second] = arrays;
  if (first && !second && first.shape.length === 3 && first.shape[0] === 2) {
    const [, count, dim] = first.shape as [number, number, number];
    const half = count * dim;
    return checked(name, [dim, first.data.slice(0, half)], [dim, first.data.slice(half)]);
  }
  if (!first || !second || first.shape.length !== 2 || second.shape.length !== 2) {
    const got = arrays.map(({ shape }) => `[${shape.join(', ')}]`).join(' and ');
    throw new CognateError(
      'shape-mismatch',
      `--data needs two arrays of [n, dim] or one of [2, n, dim], got ${got || 'none'}`,
    );
  }
  if (first.shape[0] !== second.shape[0]) {
    throw new CognateError(
      'shape-mismatch',
      `--data needs as many rows on both sides, since row i pairs with row i, got ${first.shape[0]} and ${second.shape[0]}`,
    );
  }
  return checked(name, [first.shape[1]!, first.data], [second.shape[1]!, second.data]);
}

/** Errors name the file. */
async function arrayOf(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<NpyArray> {
  try {
    return await readNpy(bytes);
  } catch (cause) {
    throw isCognateError(cause) ? new CognateError(cause.code, `${name}: ${cause.message}`, { cause }) : cause;
  }
}

type Side = readonly [dim: number, data: Float32Array<ArrayBuffer>];

function checked(name: string, source: Side, target: Side): DataSet {
  for (const [side, [dim, data]] of [['first', source] as const, ['second', target] as const]) {
    const bad = data.findIndex((value) => !Number.isFinite(value));
    if (bad < 0) continue;
    throw new CognateError(
      'invalid-input',
      `--data needs finite numbers, got ${data[bad]} in row ${Math.floor(bad / dim)} of the ${side} side`,
    );
  }
  return { name, source: embeddingsOf(`${name}/source`, ...source), target: embeddingsOf(`${name}/target`, ...target) };
}

/** On the unit sphere if all rows are. */
function embeddingsOf(id: string, dim: number, data: Float32Array<ArrayBuffer>): Embeddings {
  const count = data.length / dim;
  let normalized = true;
  for (let i = 0; i < count && normalized; i++) {
    let squares = 0;
    for (let j = i * dim; j < (i + 1) * dim; j++) squares += data[j]! ** 2;
    normalized = Math.abs(squares - 1) < 1e-3;
  }
  return { space: { id, dim, normalized }, count, data };
}

async function fetchBytes(url: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const response = await fetch(url);
  return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
}
