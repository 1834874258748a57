import { CognateError } from '@cognate/core';
import { mapTree, treeLeaves, type Tensor, type Tree } from '../tree.ts';
import { elementTypes } from './graph.ts';
import { decodeMessage, type Decoded } from './protobuf.ts';
import type { WeightStorage } from './weights.ts';

/** The first of the marks: numbers that no constant of a graph is, and that float32 holds exactly. */
const firstMark = 2 ** 22;
const marks = 2 ** 24 - firstMark;

/**
 * The parameters of a published model, so that training can go on from nothing but what ships.
 *
 * Export cuts, turns and compresses parameters; which number of the file is which parameter is found by exporting once more,
 * with numbered marks for parameters.
 * @param file what `write` once made, of parameters of these shapes. @param like parameters of the same shapes; at most
 * 12,582,912 numbers. @param write exports parameters. Must write the same graph each time.
 * @returns float32, with the rounding that storage brought. The caller owns them.
 * @throws {CognateError} `invalid-input` when `write` makes another graph than the file's, or leaves parameters out.
 */
export async function readWeights<P>(
  file: Uint8Array,
  like: P,
  write: (params: P, weights: WeightStorage) => Promise<Uint8Array>,
): Promise<P> {
  let count = 0;
  const starts = new Map<string, number>();
  const marked = mapTree(like, ({ shape, data }: Tensor, path): Tensor => {
    starts.set(path, count);
    return { shape, data: Float32Array.from(data, () => firstMark + count++) };
  }) as P;
  if (count > marks)
    throw new CognateError('invalid-input', `readWeights() takes ${marks} numbers at most, got ${count}`);
  const stored = constants(file);
  const values = new Float32Array(count).fill(NaN);
  for (const { type, data } of constants(await write(marked, 'float32'))) {
    const numbers = widened(stored, data.length);
    if (type !== 'float32') continue;
    data.forEach((mark, i) => {
      if (mark >= firstMark) values[mark - firstMark] = numbers[i]!;
    });
  }
  const missing = [...treeLeaves(like as Tree<Tensor>)].find(([path, { data }]) =>
    values.subarray(starts.get(path), starts.get(path)! + data.length).some(Number.isNaN),
  );
  if (missing) throw new CognateError('invalid-input', `readWeights() finds no numbers for ${missing[0]} in this file`);
  return mapTree(like, ({ shape, data }: Tensor, path): Tensor => {
    const start = starts.get(path)!;
    return { shape, data: values.slice(start, start + data.length) };
  }) as P;
}

interface Constant {
  readonly type: 'float32' | 'int8' | 'other';
  readonly shape: readonly number[];
  readonly data: Float32Array | Int8Array;
}

/** The stored arrays of a graph, in the order in which they were added. */
function constants(file: Uint8Array): Constant[] {
  const graph = graphOf(file);
  return (graph.get(5) ?? []).map((initializer) => {
    const fields = decodeMessage(initializer as Uint8Array);
    const raw = bytesOf(fields, 9).slice();
    const type = fields.get(2)?.[0];
    const shape = (fields.get(1) ?? []) as number[];
    if (type === elementTypes.float32) return { type: 'float32', shape, data: new Float32Array(raw.buffer) };
    return { type: type === elementTypes.int8 ? 'int8' : 'other', shape, data: new Int8Array(raw.buffer) };
  });
}

/** Takes the next array from the list: one of float32, or one of int8 with the scales that follow it. */
function widened(stored: Constant[], length: number): ArrayLike<number> {
  const next = stored.shift();
  if (next?.data.length !== length) {
    const got = next ? `${next.data.length}` : 'the end';
    throw new CognateError(
      'invalid-input',
      `readWeights() needs a file of the same graph: expected ${length} numbers, got ${got}`,
    );
  }
  if (next.type !== 'int8') return next.data;
  const { shape, data: scales } = stored.shift()!; // [columns], or [rows, 1] for a table
  const perRow = shape.length === 2 ? length / scales.length : 0;
  return Float32Array.from(next.data, (code, i) => code * scales[perRow ? Math.floor(i / perRow) : i % scales.length]!);
}

function graphOf(file: Uint8Array): Decoded {
  try {
    return decodeMessage(bytesOf(decodeMessage(file), 7));
  } catch (cause) {
    throw new CognateError('invalid-input', 'readWeights() needs an ONNX file', { cause });
  }
}

function bytesOf(message: Decoded, field: number): Uint8Array {
  const bytes = message.get(field)?.[0];
  if (!(bytes instanceof Uint8Array)) throw new RangeError(`bytesOf(): there is no field ${field}`);
  return bytes;
}
