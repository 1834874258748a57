import type { TokenBatch, Tensors } from '@cognate/runtime';

/** What models of one kind have in common: data, and one function that reads the points off the graph's outputs. */
export interface TextFamily {
  /** Outputs to read, first match wins. */
  readonly outputs: readonly string[];
  readonly padding: 'longest' | 'max';
  /** The graph inside `onnx/`, unless a spec says otherwise. */
  readonly file?: string;
  /** @returns `[texts, dim]`, of any length. */
  rows(output: Extract<Tensors[string], { type: 'float32' }>, tokens: TokenBatch): Float32Array;
}
