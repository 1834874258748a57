import { CognateError } from '@cognate/core';

const arrays = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
} as const;

type ArrayName = keyof typeof arrays;

/** What stands in the JSON for what JSON cannot say. */
type Stand = { readonly $array: ArrayName; readonly length: number } | { readonly $number: string };

/**
 * Plain data with typed arrays (numbers, texts, lists, records) as bytes: JSON with sorted keys, then the arrays. Equal
 * data give equal bytes. Views of the arrays, nothing is copied; what is undefined in a record is left out.
 * @throws {CognateError} `invalid-input` for anything else, such as functions and dates.
 */
export function pack(value: unknown): Uint8Array<ArrayBuffer>[] {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const plain = (each: unknown): unknown => {
    if (typeof each === 'number') return Number.isFinite(each) ? each : ({ $number: String(each) } satisfies Stand);
    if (each === null || typeof each === 'string' || typeof each === 'boolean') return each;
    if (Array.isArray(each)) return each.map((item: unknown) => plain(item ?? null));
    if (ArrayBuffer.isView(each)) {
      const name = each.constructor.name;
      if (!isArrayName(name)) throw notPlain(name);
      const { buffer, byteOffset, byteLength } = each;
      const bytes = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
      parts.push(bytes);
      return { $array: name, length: byteLength / arrays[name].BYTES_PER_ELEMENT } satisfies Stand;
    }
    if (typeof each !== 'object' || Object.getPrototypeOf(each) !== Object.prototype) throw notPlain(typeof each);
    const entries = Object.entries(each).filter(([, item]) => item !== undefined);
    const sorted = Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
    return Object.fromEntries(Object.entries(sorted).map(([key, item]) => [key, plain(item)]));
  };
  const json = new TextEncoder().encode(JSON.stringify(plain(value)));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(json.length), true);
  return [length, json, ...parts];
}

/** What `pack` was given, arrays copied. @throws {CognateError} `file-format` when the bytes were not made by `pack`. */
export function unpack(bytes: Uint8Array<ArrayBuffer>): unknown {
  try {
    const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
    let at = 8 + length;
    const json = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, at));
    // A reviver would visit what it has made; and arrays must be met in the order in which they were packed.
    const rich = (each: unknown): unknown => {
      if (Array.isArray(each)) return each.map(rich);
      if (typeof each !== 'object' || each === null) return each;
      const stand = each as Partial<Record<string, unknown>>;
      if (typeof stand['$number'] === 'string') return Number(stand['$number']);
      if (typeof stand['$array'] === 'string') {
        const Typed = arrays[stand['$array'] as ArrayName];
        const end = at + Number(stand['length']) * Typed.BYTES_PER_ELEMENT;
        if (end > bytes.length) throw new RangeError(`${end} bytes are needed, there are ${bytes.length}`);
        const array = new Typed(bytes.slice(at, end).buffer);
        at = end;
        return array;
      }
      return Object.fromEntries(Object.entries(each).map(([key, item]) => [key, rich(item)]));
    };
    return rich(JSON.parse(json));
  } catch (cause) {
    throw new CognateError('file-format', 'unpack() needs bytes that pack() made', { cause });
  }
}

/** SHA-256 over the digests of all parts, in hex. Needs a secure context. */
export async function digest(parts: readonly Uint8Array<ArrayBuffer>[]): Promise<string> {
  const each = await Promise.all(parts.map((part) => crypto.subtle.digest('SHA-256', part)));
  const joined = new Uint8Array(32 * each.length);
  each.forEach((hash, i) => joined.set(new Uint8Array(hash), 32 * i));
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', joined)));
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function isArrayName(name: string): name is ArrayName {
  return Object.hasOwn(arrays, name);
}

function notPlain(got: string): CognateError {
  return new CognateError('invalid-input', `pack() needs plain data, got ${got}`);
}
