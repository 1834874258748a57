import type { Tensors } from '@cognate/runtime';

/** What models of one kind have in common: data, and one function that reads the points off the graph's outputs. */
export interface ImageFamily {
  /** Outputs to read, first match wins. */
  readonly outputs: readonly string[];
  /** The graph inside `onnx/`, unless a spec says otherwise. */
  readonly file?: string;
  /** @returns `[pictures, dim]`, of any length. */
  rows(output: Extract<Tensors[string], { type: 'float32' }>): Float32Array;
}
