/** Element types that models of this house take or give, with their buffers. */
export interface TensorBuffers {
  float32: Float32Array;
  int64: BigInt64Array;
  int32: Int32Array;
  uint8: Uint8Array;
  bool: Uint8Array;
}

/** A tensor as plain data, row-major. */
export type Tensor = {
  [Type in keyof TensorBuffers]: {
    readonly type: Type;
    readonly dims: readonly number[];
    readonly data: TensorBuffers[Type];
  };
}[keyof TensorBuffers];

export type Tensors = Readonly<Record<string, Tensor>>;

/** An input or output as the graph declares it: a symbolic dimension is a name, a fixed one a number. */
export interface Port {
  readonly name: string;
  readonly type: string;
  readonly dims: readonly (number | string)[];
}

/** The float32 tensor called `name`, or undefined. */
export function floatTensor(tensors: Tensors, name: string): Extract<Tensor, { type: 'float32' }> | undefined {
  const tensor = tensors[name];
  return tensor?.type === 'float32' ? tensor : undefined;
}
