import { CognateError, shown } from './errors.ts';

/** Element types of a safetensors file that this code reads and writes. */
export type TensorType = 'F64' | 'F32' | 'F16' | 'BF16' | 'I8' | 'U8' | 'I32' | 'I64';

/** One named array of a file. `data` of F16 and BF16 holds raw bits: see `toHalf`, `fromHalf`, `floats`. */
export type FileTensor =
  | { readonly dtype: 'F64'; readonly shape: readonly number[]; readonly data: Float64Array<ArrayBuffer> }
  | { readonly dtype: 'F32'; readonly shape: readonly number[]; readonly data: Float32Array<ArrayBuffer> }
  | { readonly dtype: 'F16'; readonly shape: readonly number[]; readonly data: Uint16Array<ArrayBuffer> }
  | { readonly dtype: 'BF16'; readonly shape: readonly number[]; readonly data: Uint16Array<ArrayBuffer> }
  | { readonly dtype: 'I8'; readonly shape: readonly number[]; readonly data: Int8Array<ArrayBuffer> }
  | { readonly dtype: 'U8'; readonly shape: readonly number[]; readonly data: Uint8Array<ArrayBuffer> }
  | { readonly dtype: 'I32'; readonly shape: readonly number[]; readonly data: Int32Array<ArrayBuffer> }
  | { readonly dtype: 'I64'; readonly shape: readonly number[]; readonly data: BigInt64Array<ArrayBuffer> };

/** A file taken apart: arrays by name, and the header's free text. */
export interface Safetensors {
  readonly tensors: ReadonlyMap<string, FileTensor>;
  /** Arrays of other element types, which are not read. */
  readonly others: ReadonlyMap<string, { readonly dtype: string; readonly shape: readonly number[] }>;
  readonly metadata: Readonly<Record<string, string>>;
}

const arrays = {
  F64: Float64Array,
  F32: Float32Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
  I32: Int32Array,
  I64: BigInt64Array,
} as const;

/** The reference implementation's own limit. */
const maxHeaderBytes = 100_000_000;

/**
 * Writes a safetensors file: 8 bytes of header length, a JSON header padded to a multiple of 8, then the arrays, widest
 * elements first, so that each starts aligned.
 * @throws {CognateError} `shape-mismatch` when a shape does not multiply to its data's length; `invalid-input` for an array
 * named `__metadata__`, or like another one.
 * @see https://huggingface.co/docs/safetensors
 */
export function writeSafetensors(
  tensors: Iterable<readonly [string, FileTensor]>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const entries = [...tensors].sort(([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);
  const header = new Map<string, unknown>(Object.keys(metadata).length > 0 ? [['__metadata__', metadata]] : []);
  let end = 0;
  for (const [name, { dtype, shape, data }] of entries) {
    if (name === '__metadata__') {
      throw new CognateError(
        'invalid-input',
        'writeSafetensors() needs another name than __metadata__, which is taken',
      );
    }
    if (count(shape) !== data.length) {
      const message = `writeSafetensors() needs ${count(shape)} numbers for ${name} of shape [${shape.join(', ')}], got ${data.length}`;
      throw new CognateError('shape-mismatch', message);
    }
    if (header.has(name)) {
      throw new CognateError('invalid-input', `writeSafetensors() needs a name for each array, got ${name} twice`);
    }
    header.set(name, { dtype, shape, data_offsets: [end, (end += data.byteLength)] });
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const start = 8 + Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(start + end).fill(0x20, 8 + json.length, start);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true);
  bytes.set(json, 8);
  let at = start;
  for (const [, { data }] of entries) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Takes a safetensors file apart. Arrays are copies; `bytes` stays the caller's. Arrays of an element type that is not
 * read are named, so that they do not stand in the way of others.
 * @throws {CognateError} `file-format` when the file is truncated, its header is too long, no JSON or names something
 * twice, or the arrays overlap, leave gaps or do not fit their shapes.
 */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  if (bytes.length < 8) throw broken(`at least 8 bytes, got ${bytes.length}`);
  const headerBytes = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (headerBytes > maxHeaderBytes) throw broken(`a header of at most ${maxHeaderBytes} bytes, got ${headerBytes}`);
  const start = 8 + headerBytes;
  if (start > bytes.length) throw broken(`a header of ${headerBytes} bytes, but the file ends after ${bytes.length}`);

  const header = parseHeader(bytes.subarray(8, start));
  const metadata = header['__metadata__'] ?? {};
  if (!isTextRecord(metadata)) throw broken('metadata of texts only');
  const tensors = new Map<string, FileTensor>();
  const others = new Map<string, { dtype: string; shape: number[] }>();
  const spans: { readonly name: string; readonly from: number; readonly to: number }[] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const { dtype, shape, from, to } = parseEntry(name, entry);
    if (start + to > bytes.length) throw broken(`${start + to} bytes for ${name}, got ${bytes.length}`);
    if (isRead(dtype)) {
      const data = new arrays[dtype](bytes.slice(start + from, start + to).buffer);
      tensors.set(name, { dtype, shape, data } as FileTensor);
    } else others.set(name, { dtype, shape });
    spans.push({ name, from, to });
  }
  let end = 0;
  for (const { name, from, to } of spans.sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end)
      throw broken(`arrays one after the other, but ${name} starts at ${from} where ${end} is expected`);
    end = to;
  }
  if (start + end !== bytes.length) throw broken(`${start + end} bytes in all, got ${bytes.length}`);
  return { tensors, others, metadata };
}

/**
 * The named F32 array, or the named array of F16, BF16 or F64 in single precision.
 * @throws {CognateError} `file-format` when it is missing, of another type, or not of `shape` where one is given.
 */
export function floats(file: Safetensors, name: string, shape?: readonly number[]): Float32Array<ArrayBuffer> {
  const tensor = file.tensors.get(name);
  const found = tensor ?? file.others.get(name);
  if (!found) {
    const there = [...file.tensors.keys(), ...file.others.keys()].join(', ');
    throw broken(`an array named ${name}, got ${there || 'none'}`);
  }
  if (shape && String(shape) !== String(found.shape)) {
    throw broken(`${name} of shape [${shape.join(', ')}], got [${found.shape.join(', ')}]`);
  }
  if (tensor?.dtype === 'F32') return tensor.data;
  if (tensor?.dtype === 'F64') return new Float32Array(tensor.data);
  if (tensor?.dtype === 'F16') return fromHalf(tensor.data);
  if (tensor?.dtype === 'BF16') return fromBrain(tensor.data);
  throw broken(`${name} as F32, F16, BF16 or F64, got ${found.dtype}`);
}

const word = new Float32Array(1);
const wordBits = new Uint32Array(word.buffer);

/** Rounds to half precision, to nearest, ties to even; beyond 65,504 becomes infinity. */
export function toHalf(values: Float32Array): Uint16Array<ArrayBuffer> {
  const out = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    word[0] = values[i]!;
    const x = wordBits[0]!;
    const sign = (x >>> 16) & 0x8000;
    const size = x & 0x7fffffff;
    if (size > 0x7f800000)
      out[i] = sign | 0x7e00; // NaN
    else if (size >= 0x477ff000)
      out[i] = sign | 0x7c00; // rounds to infinity
    else if (size >= 0x38800000)
      out[i] = sign | ((size - 0x38000000 + 0xfff + ((size >>> 13) & 1)) >>> 13); // normal
    else {
      const scaled = Math.abs(word[0]) * 2 ** 24; // subnormal: a whole number of 2^-24
      const whole = Math.floor(scaled);
      const rest = scaled - whole;
      out[i] = sign | (whole + (rest > 0.5 || (rest === 0.5 && whole % 2 === 1) ? 1 : 0));
    }
  }
  return out;
}

/** Widens half-precision bits, exactly. */
export function fromHalf(bits: Uint16Array): Float32Array<ArrayBuffer> {
  const out = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) {
    const exponent = (bits[i]! >>> 10) & 31;
    const fraction = bits[i]! & 1023;
    const sign = bits[i]! & 0x8000 ? -1 : 1;
    if (exponent === 31) out[i] = fraction ? NaN : sign * Infinity;
    else out[i] = sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
  }
  return out;
}

/** Widens bfloat16 bits, exactly: they are the upper half of a single-precision number. */
function fromBrain(bits: Uint16Array): Float32Array<ArrayBuffer> {
  const words = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) words[i] = bits[i]! << 16;
  return new Float32Array(words.buffer);
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  let json: string;
  try {
    json = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    header = JSON.parse(json);
  } catch (cause) {
    throw broken('a JSON header', cause);
  }
  const twice = repeatedKey(json);
  if (twice !== undefined) throw broken(`each name once in the header, got ${shown(twice)} twice`);
  if (typeof header !== 'object' || header === null || Array.isArray(header)) throw broken('a JSON object as header');
  return header as Record<string, unknown>;
}

/** A key that stands twice in one object of `json`, which is JSON: `JSON.parse()` keeps the last one and says nothing. */
function repeatedKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  for (let i = 0; i < json.length; i++) {
    const sign = json[i];
    if (sign === '{') open.push(new Set());
    else if (sign === '}') open.pop();
    else if (sign === '"') {
      const from = i;
      while (json[++i] !== '"') if (json[i] === '\\') i++;
      let next = i + 1;
      while (' \t\r\n'.includes(json[next]!)) next++;
      if (json[next] !== ':') continue;
      const key = JSON.parse(json.slice(from, i + 1)) as string;
      if (open.at(-1)!.has(key)) return key;
      open.at(-1)!.add(key);
    }
  }
  return undefined;
}

const isRead = (dtype: string): dtype is TensorType => Object.hasOwn(arrays, dtype);

function parseEntry(name: string, entry: unknown): { dtype: string; shape: number[]; from: number; to: number } {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  if (typeof dtype !== 'string') throw broken(`a text as the type of ${name}, got ${shown(dtype)}`);
  if (!isCounts(shape)) throw broken(`whole numbers as the shape of ${name}, got ${shown(shape)}`);
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
    throw broken(`two rising offsets for ${name}, got ${shown(offsets)}`);
  }
  const [from, to] = offsets as [number, number];
  const bytes = isRead(dtype) ? count(shape) * arrays[dtype].BYTES_PER_ELEMENT : to - from;
  if (to - from !== bytes) throw broken(`${bytes} bytes for ${name} of shape [${shape.join(', ')}], got ${to - from}`);
  return { dtype, shape, from, to };
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

function isTextRecord(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((text) => typeof text === 'string')
  );
}

function count(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

function broken(needs: string, cause?: unknown): CognateError {
  return new CognateError(
    'file-format',
    `readSafetensors() needs ${needs}`,
    cause === undefined ? undefined : { cause },
  );
}
