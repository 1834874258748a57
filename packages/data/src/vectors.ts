import {
  CognateError,
  floats,
  isCognateError,
  readSafetensors,
  type CallOptions,
  type Embeddings,
  type Space,
} from '@cognate/core';
import { breather } from './breathe.ts';
import { formatOf, unreadable } from './file-format.ts';
import { openFolder, type Folder } from './folder.ts';
import { numberType, readNpy, readNpyHeader, type NpyArray } from './npy.ts';

/** One set of rows of a file. */
export interface VectorSet {
  /** Name inside the file; the file's own where it holds but one. */
  readonly name: string;
  readonly points: Embeddings;
}

/** How vectors become points of a space. */
export interface VectorOptions extends CallOptions {
  /** Name to speak of the file; a `File` has one. */
  readonly name?: string;
  /** Only the arrays of these names, in this order. */
  readonly arrays?: readonly string[];
  /**
   * Id of the space of all sets. By default every set gets a space of its own, named after the file and the numbers:
   * the same numbers under the same name are the same space. Say it when several files come from one encoder.
   */
  readonly space?: string;
}

/**
 * Reads sets of vectors: a NumPy file `[count, dim]` (one set) or `[2, count, dim]` (two, whose rows belong together),
 * the arrays of two axes of an `.npz` that hold numbers, or those of a safetensors file that hold F32, F16, BF16 or F64;
 * all become single precision.
 * @throws {CognateError} `file-format` when the file is none of these or damaged, holds nothing of the kind, or an array
 * that is asked for by name is of another type; `shape-mismatch` for other axes;
 * `invalid-input` for an array that is not there and for NaN or infinity, naming the row.
 */
export async function readVectors(file: Blob, options: VectorOptions = {}): Promise<VectorSet[]> {
  const name = options.name ?? (file instanceof File ? file.name : 'vectors');
  const format = await formatOf(file);
  if (format === 'npy') return setsOf(await readNpy(file, options), name, name, options);
  if (format === 'safetensors') return fromSafetensors(new Uint8Array(await file.arrayBuffer()), name, options);
  if (format === 'zip') return arraysOf({ ...(await openFolder(file, options)), name }, options);
  throw unreadable(name, format, 'NPY, NPZ or safetensors');
}

/** The arrays of an opened `.npz`. */
export async function arraysOf({ name, files }: Folder, options: VectorOptions): Promise<VectorSet[]> {
  const stored = files.filter(({ path }) => path.endsWith('.npy'));
  const named = new Map(stored.map((file) => [file.path.replace(/\.npy$/, ''), file]));
  const sets: VectorSet[] = [];
  const passedOver: string[] = [];
  for (const key of chosen([...named.keys()], name, options)) {
    const array = await readArray(await named.get(key)!.blob(), `${name}/${key}`, options);
    if ('type' in array) passedOver.push(`${key} of ${array.type}`);
    else if (options.arrays || array.shape.length >= 2) sets.push(...(await setsOf(array, key, name, options)));
  }
  return requireSome(sets, name, 'whole or real numbers', passedOver);
}

/** An array, or its type where that is no number and was not asked for. */
async function readArray(file: Blob, label: string, options: VectorOptions): Promise<NpyArray | { type: string }> {
  try {
    const { type } = await readNpyHeader(file);
    return options.arrays || numberType(type) ? await readNpy(file, options) : { type };
  } catch (cause) {
    if (!isCognateError(cause)) throw cause;
    throw new CognateError(cause.code, `${label}: ${cause.message}`, { cause });
  }
}

async function fromSafetensors(bytes: Uint8Array, name: string, options: VectorOptions): Promise<VectorSet[]> {
  const file = readSafetensors(bytes);
  const sets: VectorSet[] = [];
  const passedOver: string[] = [];
  const all = new Map([...file.tensors, ...file.others]);
  for (const key of chosen([...all.keys()], name, options)) {
    const { shape, dtype } = all.get(key)!;
    if (!options.arrays && shape.length < 2) continue;
    if (options.arrays || isReal(dtype)) {
      sets.push(...(await setsOf({ shape, data: floats(file, key) }, key, name, options)));
    } else passedOver.push(`${key} of ${dtype}`);
  }
  return requireSome(sets, name, 'F32, F16, BF16 or F64', passedOver);
}

const isReal = (dtype: string): boolean => ['F32', 'F16', 'BF16', 'F64'].includes(dtype);

function chosen(names: readonly string[], file: string, { arrays }: VectorOptions): readonly string[] {
  const missing = arrays?.find((each) => !names.includes(each));
  if (missing === undefined) return arrays ?? names;
  const there = names.join(', ') || 'nothing';
  throw new CognateError('invalid-input', `readVectors() needs an array named ${missing}, but ${file} holds ${there}`);
}

function requireSome(sets: VectorSet[], file: string, types: string, passedOver: readonly string[]): VectorSet[] {
  if (sets.length > 0) return sets;
  if (passedOver.length === 0) throw new CognateError('file-format', `${file} holds no array of two axes [count, dim]`);
  const got = passedOver.join(', ');
  throw new CognateError('file-format', `readVectors() needs arrays of ${types}, but ${file} holds ${got}`);
}

async function setsOf(
  { shape, data }: { readonly shape: readonly number[]; readonly data: Float32Array<ArrayBuffer> },
  key: string,
  file: string,
  options: VectorOptions,
): Promise<VectorSet[]> {
  const label = key === file ? file : `${file}/${key}`;
  const [first = 0, second = 0, third = 0] = shape;
  if (shape.length === 2) return [{ name: key, points: await pointsOf(data, second, label, options) }];
  if (shape.length === 3 && first === 2) {
    const half = second * third;
    return [
      { name: `${key}[0]`, points: await pointsOf(data.slice(0, half), third, `${label}[0]`, options) },
      { name: `${key}[1]`, points: await pointsOf(data.slice(half), third, `${label}[1]`, options) },
    ];
  }
  throw new CognateError(
    'shape-mismatch',
    `${label} needs the axes [count, dim] or [2, count, dim], got [${shape.join(', ')}]`,
  );
}

/**
 * Wraps rows (kept, not copied) as points of a space that is named after `label` and the numbers, or as
 * `options.space` says.
 * @param placeOf tells where a row stands in the file; by default its number, from 0.
 * @throws {CognateError} `invalid-input` when there are no rows, or one holds NaN or infinity.
 */
export async function pointsOf(
  data: Float32Array<ArrayBuffer>,
  dim: number,
  label: string,
  { space, signal }: VectorOptions,
  placeOf = (row: number): string => `row ${row} (counted from 0)`,
): Promise<Embeddings> {
  if (data.length === 0) throw new CognateError('invalid-input', `${label} holds no rows`);
  const breathe = breather(signal);
  const rowsAtOnce = Math.ceil(262_144 / dim);
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const count = data.length / dim;
  let [a, b] = [0x811c9dc5 ^ dim, 0x9747b28c ^ count];
  let normalized = true;
  for (let row = 0; row < count; row++) {
    let sum = 0;
    for (let i = row * dim; i < (row + 1) * dim; i++) {
      sum += data[i]! * data[i]!;
      a = Math.imul(((a << 5) | (a >>> 27)) ^ words[i]!, 0x01000193);
      b = Math.imul(((b << 13) | (b >>> 19)) ^ words[i]!, 0x85ebca6b);
    }
    // A sum of squares in double precision is finite when all numbers are.
    if (!Number.isFinite(sum)) {
      const bad = data.subarray(row * dim, (row + 1) * dim).find((value) => !Number.isFinite(value));
      throw new CognateError('invalid-input', `${label} needs finite numbers, got ${bad} in ${placeOf(row)}`);
    }
    // Half precision leaves rows of unit length off by less than this.
    normalized &&= Math.abs(Math.sqrt(sum) - 1) < 2e-3;
    if (row % rowsAtOnce === 0) await breathe();
  }
  const print = [a, b].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  const named: Space = { id: space ?? `${label}@${print}`, dim, normalized };
  return { space: named, count, data };
}
