import type { Random } from '@cognate/core';
import { numpy as np } from '@jax-js/jax';

/**
 * An array of the engine. Reference-counted: every call that takes one consumes it, `x.ref` keeps it for another use,
 * `x.dispose()` gives it up unused. Functions of this package follow the same rule for every array they are handed,
 * parameters included, unless they say otherwise.
 */
export type DeviceArray = np.Array;

/** Numbers outside the engine: plain data, row-major. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;
}

/** Nested plain objects and lists with leaves of one kind. Models type theirs with `type`, not `interface`. */
export type Tree<Leaf> = Leaf | Tree<Leaf>[] | { [name: string]: Tree<Leaf> };

/** The same tree with other leaves: `MapTree<Linear, Tensor>` is a linear layer outside the engine. */
export type MapTree<T, Leaf> = T extends DeviceArray | Tensor | Float32Array
  ? Leaf
  : T extends readonly (infer U)[]
    ? MapTree<U, Leaf>[]
    : { [K in keyof T]: MapTree<T[K], Leaf> };

/** Calls `change` on every leaf, depth first in the order of the keys; `path` names it, e.g. `head.hidden.0.weight`. */
export function mapTree<T, In, Out>(tree: T, change: (leaf: In, path: string) => Out, path = ''): MapTree<T, Out> {
  const at = (key: string | number): string => (path ? `${path}.${key}` : `${key}`);
  if (isLeaf(tree)) return change(tree as unknown as In, path) as MapTree<T, Out>;
  if (Array.isArray(tree)) return tree.map((each, i) => mapTree(each, change, at(i))) as MapTree<T, Out>;
  const entries = Object.entries(tree as object).map(([key, each]) => [key, mapTree(each, change, at(key))] as const);
  return Object.fromEntries(entries) as MapTree<T, Out>;
}

/** Leaves by path, in the order of `mapTree`. */
export function treeLeaves<Leaf>(tree: Tree<Leaf>): Map<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  mapTree(tree, (leaf: Leaf, path) => leaves.set(path, leaf));
  return leaves;
}

/** The tree that `treeLeaves` took apart; keys 0, 1, 2 ... become a list. Branches without leaves are lost. */
export function treeFromLeaves<Leaf>(leaves: Iterable<readonly [string, Leaf]>): Tree<Leaf> {
  const branches = new Map<string, [string, Leaf][]>();
  for (const [path, leaf] of leaves) {
    if (path === '') return leaf;
    const [key, ...rest] = path.split('.') as [string, ...string[]];
    const branch = branches.get(key) ?? [];
    branch.push([rest.join('.'), leaf]);
    branches.set(key, branch);
  }
  const children = [...branches].map(([key, branch]) => [key, treeFromLeaves(branch)] as const);
  const isList = children.length > 0 && children.every(([key], i) => key === `${i}`);
  return isList ? children.map(([, child]) => child) : Object.fromEntries(children);
}

/** Copies host numbers onto the device. The caller owns the arrays. */
export function toDevice<T>(tree: T): MapTree<T, DeviceArray> {
  return mapTree(tree, ({ shape, data }: Tensor) => np.array(data, { shape: [...shape] }));
}

/** Copies device arrays into host numbers and keeps the arrays alive. */
export async function toHost<T>(tree: T): Promise<MapTree<T, Tensor>> {
  const reading = new Map<string, Promise<Tensor>>();
  mapTree(tree, (leaf: DeviceArray, path) => reading.set(path, read(leaf.ref)));
  const done = new Map<string, Tensor>();
  for (const [path, tensor] of reading) done.set(path, await tensor);
  return mapTree(tree, (_: DeviceArray, path) => done.get(path)!);
}

/** One more use of every array of a device tree: hand `keep(params)` to a function that would consume `params`. */
export function keep<T>(tree: T): T {
  mapTree(tree, (leaf: DeviceArray) => leaf.ref);
  return tree;
}

/** Gives up every array of a device tree. */
export function release(tree: unknown): void {
  mapTree(tree, (leaf: DeviceArray) => leaf.dispose());
}

/** Number of numbers in a tree of tensors. */
export function countParameters(tree: Tree<Tensor>): number {
  let count = 0;
  for (const { data } of treeLeaves(tree).values()) count += data.length;
  return count;
}

/** `data` (kept, not copied) under a shape. */
export function tensor(shape: readonly number[], data: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>): Tensor {
  return { shape, data };
}

export function filled(shape: readonly number[], value: number): Tensor {
  return { shape, data: new Float32Array(shape.reduce((n, d) => n * d, 1)).fill(value) };
}

/** Normal numbers with the given standard deviation. */
export function normal(random: Random, shape: readonly number[], deviation: number): Tensor {
  return { shape, data: filled(shape, 0).data.map(() => deviation * random.normal()) };
}

async function read(array: DeviceArray): Promise<Tensor> {
  const shape = [...array.shape];
  return { shape, data: (await array.data()) as Float32Array<ArrayBuffer> };
}

function isLeaf(value: unknown): boolean {
  return value instanceof np.Array || ArrayBuffer.isView(value) || isTensor(value);
}

function isTensor(value: unknown): value is Tensor {
  return (
    typeof value === 'object' && value !== null && 'shape' in value && 'data' in value && !(value instanceof np.Array)
  );
}
