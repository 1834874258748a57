import { CognateError, fromHalf, type CallOptions, type Embeddings } from '@cognate/core';
import { breather } from './breathe.ts';

/** An array of a NumPy file, as single-precision numbers in C order. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer>;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
const longestHeader = 1_048_576;
/** Numbers that are converted without a pause. */
const step = 262_144;

const arrays = {
  f2: Uint16Array,
  f4: Float32Array,
  f8: Float64Array,
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  i8: BigInt64Array,
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  u8: BigUint64Array,
  b1: Uint8Array,
} as const;

/**
 * Reads a NumPy array file of format 1 to 3: booleans, integers and floats of any width and byte order, C or Fortran
 * order. Numbers are rounded to single precision.
 * @param file stays the caller's; only what is needed of a `Blob` is read.
 * @throws {CognateError} `file-format` when it is no such file, is cut short, or holds objects, records or complex
 * numbers.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export async function readNpy(file: Blob | Uint8Array<ArrayBuffer>, { signal }: CallOptions = {}): Promise<NpyArray> {
  const blob = file instanceof Blob ? file : new Blob([file]);
  const { type, fortran, shape, start } = await readNpyHeader(blob);
  const { order, kind } = numberType(type) ?? {};
  if (kind === undefined) throw refused(type);
  const array = arrays[kind];
  const width = array.BYTES_PER_ELEMENT;
  const count = shape.reduce((product, n) => product * n, 1);
  const needed = count * width;
  if (blob.size - start < needed) {
    throw broken(
      `${needed} bytes for the shape (${shape.join(', ')}), got ${blob.size - start}: the file is cut short`,
    );
  }
  const bytes = await blob
    .slice(start, start + needed)
    .arrayBuffer()
    .catch((cause: unknown) => {
      const size = `${Math.round(needed / 2 ** 20)} MiB`;
      throw new CognateError('invalid-input', `readNpy() cannot hold the ${size} of the array, or read them`, {
        cause,
      });
    });
  signal?.throwIfAborted();
  const breathe = breather(signal);
  if (order === '>' && width > 1) await swapBytes(new Uint8Array(bytes), width, breathe);
  let data: Float32Array<ArrayBuffer>;
  if (kind === 'f4') data = new Float32Array(bytes);
  else {
    const values = new array(bytes);
    data = new Float32Array(count);
    for (let from = 0; from < count; from += step) {
      const part = values.subarray(from, from + step);
      if (part instanceof Uint16Array && kind === 'f2') data.set(fromHalf(part), from);
      else for (let i = 0; i < part.length; i++) data[from + i] = Number(part[i]);
      await breathe();
    }
  }
  return { shape, data: fortran && shape.length > 1 ? await inCOrder(data, shape, breathe) : data };
}

/** Byte order and kind of a type that `readNpy()` reads; undefined for texts, objects, records and the like. */
export function numberType(type: string): { readonly order: string; readonly kind: keyof typeof arrays } | undefined {
  const [, order, kind] = /^([<>|=])([fiub][1248])$/.exec(type) ?? [];
  return kind !== undefined && Object.hasOwn(arrays, kind)
    ? { order: order!, kind: kind as keyof typeof arrays }
    : undefined;
}

function refused(type: string): CognateError {
  if (type.startsWith('[')) return broken(`one number in each place, got records ${type}`);
  if (type.includes('O')) return broken('numbers, got Python objects: save with a numeric dtype');
  return broken(`whole or real numbers, got the type ${type}`);
}

/**
 * What a NumPy array file says of itself, whatever its type.
 * @throws {CognateError} `file-format` when it is no such file, or is cut short.
 */
export async function readNpyHeader(
  blob: Blob,
): Promise<{ type: string; fortran: boolean; shape: readonly number[]; start: number }> {
  const head = new Uint8Array(await blob.slice(0, 12).arrayBuffer());
  if (head.length < 10 || magic.some((byte, i) => head[i] !== byte)) throw broken('a file that begins with \\x93NUMPY');
  const version = head[6]!;
  if (version < 1 || version > 3) throw broken(`format 1 to 3, got ${version}`);
  const view = new DataView(head.buffer);
  const from = version === 1 ? 10 : 12;
  const length = version === 1 ? view.getUint16(8, true) : head.length < 12 ? Infinity : view.getUint32(8, true);
  const start = from + length;
  if (length > longestHeader || start > blob.size) throw broken(`a header of ${length} bytes: the file is cut short`);
  const header = new TextDecoder().decode(await blob.slice(from, start).arrayBuffer());
  const descr = /'descr'\s*:\s*(?:'([^']*)'|(\[.{0,200}))/.exec(header);
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
  const shape = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(header)?.[1];
  if (!descr || order === undefined || shape === undefined) throw broken(`type, order and shape, got ${header.trim()}`);
  const sizes = shape.split(',').flatMap((n) => (n.trim() === '' ? [] : Number(n)));
  // Nothing in front of too large a size would notice: (0, 10^400) numbers are not zero, but NaN.
  if (!sizes.every(Number.isSafeInteger)) throw broken(`whole numbers as its shape, got (${shape.slice(0, 80)})`);
  return { type: descr[1] ?? descr[2]!, fortran: order === 'True', shape: sizes, start };
}

async function swapBytes(bytes: Uint8Array, width: number, breathe: () => Promise<void> | void): Promise<void> {
  for (let at = 0; at < bytes.length; at += width) {
    for (let low = at, high = at + width - 1; low < high; low++, high--) {
      const byte = bytes[low]!;
      bytes[low] = bytes[high]!;
      bytes[high] = byte;
    }
    if (at % step === 0) await breathe();
  }
}

/** The last axis fastest, where the first one was. */
async function inCOrder(
  data: Float32Array,
  shape: readonly number[],
  breathe: () => Promise<void> | void,
): Promise<Float32Array<ArrayBuffer>> {
  const out = new Float32Array(data.length);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, n) => product * n, 1));
  const place = shape.map(() => 0);
  let from = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++place[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      place[axis] = 0;
    }
    if (i % step === step - 1) await breathe();
  }
  return out;
}

/**
 * Rows as a NumPy file, format 1: the bytes that `numpy.save` writes for a C-ordered float32 array `[count, dim]`.
 */
export function writeNpy({
  count,
  space,
  data,
}: Pick<Embeddings, 'count' | 'data'> & {
  readonly space: { readonly dim: number };
}): Uint8Array<ArrayBuffer> {
  if (data.length !== count * space.dim) {
    throw new CognateError(
      'shape-mismatch',
      `writeNpy() needs ${count} rows of ${space.dim} numbers, got ${data.length} numbers`,
    );
  }
  const shape = `(${count}, ${space.dim})`;
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`;
  // NumPy leaves room for the first axis to grow in place.
  const padded = text.length + 21 - String(count).length;
  const start = (Math.floor((10 + padded + 1) / 64) + 1) * 64;
  const bytes = new Uint8Array(start + data.byteLength).fill(0x20, 10, start);
  bytes.set([...magic, 1, 0]);
  new DataView(bytes.buffer).setUint16(8, start - 10, true);
  bytes.set(new TextEncoder().encode(text), 10);
  bytes[start - 1] = 0x0a;
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start);
  return bytes;
}

function broken(needs: string): CognateError {
  return new CognateError('file-format', `readNpy() needs ${needs}`);
}
