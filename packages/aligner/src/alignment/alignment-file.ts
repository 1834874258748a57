import {
  CognateError,
  floats,
  readSafetensors,
  toHalf,
  writeSafetensors,
  type AlignmentReport,
  type FileTensor,
  type Safetensors,
  type Space,
} from '@cognate/core';
import type { AlignmentParts } from './alignment.ts';
import type { FloatMatrix, Head, Layer } from './head.ts';

const format = 'cognate-alignment';
/** Raised when older code could misread a newer file. */
const version = '1';

const sides = ['source', 'target'] as const;

/** One safetensors file: matrices as tensors; spaces, method and report as JSON in the header. */
export function writeAlignment(parts: AlignmentParts): Uint8Array<ArrayBuffer> {
  const { shared, report } = parts;
  const tensors: [string, FileTensor][] = [];
  const put = (name: string, shape: readonly number[], data: Float32Array<ArrayBuffer>): void => {
    tensors.push([name, { dtype: 'F32', shape, data }]);
  };
  const putMatrix = (name: string, { rows, cols, data }: FloatMatrix): void => put(name, [rows, cols], data);
  const putHalf = (name: string, { rows, cols, data }: FloatMatrix): void => {
    tensors.push([name, { dtype: 'F16', shape: [rows, cols], data: toHalf(data) }]);
  };
  for (const side of sides) {
    const { mean, linear, mlp } = parts.heads[side];
    put(`${side}.mean`, [mean.length], mean);
    // Heads with an MLP were rounded to half precision when their training ended: nothing is lost here.
    if (linear) (mlp ? putHalf : putMatrix)(`${side}.linear`, linear);
    for (const [name, layer] of Object.entries(mlp ?? {})) {
      putHalf(`${side}.${name}.weight`, layer.weight);
      put(`${side}.${name}.bias`, [layer.bias.length], layer.bias);
    }
    putMatrix(`${side}.return`, parts.returns[side]);
    const anchors = parts.anchors[side];
    const shape = [anchors.length / shared.dim, shared.dim];
    tensors.push([`${side}.anchors`, { dtype: 'F16', shape, data: toHalf(anchors) }]);
  }
  const { source, target } = parts;
  const spaces = JSON.stringify({ source, target, shared });
  return writeSafetensors(tensors, { format, version, method: report.method, spaces, report: JSON.stringify(report) });
}

/** The parts that were written. @throws {CognateError} `file-format`. */
export function readAlignment(bytes: Uint8Array): AlignmentParts {
  const file = readSafetensors(bytes);
  const { metadata } = file;
  if (metadata['format'] !== format) {
    throw broken(`a file that an alignment was saved to, got ${metadata['format'] ?? 'a file of some other kind'}`);
  }
  if (metadata['version'] !== version) {
    throw broken(
      `version ${version} of the format, got version ${metadata['version'] ?? 'unknown'}: fit and save anew`,
    );
  }
  const { source, target, shared } = parseSpaces(metadata['spaces']);
  const spaces = { source, target };
  const report = parseJson('report', metadata['report']) as AlignmentReport;
  if (report.method !== metadata['method']) throw broken('a report of the method in the header');
  const each = <T>(read: (side: 'source' | 'target', dim: number) => T): { source: T; target: T } => ({
    source: read('source', spaces.source.dim),
    target: read('target', spaces.target.dim),
  });
  return {
    source,
    target,
    shared,
    heads: each((side, dim) => readHead(file, side, dim, shared.dim)),
    returns: each((side, dim) => readMatrix(file, `${side}.return`, shared.dim, dim)),
    anchors: each((side) => {
      const rows = file.tensors.get(`${side}.anchors`)?.shape[0] ?? 0;
      return floats(file, `${side}.anchors`, [rows, shared.dim]);
    }),
    report,
  };
}

function readHead(file: Safetensors, side: string, from: number, to: number): Head {
  const mean = floats(file, `${side}.mean`, [from]);
  const linear = file.tensors.has(`${side}.linear`) ? readMatrix(file, `${side}.linear`, from, to) : undefined;
  if (!linear && from !== to) throw broken(`${side}.linear, since ${from} and ${to} dimensions differ`);
  const hidden = file.tensors.get(`${side}.up.bias`)?.shape[0];
  if (hidden === undefined) return { mean, linear };
  const layer = (name: string, rows: number, cols: number): Layer => ({
    weight: readMatrix(file, `${side}.${name}.weight`, rows, cols),
    bias: floats(file, `${side}.${name}.bias`, [cols]),
  });
  return { mean, linear, mlp: { up: layer('up', from, hidden), down: layer('down', hidden, to) } };
}

function readMatrix(file: Safetensors, name: string, rows: number, cols: number): FloatMatrix {
  return { rows, cols, data: floats(file, name, [rows, cols]) };
}

function parseSpaces(text: string | undefined): Record<'source' | 'target' | 'shared', Space> {
  const spaces = parseJson('spaces', text) as Partial<Record<string, Space>>;
  for (const name of [...sides, 'shared']) {
    const { id, dim, normalized } = spaces[name] ?? {};
    if (typeof id !== 'string' || !Number.isSafeInteger(dim) || dim! < 1 || typeof normalized !== 'boolean') {
      throw broken(`a ${name} space in the header, got ${JSON.stringify(spaces[name])}`);
    }
  }
  return spaces as Record<'source' | 'target' | 'shared', Space>;
}

function parseJson(name: string, text: string | undefined): object {
  try {
    const value: unknown = JSON.parse(text ?? '');
    if (typeof value === 'object' && value !== null) return value;
  } catch (cause) {
    throw broken(`JSON as ${name} in the header`, cause);
  }
  throw broken(`an object as ${name} in the header`);
}

function broken(needs: string, cause?: unknown): CognateError {
  return new CognateError('file-format', `loadAlignment() needs ${needs}`, cause === undefined ? undefined : { cause });
}
