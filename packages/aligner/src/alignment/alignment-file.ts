import {
  isReport,
  isWhole,
  readSafetensors,
  sealed,
  shown,
  toHalf,
  writeSafetensors,
  type FileTensor,
  type Space,
} from '@cognate/core';
import type { AlignmentParts } from './alignment.ts';
import { broken } from './broken.ts';
import { numbers, readPath, writePath } from './path-file.ts';

const format = 'cognate-alignment';
/** Raised when older code could misread a newer file. */
const version = '2';
/** All that the header of a file held before files were sealed. */
const texts = ['format', 'version', 'method', 'spaces', 'paths', 'report'];

const sides = ['source', 'target'] as const;

/** One safetensors file: arrays as tensors; spaces, steps of the paths, method and report as JSON in the header. */
export function writeAlignment(parts: AlignmentParts): Uint8Array<ArrayBuffer> {
  const { source, target, shared, report } = parts;
  const tensors: [string, FileTensor][] = [];
  const paths: Record<string, unknown> = {};
  for (const side of sides) {
    paths[side] = writePath(parts.heads[side], side, tensors);
    paths[`${side}.return`] = writePath(parts.returns[side], `${side}.return`, tensors);
    const anchors = parts.anchors[side];
    const shape = [anchors.length / shared.dim, shared.dim];
    tensors.push([`${side}.anchors`, { dtype: 'F16', shape, data: toHalf(anchors) }]);
  }
  const metadata = {
    format,
    version,
    method: report.method,
    spaces: JSON.stringify({ source, target, shared }),
    paths: JSON.stringify(paths),
    report: JSON.stringify(report),
  };
  return writeSafetensors(tensors, sealed(tensors, metadata));
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
  if (!isWhole(file, texts)) throw broken('the very file that was saved: this one is damaged');
  const { source, target, shared } = parseSpaces(metadata['spaces']);
  const spaces = { source, target };
  const paths = parseJson('paths', metadata['paths']) as Record<string, unknown>;
  const report = parseJson('report', metadata['report']);
  if (!isReport(report)) throw broken('a whole report in the header');
  if (report.method !== metadata['method']) throw broken('a report of the method in the header');
  const each = <T>(read: (side: 'source' | 'target', dim: number) => T): { source: T; target: T } => ({
    source: read('source', spaces.source.dim),
    target: read('target', spaces.target.dim),
  });
  return {
    source,
    target,
    shared,
    heads: each((side, dim) => readPath(file, paths[side], side, dim, shared.dim)),
    returns: each((side, dim) => readPath(file, paths[`${side}.return`], `${side}.return`, shared.dim, dim)),
    anchors: each((side) => {
      const rows = file.tensors.get(`${side}.anchors`)?.shape[0] ?? 0;
      return numbers(file, `${side}.anchors`, [rows, shared.dim]);
    }),
    report,
  };
}

function parseSpaces(text: string | undefined): Record<'source' | 'target' | 'shared', Space> {
  const spaces = parseJson('spaces', text) as Partial<Record<string, Space>>;
  for (const name of [...sides, 'shared']) {
    const { id, dim, normalized } = spaces[name] ?? {};
    if (typeof id !== 'string' || !Number.isSafeInteger(dim) || dim! < 1 || typeof normalized !== 'boolean') {
      throw broken(`a ${name} space in the header, got ${shown(spaces[name])}`);
    }
  }
  if (spaces['source']!.id === spaces['target']!.id) throw broken('two different spaces in the header');
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
