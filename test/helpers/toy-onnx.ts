/**
 * Writes tiny ONNX files (opset 17, IR 8), so that loading and running can be tested on graphs whose answers a person
 * can work out. Field numbers are those of onnx.proto3.
 */
export interface ToyTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

export interface ToyNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

export interface ToyPort {
  readonly name: string;
  readonly type: 'float32' | 'int64';
  readonly dims: readonly (number | string)[];
}

export interface ToyGraph {
  readonly inputs: readonly ToyPort[];
  readonly outputs: readonly ToyPort[];
  readonly nodes: readonly ToyNode[];
  readonly constants?: readonly ToyTensor[];
}

export function toyOnnx({ inputs, outputs, nodes, constants = [] }: ToyGraph): Uint8Array<ArrayBuffer> {
  const graph = [
    ...nodes.flatMap((node) => message(1, toyNode(node))),
    ...text(2, 'toy'),
    ...constants.flatMap((tensor) => message(5, toyTensor(tensor))),
    ...inputs.flatMap((port) => message(11, toyPort(port))),
    ...outputs.flatMap((port) => message(12, toyPort(port))),
  ];
  return Uint8Array.from([...integer(1, 8), ...message(7, graph), ...message(8, [...text(1, ''), ...integer(2, 17)])]);
}

/** Rows of `table` summed over the tokens that the mask keeps, scaled to unit length: `sentence_embedding` `[b, dim]`. */
export function toyTextGraph(table: Float32Array, dim: number): Uint8Array<ArrayBuffer> {
  return toyOnnx({
    inputs: [
      { name: 'input_ids', type: 'int64', dims: ['b', 't'] },
      { name: 'attention_mask', type: 'int64', dims: ['b', 't'] },
    ],
    outputs: [{ name: 'sentence_embedding', type: 'float32', dims: ['b', dim] }],
    constants: [
      { name: 'table', dims: [table.length / dim, dim], data: table },
      { name: 'axes1', dims: [1], data: BigInt64Array.of(1n) },
      { name: 'axes2', dims: [1], data: BigInt64Array.of(2n) },
    ],
    nodes: [
      { op: 'Gather', inputs: ['table', 'input_ids'], outputs: ['rows'] },
      { op: 'Cast', inputs: ['attention_mask'], outputs: ['mask'], attributes: { to: 1 } },
      { op: 'Unsqueeze', inputs: ['mask', 'axes2'], outputs: ['mask3'] },
      { op: 'Mul', inputs: ['rows', 'mask3'], outputs: ['kept'] },
      { op: 'ReduceSum', inputs: ['kept', 'axes1'], outputs: ['sum'], attributes: { keepdims: 0 } },
      { op: 'LpNormalization', inputs: ['sum'], outputs: ['sentence_embedding'], attributes: { axis: -1, p: 2 } },
    ],
  });
}

/** Mean colour per channel: `pixel_values` `[b, 3, side, side]` -> `image_embeds` `[b, 3]`. */
export function toyImageGraph(side: number): Uint8Array<ArrayBuffer> {
  return toyOnnx({
    inputs: [{ name: 'pixel_values', type: 'float32', dims: ['b', 3, side, side] }],
    outputs: [{ name: 'image_embeds', type: 'float32', dims: ['b', 3] }],
    nodes: [
      { op: 'GlobalAveragePool', inputs: ['pixel_values'], outputs: ['mean'] },
      { op: 'Flatten', inputs: ['mean'], outputs: ['image_embeds'], attributes: { axis: 1 } },
    ],
  });
}

function varint(value: number | bigint): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return [...bytes, Number(rest)];
}
const integer = (field: number, value: number | bigint): number[] => [...varint(field << 3), ...varint(value)];
const message = (field: number, bytes: ArrayLike<number>): number[] => [
  ...varint((field << 3) | 2),
  ...varint(bytes.length),
  ...Array.from(bytes),
];
const text = (field: number, value: string): number[] => message(field, new TextEncoder().encode(value));

function toyNode({ op, inputs, outputs, attributes = {} }: ToyNode): number[] {
  return [
    ...inputs.flatMap((name) => text(1, name)),
    ...outputs.flatMap((name) => text(2, name)),
    ...text(4, op),
    ...Object.entries(attributes).flatMap(([name, value]) => {
      const list = typeof value !== 'number';
      const numbers = list ? value.flatMap((each) => integer(8, each)) : integer(3, value);
      return message(5, [...text(1, name), ...numbers, ...integer(20, list ? 7 : 2)]);
    }),
  ];
}

function toyTensor({ name, dims, data }: ToyTensor): number[] {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const type = data instanceof Float32Array ? 1 : 7;
  return [...dims.flatMap((dim) => integer(1, dim)), ...integer(2, type), ...text(8, name), ...message(9, raw)];
}

function toyPort({ name, type, dims }: ToyPort): number[] {
  const shape = dims.flatMap((dim) => message(1, typeof dim === 'number' ? integer(1, dim) : text(2, dim)));
  const tensor = [...integer(1, type === 'float32' ? 1 : 7), ...message(2, shape)];
  return [...text(1, name), ...message(2, message(1, tensor))];
}
