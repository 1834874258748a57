/** What a file is, by its first bytes. A zip may hold pictures or, as `.npz`, arrays. */
export type FileFormat = 'table' | 'npy' | 'safetensors' | 'zip' | 'picture' | 'unknown';

const signatures: readonly (readonly [string, FileFormat])[] = [
  ['\x93NUMPY', 'npy'],
  ['PK\x03\x04', 'zip'],
  ['PK\x05\x06', 'zip'],
  ['\x89PNG', 'picture'],
  ['\xff\xd8\xff', 'picture'],
  ['GIF8', 'picture'],
  ['RIFF', 'picture'],
  ['BM', 'picture'],
  ['%PDF', 'unknown'],
  ['PAR1', 'unknown'],
  ['\x89HDF', 'unknown'],
  ['\x1f\x8b', 'unknown'],
  ['7z\xbc\xaf', 'unknown'],
  ['Rar!', 'unknown'],
  ['\xd0\xcf\x11\xe0', 'unknown'],
];

/** Looks at the first bytes, never at the name. Text is a `table`; what is neither is `unknown`. */
export async function formatOf(file: Blob): Promise<FileFormat> {
  const head = new Uint8Array(await file.slice(0, 1024).arrayBuffer());
  const text = String.fromCharCode(...head);
  const signed = signatures.find(([signature]) => text.startsWith(signature));
  // BMP's two letters begin words too.
  if (signed && (signed[0] !== 'BM' || text.slice(6, 10) === '\0\0\0\0')) return signed[1];
  if (text.slice(4, 8) === 'ftyp' && /^(avif|avis|heic|mif1)/.test(text.slice(8))) return 'picture';
  if (text.length > 9 && text[8] === '{') {
    const length = new DataView(head.buffer).getBigUint64(0, true);
    // No text has two zeros here. A file that was cut short is one nevertheless, so that its reader can say so.
    if (length + 8n <= BigInt(file.size) || (head[6] === 0 && head[7] === 0)) return 'safetensors';
  }
  if (/^(\xef\xbb\xbf)?\s*<(\?xml|svg)[\s\S]*<?svg/.test(text)) return 'picture';
  if (/^(\xff\xfe|\xfe\xff)/.test(text)) return 'table';
  // UTF-16 without a mark has zeros in every other place only; other text has none, and few control characters.
  const zeros = new Set([...head].flatMap((byte, i) => (byte === 0 ? [i % 2] : [])));
  const binary = head.some((byte) => (byte > 0 && byte < 9) || (byte > 13 && byte < 27));
  return zeros.size > 1 || (binary && zeros.size === 0) ? 'unknown' : 'table';
}
