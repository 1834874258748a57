import { CognateError } from '@cognate/core';

/**
 * Looks at what arrived before anything expensive is made of it: a web page in place of a model, a cut-off download
 * and a pointer to the real file are the usual accidents, and onnxruntime calls them all "protobuf parsing failed".
 * @param name as people know it, e.g. `onnx/model.onnx of owner/name`.
 * @throws {CognateError} `file-format`.
 */
export function checkFile(name: string, file: string, bytes: Uint8Array): void {
  if (bytes.length === 0) throw broken(name, 'it is empty');
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 64)).trimStart().toLowerCase();
  if (head.startsWith('<!doctype') || head.startsWith('<html'))
    throw broken(name, 'it is a web page, not a model file');
  if (head.startsWith('version https://git-lfs')) throw broken(name, 'it is a pointer of Git LFS, not the file itself');
  if (file.endsWith('.onnx')) {
    const problem = protobufProblem(bytes);
    if (problem) throw broken(name, problem);
  }
  if (file.endsWith('.wasm') && !(bytes[0] === 0 && head.includes('asm'))) throw broken(name, 'it is no WebAssembly');
  if (file.endsWith('.json')) parseJson(name, bytes);
}

/** @throws {CognateError} `file-format` when the bytes are no JSON. */
export function parseJson(name: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw broken(name, 'it is no valid JSON', cause);
  }
}

/** @throws {CognateError} `file-format` when the SHA-256 differs from `expected` (hex). */
export async function checkSha256(name: string, bytes: Uint8Array<ArrayBuffer>, expected: string): Promise<void> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const got = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (got !== expected.toLowerCase()) {
    throw broken(name, `its SHA-256 is ${got.slice(0, 12)}..., expected ${expected.slice(0, 12).toLowerCase()}...`);
  }
}

function broken(name: string, why: string, cause?: unknown): CognateError {
  return new CognateError('file-format', `loadModel() cannot use the file ${name}: ${why}`, { cause });
}

/** Walks the outermost fields of a ModelProto: each must end inside the file, and the graph (field 7) must be there. */
function protobufProblem(bytes: Uint8Array): string | undefined {
  let at = 0;
  let graph = false;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 64 && at < bytes.length; shift += 7) {
      const byte = bytes[at++]!;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    return NaN;
  };
  while (at < bytes.length) {
    const tag = varint();
    const wire = tag % 8;
    const field = (tag - wire) / 8;
    if (!(field >= 1 && field <= 50)) return 'it is no ONNX model';
    if (wire === 0) varint();
    else if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else if (wire === 2) {
      const length = varint();
      graph ||= field === 7;
      if (!(at + length <= bytes.length)) {
        return field === 7 && length > 0
          ? `it is cut off: ${bytes.length} bytes are here, its graph needs ${at + length}`
          : 'it is cut off or no ONNX model';
      }
      at += length;
    } else return 'it is no ONNX model';
  }
  if (at > bytes.length) return 'it is cut off';
  return graph ? undefined : 'it holds no graph';
}
