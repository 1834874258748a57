import { elementTypes, gatherRows, onnxGraph, traceInto, type Tensor, type WeightStorage } from '@cognate/nn';
import { modulus, multiplier } from './grams.ts';
import type { GramRows } from './gram-rows.ts';
import { head, textDim, type Head } from './text-model.ts';
import { boundaryId, padId } from './tokenizer.ts';

/** All numbers of a trained text encoder, outside the engine. */
export interface TextWeights {
  readonly rows: GramRows;
  /** `[rows.count, dim]`; row 0 is zero. */
  readonly table: Tensor;
  readonly head: Head<Tensor>;
}

/**
 * The text encoder as an ONNX file: `input_ids`, `attention_mask` int64 `[batch, tokens]` -> `sentence_embedding`
 * float32 `[batch, 256]`, unit rows; a row of zeros where no run of characters is known. The graph numbers the runs by
 * itself, exactly as `gramBuckets` does. Needs a started engine.
 */
export async function textGraph(
  { rows, table, head: params }: TextWeights,
  weights: WeightStorage,
): Promise<Uint8Array<ArrayBuffer>> {
  const graph = onnxGraph('cognate-text');
  const { node, ints } = graph;
  const shape = ['batch', 'tokens'] as const;
  const inputs = [graph.input('input_ids', 'int64', shape), graph.input('attention_mask', 'int64', shape)];
  const { longest, buckets } = rows.scheme;

  const ids = node('Pad', [node('Mul', inputs), ints([0, 0, 0, longest - 1])]); // padding is id 0
  const after = (offset: number): string => {
    const end = offset === longest - 1 ? Number.MAX_SAFE_INTEGER : offset + 1 - longest;
    return node('Slice', [ids, ints([offset]), ints([end]), ints([1])]); // [batch, tokens]
  };
  const characters = Array.from({ length: longest }, (_, offset) => after(offset));
  const isPad = characters.map((each) => node('Equal', [each, ints([padId])]));
  const isBoundary = characters.map((each) => node('Equal', [each, ints([boundaryId])]));
  // 32 bits: onnxruntime's variants that can use a GPU have no Cast from int16, on wasm neither.
  const rowOf = graph.constant('int32', [buckets], Int32Array.from(rows.rowOf));

  let hash = characters[0]!;
  let closed = isPad[0]!;
  const runs: string[] = [];
  for (let length = 1; length <= longest; length++) {
    if (length > 1) {
      const sum = node('Add', [node('Mul', [hash, ints([multiplier])]), characters[length - 1]!]);
      hash = node('Mod', [sum, ints([modulus])]);
      closed = node('Or', [closed, isPad[length - 1]!]);
    }
    if (length > 2) closed = node('Or', [closed, isBoundary[length - 2]!]);
    const shut = length === 1 ? node('Or', [closed, isBoundary[0]!]) : closed;
    const found = node('Gather', [rowOf, node('Mod', [hash, ints([buckets])])]);
    const open = node('Cast', [node('Not', [shut])], { to: elementTypes.int64 });
    runs.push(node('Mul', [node('Cast', [found], { to: elementTypes.int64 }), open]));
  }
  const all = node('Concat', runs, { axis: 1 }); // [batch, longest * tokens]; row 0 is zero and adds nothing
  const sums = node('ReduceSum', [gatherRows(graph, table, all, weights), ints([1])], { keepdims: 0 }); // [batch, dim]
  const point = await traceInto(graph, head, params, [{ value: sums, shape: ['batch', table.shape[1]!] }], {
    weights,
  });
  const length = node('ReduceSum', [node('Abs', [sums]), ints([1])], { keepdims: 1 });
  const known = node('Cast', [node('Greater', [length, graph.float(0)])], { to: elementTypes.float32 });
  graph.output('sentence_embedding', node('Mul', [point.value, known]), 'float32', ['batch', textDim]);
  return graph.bytes({ licence: 'Apache-2.0' });
}
