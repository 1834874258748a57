import type { Device } from './device.ts';

/** How a graph's weights are stored; a repository holds one file per dtype. */
export type Dtype = 'fp32' | 'fp16' | 'q8' | 'int8' | 'uint8' | 'q4' | 'q4f16' | 'bnb4';

/** What the hub's naming puts between the graph's name and `.onnx`. */
export const fileSuffix: Readonly<Record<Dtype, string>> = {
  fp32: '',
  fp16: '_fp16',
  q8: '_quantized',
  int8: '_int8',
  uint8: '_uint8',
  q4: '_q4',
  q4f16: '_q4f16',
  bnb4: '_bnb4',
};

interface DtypeConfig {
  readonly dtype?: unknown;
  readonly device_config?: Readonly<Record<string, { readonly dtype?: unknown } | undefined>>;
}

/**
 * Variants to try, best first. The config of a repository may settle it (`transformers.js_config`), per graph too;
 * otherwise small files for wasm, and for a GPU those that its shaders can compute with.
 */
export function dtypesFor(config: unknown, graph: string, device: Device, f16: boolean): readonly Dtype[] {
  const own = (config as { 'transformers.js_config'?: DtypeConfig } | undefined)?.['transformers.js_config'];
  const asked = own?.device_config?.[device]?.dtype ?? own?.dtype;
  const settled = typeof asked === 'object' && asked !== null ? (asked as Record<string, unknown>)[graph] : asked;
  if (typeof settled === 'string' && settled in fileSuffix) return [settled as Dtype];
  if (device === 'wasm') return ['q8', 'fp32'];
  return f16 ? ['fp16', 'fp32'] : ['fp32'];
}
