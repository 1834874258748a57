import {
  CognateError,
  floats,
  isWhole,
  readSafetensors,
  sealed,
  writeSafetensors,
  type FileTensor,
  type Safetensors,
} from '@cognate/core';
import type { EmbeddingTable } from './embedding-table.ts';
import type { TrainerState } from './trainer.ts';
import { tensor, treeFromLeaves, treeLeaves, type Tensor, type Tree } from './tree.ts';

/** All that a training run needs to go on as if it had never stopped. */
export interface Checkpoint<P> {
  readonly trainer: TrainerState<P>;
  readonly tables?: Readonly<Record<string, EmbeddingTable>>;
  /** Other trees of tensors by name, such as the best weights so far. */
  readonly trees?: Readonly<Record<string, unknown>>;
  /** JSON-safe: the state of `batches` and of every generator, curves, best score. */
  readonly notes: unknown;
}

const format = 'cognate-checkpoint@1';
/** All that the header of a file held before files were sealed. */
const texts = ['format', 'step', 'notes'];

/** A tree of tensors as named arrays of a safetensors file, `prefix.path.to.leaf`. Data are shared, not copied. */
export function fileTensors(tree: unknown, prefix = ''): [string, FileTensor][] {
  return [...treeLeaves(tree as Tree<Tensor>)].map(([path, { shape, data }]) => {
    const dtype = data instanceof Int32Array ? 'I32' : 'F32';
    return [[prefix, path].filter(Boolean).join('.'), { dtype, shape, data } as FileTensor];
  });
}

/** The tree under `prefix` in a file that `fileTensors` filled; other names are left alone. */
export function fileTree(file: Safetensors, prefix: string): Tree<Tensor> {
  const leaves = [...file.tensors].flatMap(([name, { dtype, shape, data }]) => {
    if (!name.startsWith(`${prefix}.`) && name !== prefix) return [];
    if (dtype !== 'F32' && dtype !== 'I32')
      throw new CognateError('file-format', `fileTree() needs F32 or I32, got ${dtype}`);
    return [[name.slice(prefix.length + 1), tensor(shape, data)] as const];
  });
  // Arrays are stored by element width, not in the order of the tree; lists need theirs back.
  leaves.sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  return treeFromLeaves(leaves);
}

/** One safetensors file. */
export function writeCheckpoint<P>({
  trainer,
  tables = {},
  trees = {},
  notes,
}: Checkpoint<P>): Uint8Array<ArrayBuffer> {
  const { step, ...state } = trainer;
  const entries = Object.entries(state).flatMap(([name, tree]) => fileTensors(tree, `trainer.${name}`));
  for (const [name, tree] of Object.entries(trees)) entries.push(...fileTensors(tree, `trees.${name}`));
  for (const [name, { count, dim, weights, mean, square, touches }] of Object.entries(tables)) {
    const shape = [count, dim];
    const arrays = { weights: { shape, data: weights }, mean: { shape, data: mean }, square: { shape, data: square } };
    entries.push(...fileTensors({ ...arrays, touches: { shape: [count], data: touches } }, `tables.${name}`));
  }
  const metadata = { format, step: `${step}`, notes: JSON.stringify(notes ?? null) };
  return writeSafetensors(entries, sealed(entries, metadata));
}

/**
 * Reads what `writeCheckpoint` wrote.
 * @throws {CognateError} `file-format` when the file is damaged or no checkpoint.
 */
export function readCheckpoint<P>(bytes: Uint8Array): Checkpoint<P> {
  const file = readSafetensors(bytes);
  const { format: found, step, notes } = file.metadata;
  if (found !== format) {
    throw new CognateError('file-format', `readCheckpoint() needs a file of ${format}, got ${found ?? 'another'}`);
  }
  if (!isWhole(file, texts)) {
    throw new CognateError('file-format', 'readCheckpoint() needs the very file that was saved: this one is damaged');
  }
  const state = (fileTree(file, 'trainer') ?? {}) as Omit<TrainerState<P>, 'step'>;
  const namesIn = (folder: string): string[] => [
    ...new Set([...file.tensors.keys()].flatMap((path) => (path.startsWith(`${folder}.`) ? path.split('.')[1]! : []))),
  ];
  return {
    trainer: { ...state, step: Number(step) },
    tables: Object.fromEntries(namesIn('tables').map((name) => [name, readTable(file, `tables.${name}`)])),
    trees: Object.fromEntries(namesIn('trees').map((name) => [name, fileTree(file, `trees.${name}`)])),
    notes: JSON.parse(notes ?? 'null') as unknown,
  };
}

function readTable(file: Safetensors, path: string): EmbeddingTable {
  const [count, dim] = file.tensors.get(`${path}.weights`)?.shape ?? [];
  const touches = file.tensors.get(`${path}.touches`);
  if (count === undefined || dim === undefined || touches?.dtype !== 'I32' || touches.data.length !== count) {
    throw new CognateError('file-format', `readCheckpoint() needs weights and touches of ${path}`);
  }
  const array = (name: string): Float32Array<ArrayBuffer> => floats(file, `${path}.${name}`, [count, dim]);
  return { count, dim, weights: array('weights'), mean: array('mean'), square: array('square'), touches: touches.data };
}
