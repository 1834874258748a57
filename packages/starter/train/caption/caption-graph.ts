import {
  cachedCausalBlock,
  elementTypes,
  gatherRows,
  layerNormNode,
  linearNode,
  onnxGraph,
  storedTable,
  type Tensor,
  type WeightStorage,
} from '@cognate/nn';
import { textDim } from '../text/text-model.ts';
import type { CaptionModel } from './model.ts';

/** All numbers of a trained captioner, outside the engine. */
export interface CaptionWeights {
  readonly model: CaptionModel<Tensor>;
  readonly heads: number;
  /** `[vocabulary, dim]`. */
  readonly table: Tensor;
  /** Tokens that a language uses, the one that ends a text among them; all others it never writes. */
  readonly tokensOf: readonly ReadonlySet<number>[];
}

/** Added to the logits of tokens that a language does not use. */
const never = -1e4;

/**
 * The captioner as an ONNX file with a key-value cache: `input_ids`, `position_ids` int64 `[batch, tokens]`, `point`
 * float32 `[batch, 256]`, `language` int64 `[batch]` and `past_key_values.*` in, `logits` and `present.*` out.
 */
export function captionGraph(
  { model, heads, table, tokensOf }: CaptionWeights,
  weights: WeightStorage,
): Uint8Array<ArrayBuffer> {
  const graph = onnxGraph('cognate-captioner');
  const { node, ints, float } = graph;
  const [vocabulary, dim] = table.shape as [number, number];
  const [ids, positions] = ['input_ids', 'position_ids'].map((name) =>
    graph.input(name, 'int64', ['batch', 'tokens']),
  ) as [string, string];
  const point = graph.input('point', 'float32', ['batch', textDim]);
  const language = graph.input('language', 'int64', ['batch']);

  const { condition } = model;
  const spread = node('Mul', [point, float(Math.sqrt(textDim))]);
  const known = gatherRows(graph, condition.languages, language, 'float32');
  const raised = node('Relu', [node('Add', [linearNode(graph, condition.point, spread, weights), known])]);
  const conditions = linearNode(graph, condition.out, node('Mul', [raised, raised]), weights);
  const perLayer = graph.nodes('Split', [conditions], model.blocks.length, { axis: 1 });

  const tokens = storedTable(graph, table, weights);
  let x = node('Add', [
    node('Mul', [tokens.rows(ids), float(Math.sqrt(dim))]),
    gatherRows(graph, model.positions, positions, 'float32'),
  ]);
  const cacheShape = (length: string): (string | number)[] => ['batch', heads, length, dim / heads];
  const presents = model.blocks.map((block, layer) => {
    const [pastKeys, pastValues] = ['key', 'value'].map((name) =>
      graph.input(`past_key_values.${layer}.${name}`, 'float32', cacheShape('past')),
    ) as [string, string];
    x = node('Add', [x, node('Unsqueeze', [perLayer[layer]!, ints([1])])]);
    const next = cachedCausalBlock(graph, block, { x, positions, pastKeys, pastValues }, heads, weights);
    x = next.x;
    return next;
  });

  const logits = node('MatMul', [layerNormNode(graph, model.norm, x), tokens.turned()]);
  const shut = node('Mul', [unpackedBits(language), float(never)]); // [batch, vocabulary]
  const masked = node('Add', [logits, node('Unsqueeze', [shut, ints([1])])]);
  graph.output('logits', masked, 'float32', ['batch', 'tokens', vocabulary]);
  presents.forEach(({ keys, values }, layer) => {
    graph.output(`present.${layer}.key`, keys, 'float32', cacheShape('total'));
    graph.output(`present.${layer}.value`, values, 'float32', cacheShape('total'));
  });
  return graph.bytes({ licence: 'Apache-2.0' });

  /** 1 where a language does not use a token; stored eight tokens to a byte. */
  function unpackedBits(rows: string): string {
    const bytes = Math.ceil(vocabulary / 8);
    const packed = new Uint8Array(tokensOf.length * bytes);
    tokensOf.forEach((used, row) => {
      for (let id = 0; id < vocabulary; id++) if (!used.has(id)) packed[row * bytes + (id >> 3)]! |= 1 << (id & 7);
    });
    const gathered = node('Gather', [graph.constant('uint8', [tokensOf.length, bytes], packed), rows]);
    const numbers = node('Unsqueeze', [node('Cast', [gathered], { to: elementTypes.float32 }), ints([2])]);
    const powers = graph.constant(
      'float32',
      [8],
      Float32Array.from({ length: 8 }, (_, bit) => 2 ** -bit),
    );
    const moved = node('Floor', [node('Mul', [numbers, powers])]); // [batch, bytes, 8]
    const even = node('Mul', [node('Floor', [node('Mul', [moved, float(0.5)])]), float(2)]);
    const bits = node('Reshape', [node('Sub', [moved, even]), ints([0, -1])]);
    return node('Slice', [bits, ints([0]), ints([vocabulary]), ints([1])]);
  }
}
