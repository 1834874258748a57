/** A message: values by field number. Lists are repeated fields; absent values are left out. */
export type Message = Readonly<Record<number, FieldValue | readonly FieldValue[] | undefined>>;

/** Whole numbers are varints (negative ones in ten bytes, as int64), texts UTF-8, byte arrays as they are. */
export type FieldValue =
  number | bigint | string | Uint8Array | { readonly float: number } | { readonly message: Message };

/**
 * Encodes a message in protobuf's wire format.
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export function encodeMessage(message: Message): Uint8Array<ArrayBuffer> {
  const chunks: Uint8Array[] = [];
  for (const [field, value] of Object.entries(message)) {
    if (value === undefined) continue;
    for (const each of isList(value) ? value : [value]) encodeField(chunks, Number(field), each);
  }
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function encodeField(chunks: Uint8Array[], field: number, value: FieldValue): void {
  if (typeof value === 'number' || typeof value === 'bigint') {
    chunks.push(varint(field << 3), varint(value));
  } else if (typeof value === 'object' && 'float' in value) {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value.float, true);
    chunks.push(varint((field << 3) | 5), bytes);
  } else {
    const bytes =
      typeof value === 'string'
        ? new TextEncoder().encode(value)
        : value instanceof Uint8Array
          ? value
          : encodeMessage(value.message);
    chunks.push(varint((field << 3) | 2), varint(bytes.length), bytes);
  }
}

function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest ? low | 128 : low);
  } while (rest);
  return Uint8Array.from(bytes);
}

function isList(value: FieldValue | readonly FieldValue[]): value is readonly FieldValue[] {
  return Array.isArray(value);
}

/** Fields by number, in the order of the message: numbers as they are, everything else as bytes. */
export type Decoded = ReadonlyMap<number, readonly (number | Uint8Array)[]>;

/** Takes a message apart, one level deep; byte arrays are views of it. @throws {RangeError} where it breaks off. */
export function decodeMessage(bytes: Uint8Array): Decoded {
  const fields = new Map<number, (number | Uint8Array)[]>();
  let at = 0;
  const number = (): number => {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError('decodeMessage(): the message breaks off');
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  };
  const block = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new RangeError('decodeMessage(): the message breaks off');
    return bytes.subarray(at, (at += length));
  };
  while (at < bytes.length) {
    const key = number();
    const [field, kind] = [Math.floor(key / 8), key % 8];
    const value = kind === 0 ? number() : block(kind === 1 ? 8 : kind === 5 ? 4 : number());
    fields.set(field, [...(fields.get(field) ?? []), value]);
  }
  return fields;
}
