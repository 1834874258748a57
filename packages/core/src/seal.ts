import type { Safetensors } from './safetensors.ts';

/** What a seal is put on: the arrays of a file and its texts. */
type Content = Iterable<
  readonly [string, { readonly dtype: string; readonly shape: readonly number[]; readonly data: ArrayBufferView }]
>;

/**
 * The metadata with a checksum of the whole file under `crc32`, so that one wrong bit is noticed that would otherwise
 * pass for a number: see `isWhole()`. It covers names, types, shapes and bytes of the arrays and all other metadata,
 * however the header is written.
 */
export function sealed(tensors: Content, metadata: Readonly<Record<string, string>>): Record<string, string> {
  return { ...metadata, crc32: checksum(tensors, metadata) };
}

/**
 * False when the file is not what was sealed. One that has no texts but those named `before` was written before there were
 * seals: nothing is known of it.
 */
export function isWhole({ tensors, metadata }: Safetensors, before: readonly string[]): boolean {
  const { crc32, ...rest } = metadata;
  if (crc32 === undefined && Object.keys(rest).every((key) => before.includes(key))) return true;
  return crc32 === checksum(tensors, rest);
}

/** CRC-32 as 8 hexadecimal digits. Everything in the order of its name. */
function checksum(tensors: Content, metadata: Readonly<Record<string, string>>): string {
  const encoder = new TextEncoder();
  let crc = -1;
  for (const [name, { dtype, shape, data }] of [...tensors].sort(byName)) {
    crc = goneOn(crc, encoder.encode(JSON.stringify([name, dtype, shape])));
    crc = goneOn(crc, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  crc = goneOn(crc, encoder.encode(JSON.stringify(Object.entries(metadata).sort(byName))));
  return (~crc >>> 0).toString(16).padStart(8, '0');
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

/** Of the polynomial that zip, PNG and gzip use. */
const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  return crc;
});

function goneOn(before: number, bytes: Uint8Array): number {
  let crc = before;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ table[(crc ^ bytes[i]!) & 0xff]!;
  return crc;
}
