import type { Embeddings } from '@cognate/core';

/** Numbers of an NPY file. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer>;
}

/**
 * Reads an NPY file of little-endian float32 or float64 in C order.
 * @param name named in messages.
 * @throws {Error} a sentence that says what is wrong with the file.
 */
export function readNpy(bytes: Uint8Array<ArrayBuffer>, name: string): NpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = String.fromCharCode(...bytes.subarray(0, 6));
  if (bytes.length < 12 || magic !== '\x93NUMPY') throw new Error(`${name} is no NPY file`);
  const long = bytes[6]! > 1;
  const start = long ? 12 : 10;
  const end = start + (long ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = new TextDecoder().decode(bytes.subarray(start, end));
  const type = /'descr':\s*'([^']*)'/.exec(header)?.[1] ?? 'a structure';
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1]?.match(/\d+/g)?.map(Number);
  if (!shape) throw new Error(`${name} has a header without a shape`);
  if (type !== '<f4' && type !== '<f8') throw new Error(`${name} holds ${type}: convert it to float32`);
  if (/'fortran_order':\s*True/.test(header)) {
    throw new Error(`${name} is in Fortran order: save numpy.ascontiguousarray(it)`);
  }
  const width = type === '<f4' ? 4 : 8;
  const count = shape.reduce((product, size) => product * size, 1);
  if (bytes.length - end < count * width) {
    const has = Math.max(0, Math.floor((bytes.length - end) / width));
    throw new Error(`${name} is cut off: its header tells of ${count} numbers, it holds ${has}`);
  }
  const body = bytes.slice(end, end + count * width).buffer;
  return { shape, data: width === 4 ? new Float32Array(body) : Float32Array.from(new Float64Array(body)) };
}

/** The rows as an NPY file, `[count, dim]` of float32. */
export function writeNpy({ count, space, data }: Embeddings): Uint8Array<ArrayBuffer> {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${count}, ${space.dim}), }`;
  const length = Math.ceil((10 + header.length + 1) / 64) * 64;
  const bytes = new Uint8Array(length + data.byteLength);
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, (length - 10) & 255, (length - 10) >> 8]);
  bytes.set(new TextEncoder().encode(`${header.padEnd(length - 11)}\n`), 10);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), length);
  return bytes;
}
