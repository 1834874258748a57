import type { CausalBlock } from '../attention.ts';
import type { LayerNorm, Linear } from '../layers.ts';
import type { Tensor } from '../tree.ts';
import type { OnnxGraph, Value } from './graph.ts';
import { storedMatrix, type WeightStorage } from './weights.ts';

/** What a block with a cache takes: values `[batch, tokens, dim]`, and what its layer remembers. */
export interface CachedInputs {
  readonly x: Value;
  /** Place of each token, int64 `[batch, tokens]`, counted from the first token remembered. */
  readonly positions: Value;
  /** `[batch, heads, past, dim / heads]`. */
  readonly pastKeys: Value;
  readonly pastValues: Value;
}

/**
 * A causal block that reads keys and values of earlier tokens and gives those of all so far: what `causalBlock` computes
 * for a whole text, a few tokens at a time.
 */
export function cachedCausalBlock(
  graph: OnnxGraph,
  params: CausalBlock<Tensor>,
  { x, positions, pastKeys, pastValues }: CachedInputs,
  heads: number,
  weights: WeightStorage,
): { readonly x: Value; readonly keys: Value; readonly values: Value } {
  const { node, nodes, ints, float } = graph;
  const dim = params.attention.out.bias.shape[0]!;
  const width = dim / heads;
  const into = linearNode(graph, params.attention.into, layerNormNode(graph, params.attentionNorm, x), weights);
  const [queries, newKeys, newValues] = nodes('Split', [into], 3, { axis: 2 }).map((part) =>
    node('Transpose', [node('Reshape', [part, ints([0, 0, heads, width])])], { perm: [0, 2, 1, 3] }),
  ) as [Value, Value, Value];
  const keys = node('Concat', [pastKeys, newKeys], { axis: 2 });
  const values = node('Concat', [pastValues, newValues], { axis: 2 });

  const turned = node('Transpose', [keys], { perm: [0, 1, 3, 2] });
  const scores = node('Mul', [node('MatMul', [queries, turned]), float(1 / Math.sqrt(width))]); // [batch, heads, tokens, all]
  const count = node('Squeeze', [node('Shape', [keys], { start: 2, end: 3 })]);
  const [zero, one] = [0, 1].map((number) => node('Squeeze', [ints([number])])) as [Value, Value];
  const places = node('Range', [zero, count, one]);
  const allowed = node('LessOrEqual', [places, node('Unsqueeze', [positions, ints([1, 3])])]); // [batch, 1, tokens, all]
  const shares = node('Softmax', [node('Where', [allowed, scores, float(-1e9)])], { axis: -1 });
  const mixed = node('Transpose', [node('MatMul', [shares, values])], { perm: [0, 2, 1, 3] });
  const looked = node('Add', [
    x,
    linearNode(graph, params.attention.out, node('Reshape', [mixed, ints([0, 0, dim])]), weights),
  ]);

  const raised = node('Relu', [linearNode(graph, params.up, layerNormNode(graph, params.mlpNorm, looked), weights)]);
  const added = linearNode(graph, params.down, node('Mul', [raised, raised]), weights);
  return { x: node('Add', [looked, added]), keys, values };
}

/** `linear` on `[..., from]`. */
export function linearNode(graph: OnnxGraph, params: Linear<Tensor>, x: Value, weights: WeightStorage): Value {
  const product = graph.node('MatMul', [x, storedMatrix(graph, params.weight, weights)]);
  return graph.node('Add', [product, graph.constant('float32', params.bias.shape, params.bias.data)]);
}

/** `layerNorm` over the last axis. */
export function layerNormNode(graph: OnnxGraph, { scale, shift }: LayerNorm<Tensor>, x: Value): Value {
  const [gain, bias] = [scale, shift].map(({ shape, data }) => graph.constant('float32', shape, data));
  return graph.node('LayerNormalization', [x, gain!, bias!], { axis: -1, epsilon: { float: 1e-5 } });
}
