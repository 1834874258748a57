import { CognateError } from '@cognate/core';
import { dot } from './dot.ts';
import { sizesOf, tight, type Emitter, type Known } from './emitter.ts';
import { elementTypes, type ElementType, type Value } from './graph.ts';

/** One primitive of a traced function. */
export interface Step {
  readonly primitive: string;
  readonly inputs: readonly Known[];
  /** Sizes and types of what comes out. */
  readonly outputs: readonly { readonly sizes: readonly number[]; readonly type: string }[];
  /** Its settings; shapes in them hold for the first batch size and are better taken from `outputs`. */
  readonly params: Readonly<Record<string, unknown>>;
}

type Rule = (emitter: Emitter, step: Step) => Known | Known[];

/** Same operator, same inputs, element by element; what was stretched is stretched afterwards, if at all. */
const plain =
  (operation: string): Rule =>
  (emitter, { inputs, outputs }) => {
    const arrays = inputs.map(tight);
    const value = emitter.graph.node(operation, arrays.map(emitter.value));
    return emitter.expand({ value, sizes: broadcast(arrays.map(sizesOf)) }, outputs[0]!.sizes);
  };

/** Sizes of what comes of arrays of these sizes, element by element. */
function broadcast(shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from(
    { length: rank },
    (_, axis) => shapes.map((shape) => shape[axis - rank + shape.length] ?? 1).find((size) => size !== 1) ?? 1,
  );
}

const pairs = (value: unknown): (readonly [number, number])[] => value as (readonly [number, number])[];

/** How each primitive of jax-js is written in ONNX. */
export const primitives: Readonly<Record<string, Rule>> = {
  add: plain('Add'),
  mul: plain('Mul'),
  min: plain('Min'),
  max: plain('Max'),
  neg: plain('Neg'),
  reciprocal: plain('Reciprocal'),
  floor: plain('Floor'),
  ceil: plain('Ceil'),
  sin: plain('Sin'),
  cos: plain('Cos'),
  asin: plain('Asin'),
  atan: plain('Atan'),
  exp: plain('Exp'),
  log: plain('Log'),
  erf: plain('Erf'),
  sqrt: plain('Sqrt'),
  where: plain('Where'),
  stop_gradient: (_, { inputs }) => inputs[0]!,
  dot: (emitter, { inputs }) => dot(emitter, inputs[0]!, inputs[1]!),
  reshape: (emitter, { inputs, outputs }) => emitter.reshape(inputs[0]!, outputs[0]!.sizes),
  transpose: (emitter, { inputs, params }) => emitter.transpose(inputs[0]!, params['perm'] as number[]),
  erfc: ({ graph, value }, { inputs, outputs }) => ({
    value: graph.node('Sub', [graph.float(1), graph.node('Erf', [value(inputs[0]!)])]),
    sizes: outputs[0]!.sizes,
  }),
  mod: ({ graph, value }, { inputs, outputs }) => ({
    value: graph.node('Mod', inputs.map(value), { fmod: 1 }),
    sizes: outputs[0]!.sizes,
  }),
  cast: ({ graph, value }, { inputs, outputs }) => {
    const [{ type, sizes }] = outputs as [Step['outputs'][number]];
    if (!Object.hasOwn(elementTypes, type)) throw unsupported(`cast to ${type}`);
    return { value: graph.node('Cast', [value(inputs[0]!)], { to: elementTypes[type as ElementType] }), sizes };
  },
  compare: ({ graph, value }, { inputs, outputs, params }) => {
    const names: Record<string, string> = {
      less: 'Less',
      less_equal: 'LessOrEqual',
      equal: 'Equal',
      not_equal: 'Equal',
    };
    const op = params['op'] as string;
    const compared = graph.node(names[op]!, inputs.map(value));
    return { value: op === 'not_equal' ? graph.node('Not', [compared]) : compared, sizes: outputs[0]!.sizes };
  },
  reduce: ({ graph, value }, { inputs, outputs, params }) => {
    const [input, axes] = [value(inputs[0]!), params['axis'] as number[]];
    const { sizes } = outputs[0]!;
    if (params['op'] === 'Add')
      return { value: graph.node('ReduceSum', [input, graph.ints(axes)], { keepdims: 0 }), sizes };
    const names: Record<string, string> = { Max: 'ReduceMax', Min: 'ReduceMin', Mul: 'ReduceProd' };
    const name = names[params['op'] as string];
    if (!name) throw unsupported(`reduce ${String(params['op'])}`);
    return { value: graph.node(name, [input], { axes, keepdims: 0 }), sizes };
  },
  broadcast: (emitter, { inputs, outputs, params }) => {
    const { sizes } = outputs[0]!;
    const added = new Set(params['axis'] as number[]);
    return emitter.expand(emitter.reshape(inputs[0]!, padOnes(sizesOf(inputs[0]!), sizes.length, added)), sizes);
  },
  concatenate: ({ graph, value }, { inputs, outputs, params }) => ({
    value: graph.node('Concat', inputs.map(value), { axis: params['axis'] as number }),
    sizes: outputs[0]!.sizes,
  }),
  split: ({ graph, value }, { inputs, outputs, params }) => {
    const sizes = graph.ints(params['sizes'] as number[]);
    const parts = graph.nodes('Split', [value(inputs[0]!), sizes], outputs.length, { axis: params['axis'] as number });
    return parts.map((part, i) => ({ value: part, sizes: outputs[i]!.sizes }));
  },
  shrink: (emitter, { inputs, outputs, params }) => {
    const have = sizesOf(inputs[0]!);
    // A batch axis is kept whole: its bounds differ between the traces and are not the ones given here.
    const slice = pairs(params['slice']).map((bounds, axis): readonly [number, number] => {
      if (have[axis]! >= 0) return bounds;
      if (outputs[0]!.sizes[axis] !== have[axis]) throw unsupported('a slice of the batch');
      return [0, have[axis]!];
    });
    return emitter.slice(inputs[0]!, slice);
  },
  flip: ({ graph, value }, { inputs, outputs, params }) => {
    const axes = params['axis'] as number[];
    const all = (n: number): Value => graph.ints(axes.map(() => n));
    return {
      value: graph.node('Slice', [value(inputs[0]!), all(-1), all(-(2 ** 31)), graph.ints(axes), all(-1)]),
      sizes: outputs[0]!.sizes,
    };
  },
  pad: ({ graph, value }, { inputs, outputs, params }) => {
    const width = pairs(params['width']);
    const ends = graph.ints([...width.map(([before]) => before), ...width.map(([, after]) => after)]);
    return { value: graph.node('Pad', [value(inputs[0]!), ends]), sizes: outputs[0]!.sizes };
  },
  gather: ({ graph, value }, { inputs, outputs, params }) => {
    const axes = params['axis'] as number[];
    if (inputs.length !== 2 || axes[0] !== params['outDim']) throw unsupported('gather along several axes');
    return { value: graph.node('Gather', inputs.map(value), { axis: axes[0]! }), sizes: outputs[0]!.sizes };
  },
  conv: ({ graph, value }, { inputs, outputs, params }) => {
    const { vmapDims, strides, padding, lhsDilation, rhsDilation } = params as Record<string, number[]>;
    if (Number(vmapDims) !== 0 || lhsDilation!.some((d) => d !== 1)) throw unsupported('transposed or mapped conv');
    const pads = [...pairs(padding).map(([before]) => before), ...pairs(padding).map(([, after]) => after)];
    const settings = { strides: strides!, pads, dilations: rhsDilation! };
    return { value: graph.node('Conv', inputs.map(value), settings), sizes: outputs[0]!.sizes };
  },
};

/** `sizes` with a 1 at each added axis of an array of rank `rank`. */
function padOnes(sizes: readonly number[], rank: number, added: ReadonlySet<number>): number[] {
  let from = 0;
  return Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : sizes[from++]!));
}

export function unsupported(what: string): CognateError {
  return new CognateError('invalid-input', `traceInto() needs operations that ONNX has, got ${what}`);
}
