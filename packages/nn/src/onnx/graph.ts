import { CognateError } from '@cognate/core';
import { encodeMessage, type FieldValue, type Message } from './protobuf.ts';

/** Name of an array in the graph. */
export type Value = string;

/** A number, or the name of a size known when the graph runs, such as `batch`. */
export type Dimension = number | string;

/** Element types, with ONNX's own numbers. */
export const elementTypes = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  uint32: 12,
} as const;
export type ElementType = keyof typeof elementTypes;

/** Whole numbers become ints, `{ float }` a float, lists lists of ints. */
export type Attributes = Readonly<Record<string, number | { readonly float: number } | string | readonly number[]>>;

/** An ONNX graph under construction. */
export interface OnnxGraph {
  input(name: string, type: ElementType, shape: readonly Dimension[]): Value;
  /** A stored array; `data` holds raw elements (Uint16Array for float16, BigInt64Array for int64). */
  constant(type: ElementType, shape: readonly number[], data: ArrayBufferView): Value;
  /** A list of int64, as axes and shapes are given. */
  ints(list: readonly number[]): Value;
  /** A float32 number. */
  float(value: number): Value;
  /** Adds an operation and names its output. */
  node(operation: string, inputs: readonly Value[], attributes?: Attributes): Value;
  nodes(operation: string, inputs: readonly Value[], outputs: number, attributes?: Attributes): Value[];
  output(name: string, value: Value, type: ElementType, shape: readonly Dimension[]): void;
  /** The finished file: opset 17, IR version 8. @throws {CognateError} `invalid-input` without an output. */
  bytes(metadata?: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer>;
}

/** Starts an empty graph. Operators: https://onnx.ai/onnx/operators/, as of opset 17. */
export function onnxGraph(name: string): OnnxGraph {
  const inputs: Message[] = [];
  const outputs: Message[] = [];
  const nodes: Message[] = [];
  const constants: Message[] = [];
  const small = new Map<string, Value>();
  let count = 0;
  const fresh = (operation: string): Value => `${operation.toLowerCase()}_${count++}`;

  const graph: OnnxGraph = {
    input(input, type, shape) {
      inputs.push(valueInfo(input, type, shape));
      return input;
    },
    constant(type, shape, data) {
      const value = fresh('constant');
      const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      constants.push({ 1: [...shape], 2: elementTypes[type], 8: value, 9: raw });
      return value;
    },
    ints(list) {
      return shared(`i${list.join()}`, () =>
        graph.constant('int64', [list.length], BigInt64Array.from(list.map(BigInt))),
      );
    },
    float(value) {
      return shared(`f${value}`, () => graph.constant('float32', [], Float32Array.of(value)));
    },
    node(operation, ins, attributes) {
      return graph.nodes(operation, ins, 1, attributes)[0]!;
    },
    nodes(operation, ins, outs, attributes = {}) {
      const values = Array.from({ length: outs }, () => fresh(operation));
      const encoded = Object.entries(attributes).map(([key, value]) => ({ message: attribute(key, value) }));
      nodes.push({ 1: ins, 2: values, 3: values[0], 4: operation, 5: encoded });
      return values;
    },
    output(output, value, type, shape) {
      nodes.push({ 1: value, 2: output, 3: output, 4: 'Identity' });
      outputs.push(valueInfo(output, type, shape));
    },
    bytes(metadata = {}) {
      if (outputs.length === 0)
        throw new CognateError('invalid-input', `bytes() needs an output in the graph ${name}, got none`);
      const list = (messages: readonly Message[]): FieldValue[] => messages.map((message) => ({ message }));
      const properties = Object.entries(metadata).map(([key, value]): Message => ({ 1: key, 2: value }));
      return encodeMessage({
        1: 8, // IR version
        2: 'cognate',
        7: { message: { 1: list(nodes), 2: name, 5: list(constants), 11: list(inputs), 12: list(outputs) } },
        8: { message: { 1: '', 2: 17 } }, // opset
        14: list(properties),
      });
    },
  };
  const shared = (key: string, make: () => Value): Value => {
    const value = small.get(key) ?? make();
    small.set(key, value);
    return value;
  };
  return graph;
}

function valueInfo(name: string, type: ElementType, shape: readonly Dimension[]): Message {
  const dims = shape.map((size) => ({ message: typeof size === 'number' ? { 1: size } : { 2: size } }));
  const tensorType: Message = { 1: elementTypes[type], 2: { message: { 1: dims } } };
  return { 1: name, 2: { message: { 1: { message: tensorType } } } };
}

/** Field 20 tells the kind: 1 float, 2 int, 3 text, 7 ints. */
function attribute(name: string, value: Attributes[string]): Message {
  if (typeof value === 'number') return { 1: name, 3: value, 20: 2 };
  if (typeof value === 'string') return { 1: name, 4: value, 20: 3 };
  if ('float' in value) return { 1: name, 2: value, 20: 1 };
  return { 1: name, 8: value, 20: 7 };
}
