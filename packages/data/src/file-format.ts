import { CognateError } from '@cognate/core';

/**
 * What a file is, by its first bytes. A zip may hold pictures or, as `.npz`, arrays. A `pointer` of Git LFS and a web
 * `page` are what downloads come to that went wrong: text, but not the data that their names promise.
 */
export type FileFormat = 'table' | 'npy' | 'safetensors' | 'zip' | 'picture' | 'pointer' | 'page' | 'unknown';

const signatures: readonly (readonly [string, FileFormat])[] = [
  ['\x93NUMPY', 'npy'],
  ['PK\x03\x04', 'zip'],
  ['PK\x05\x06', 'zip'],
  ['\x89PNG', 'picture'],
  ['\xff\xd8\xff', 'picture'],
  ['GIF8', 'picture'],
  ['RIFF', 'picture'],
  ['BM', 'picture'],
  ['version https://git-lfs', 'pointer'],
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
  if (/^(\xef\xbb\xbf)?\s*<(!doctype )?html\b/i.test(text)) return 'page';
  if (/^(\xff\xfe|\xfe\xff)/.test(text)) return 'table';
  // UTF-16 without a mark has zeros in every other place only; other text has none, and few control characters.
  const zeros = new Set([...head].flatMap((byte, i) => (byte === 0 ? [i % 2] : [])));
  const binary = head.some((byte) => (byte > 0 && byte < 9) || (byte > 13 && byte < 27));
  return zeros.size > 1 || (binary && zeros.size === 0) ? 'unknown' : 'table';
}

/** Why a file cannot be read that is none of those `expected`. */
export function unreadable(name: string, format: FileFormat, expected: string): CognateError {
  const what =
    format === 'pointer'
      ? 'only points to its content, which Git LFS keeps elsewhere: run `git lfs pull`, or download the file itself'
      : format === 'page'
        ? 'is a web page: download the file that it shows or leads to'
        : `is no ${expected} file`;
  return new CognateError('file-format', `${name} ${what}`);
}
