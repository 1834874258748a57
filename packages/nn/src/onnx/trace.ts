import { CognateError } from '@cognate/core';
import { makeJaxpr, numpy as np, type Jaxpr, type JsTree } from '@jax-js/jax';
import { mapTree, treeLeaves, type DeviceArray, type MapTree, type Tensor, type Tree } from '../tree.ts';
import { emitter, sizesOf, type Emitter, type Known } from './emitter.ts';
import { elementTypes, type ElementType, type OnnxGraph, type Value } from './graph.ts';
import { primitives, unsupported } from './primitives.ts';
import type { WeightStorage } from './weights.ts';

/** A float32 value of the graph that a traced function takes or gives, `'batch'` where its size varies. */
export interface TracedValue {
  readonly value: Value;
  readonly shape: readonly (number | 'batch')[];
}

/** The function is traced at these two batch sizes; sizes that differ are the batch. */
const batchSizes = [2, 3] as const;

/**
 * Adds `apply(params, ...inputs)` to the graph: traces it with jax-js and writes each primitive as ONNX operators. Views
 * of parameters are resolved here; matrices are stored as `weights` says. Gradients may be part of it. Needs a started engine.
 * @param params host numbers.
 * @returns its result, which another `traceInto` or `graph.output` may take; a list where the function gives one.
 * @throws {CognateError} `invalid-input` naming a primitive that has no counterpart, or when the function does something
 * else for another batch size.
 */
export async function traceInto<P, R extends DeviceArray | DeviceArray[]>(
  graph: OnnxGraph,
  apply: (params: MapTree<P, DeviceArray>, ...inputs: DeviceArray[]) => R,
  params: P,
  inputs: readonly TracedValue[],
  { weights = 'float32' }: { readonly weights?: WeightStorage } = {},
): Promise<R extends DeviceArray[] ? TracedValue[] : TracedValue> {
  const leaves = [...treeLeaves(params as Tree<Tensor>).values()];
  const [first, second] = batchSizes.map((size) => trace(apply, params, inputs, size)) as [Trace, Trace];
  const [constants, twins] = await Promise.all([first, second].map(({ consts }) => Promise.all(consts.map(constant))));
  if (!constants!.every((one, i) => twins![i] !== undefined && same(one.tensor, twins![i].tensor))) throw differs();
  const given = [
    ...constants!,
    ...leaves.map((tensor): Known => ({ tensor })),
    ...inputs.map(({ value, shape }): Known => ({ value, sizes: shape.map((size) => (size === 'batch' ? -1 : size)) })),
  ];

  let batch: Value | undefined;
  const batchOf = (): Value => {
    const from = inputs.find(({ shape }) => shape.includes('batch'));
    if (!from) throw new CognateError('invalid-input', 'traceInto() needs an input with a batch axis, got none');
    const axis = from.shape.indexOf('batch');
    return (batch ??= graph.node('Shape', [from.value], { start: axis, end: axis + 1 }));
  };
  const results = write(emitter(graph, weights, batchOf), first.jaxpr, second.jaxpr, given);
  return (first.many ? results : results[0]) as R extends DeviceArray[] ? TracedValue[] : TracedValue;
}

interface Trace {
  readonly jaxpr: Jaxpr;
  readonly consts: readonly DeviceArray[];
  /** Whether the function gives a list. */
  readonly many: boolean;
}

function trace<P>(
  apply: (params: MapTree<P, DeviceArray>, ...inputs: DeviceArray[]) => DeviceArray | DeviceArray[],
  params: P,
  inputs: readonly TracedValue[],
  batch: number,
): Trace {
  // Only shapes matter: zeros stand for everything, and take no memory while nobody reads them.
  const zeros = mapTree(params, ({ shape, data }: Tensor) =>
    np.zeros([...shape], { dtype: data instanceof Int32Array ? np.int32 : np.float32 }),
  );
  const rows = inputs.map(({ shape }) => np.zeros(shape.map((size) => (size === 'batch' ? batch : size))));
  let many = false;
  const watched = (...args: JsTree<DeviceArray>[]): DeviceArray[] => {
    const result = (apply as unknown as (...args: JsTree<DeviceArray>[]) => DeviceArray | DeviceArray[])(...args);
    many = Array.isArray(result);
    return [result].flat();
  };
  const { jaxpr } = makeJaxpr(watched)(zeros, ...rows);
  return { jaxpr: jaxpr.jaxpr.flatten().simplify(), consts: jaxpr.consts as DeviceArray[], many };
}

/** Arrays that the function made by itself, such as an `arange`. */
async function constant(array: DeviceArray): Promise<{ tensor: Tensor }> {
  const shape = [...array.shape];
  const data = await array.data();
  if (data instanceof Float32Array || data instanceof Int32Array) return { tensor: { shape, data } };
  throw unsupported(`a constant of ${array.dtype}`);
}

function write(writer: Emitter, one: Jaxpr, two: Jaxpr, given: readonly Known[]): TracedValue[] {
  if (one.eqns.length !== two.eqns.length || one.inBinders.length !== given.length) throw differs();
  type Atom = Jaxpr['outs'][number];
  const known = new Map<Atom, Known>(one.inBinders.map((variable, i) => [variable, given[i]!]));
  const read = (atom: Atom, twin: Atom): Known => {
    if (!('value' in atom)) return known.get(atom)!;
    if (!('value' in twin) || !Object.is(atom.value, twin.value)) throw differs();
    return literal(writer, atom.value, atom.dtype);
  };

  one.eqns.forEach((step, i) => {
    const twin = two.eqns[i]!;
    const rule = primitives[step.primitive];
    if (step.primitive !== twin.primitive) throw differs();
    if (!rule) throw unsupported(`the primitive ${step.primitive}`);
    const outputs = step.outBinders.map(({ aval }, o) => ({
      sizes: aval.shape.map((size, axis) => symbolic(size, twin.outBinders[o]!.aval.shape[axis]!)),
      type: aval.dtype,
    }));
    const arrays = step.inputs.map((atom, a) => read(atom, twin.inputs[a]!));
    const inputs = promoting.has(step.primitive)
      ? promoted(
          writer,
          arrays,
          step.inputs.map((atom) => atom.aval),
        )
      : arrays;
    const results = [rule(writer, { primitive: step.primitive, inputs, outputs, params: step.params })].flat();
    step.outBinders.forEach((variable, o) => known.set(variable, results[o]!));
  });
  return one.outs.map((out, i) => {
    const result = read(out, two.outs[i]!);
    const shape = sizesOf(result).map((size) => {
      if (size < -1) throw unsupported(`a result with an axis of ${-size} times the batch`);
      return size === -1 ? 'batch' : size;
    });
    return { value: writer.value(result), shape };
  });

  function symbolic(size: number, twin: number): number {
    if (size === twin) return size;
    const times = size / batchSizes[0];
    if (!Number.isInteger(times) || twin !== times * batchSizes[1]) throw differs();
    return -times;
  }
}

/** Primitives of jax-js whose inputs may be of different types, which ONNX does not allow. */
const promoting = new Set(['add', 'mul', 'mod', 'min', 'max', 'compare', 'where', 'concatenate', 'dot']);

/** All numbers in one type: float32 if a true array has it, for bare numbers bend to arrays. Conditions stay. */
function promoted(
  { graph, value }: Emitter,
  arrays: readonly Known[],
  types: readonly { readonly dtype: string; readonly weakType: boolean }[],
): Known[] {
  const numbers = types.filter(({ dtype }) => dtype !== 'bool');
  const strong = numbers.filter(({ weakType }) => !weakType);
  const wanted = new Set((strong.length > 0 ? strong : numbers).map(({ dtype }) => dtype));
  const target = wanted.has('float32') ? 'float32' : [...wanted][0];
  return arrays.map((known, i) => {
    const { dtype } = types[i]!;
    if (dtype === target || dtype === 'bool') return known;
    return {
      value: graph.node('Cast', [value(known)], { to: elementTypes[target as ElementType] }),
      sizes: sizesOf(known),
    };
  });
}

function same(one: Tensor, two: Tensor): boolean {
  return String(one.shape) === String(two.shape) && one.data.every((value, i) => Object.is(value, two.data[i]));
}

function differs(): CognateError {
  return new CognateError('invalid-input', 'traceInto() needs a function that does the same for every batch size');
}

function literal({ graph }: { readonly graph: OnnxGraph }, value: number, type: string): Known {
  if (type === 'float32') return { value: graph.float(value), sizes: [] };
  if (type === 'bool') return { value: graph.constant('bool', [], Uint8Array.of(Number(value))), sizes: [] };
  if (type === 'int32') return { value: graph.constant('int32', [], Int32Array.of(value)), sizes: [] };
  if (type === 'uint32') return { value: graph.constant('uint32', [], Uint32Array.of(value)), sizes: [] };
  throw unsupported(`a number of type ${type}`);
}
