import type { Device, Dtype } from '@cognate/runtime';
import { clip } from './families/clip.ts';
import type { TextFamily } from './families/family.ts';
import { meanPool } from './families/mean-pool.ts';
import { sentence } from './families/sentence.ts';
import { siglip } from './families/siglip.ts';

/** Families by name; a model outside the registry is recognised by the outputs of its graph, in this order. */
export const families = { sentence, clip, siglip, 'mean-pool': meanPool } as const satisfies Record<string, TextFamily>;

export type TextFamilyName = keyof typeof families;

/** What is known of a model before a byte of it is fetched. */
export interface TextModelCard {
  /** Repository name. */
  readonly model: string;
  readonly family: TextFamilyName;
  readonly dim: number;
  /** Which stored variant suits which device. */
  readonly dtype: Readonly<Record<Device, Dtype>>;
  /** Download in bytes per dtype, tokenizer included; rounded. */
  readonly bytes: Readonly<Partial<Record<Dtype, number>>>;
  readonly licence: string;
  /** Longest input in tokens, special ones included; what the repository says unless told. */
  readonly maxTokens?: number;
  /** What the model was trained to see before every text. */
  readonly prefix?: string;
  /** Where it runs best when nobody says. */
  readonly device?: Device;
}

/** Models with settings that no config file tells. Others load too, by `{ model, host, family }`. */
export const textModels: readonly TextModelCard[] = [
  {
    model: 'cognate/text',
    family: 'sentence',
    dim: 256,
    dtype: { wasm: 'fp32', webgpu: 'fp32' },
    bytes: { fp32: 4_890_000 },
    licence: 'Apache-2.0',
    device: 'wasm',
  },
  {
    model: 'word2vec-emoji2vec-300d',
    family: 'sentence',
    dim: 300,
    dtype: { wasm: 'fp32', webgpu: 'fp32' },
    bytes: { fp32: 2_428_000 },
    licence: 'MIT',
    maxTokens: 512,
    device: 'wasm',
  },
  {
    model: 'Xenova/all-MiniLM-L6-v2',
    family: 'mean-pool',
    dim: 384,
    dtype: { wasm: 'q8', webgpu: 'fp32' },
    bytes: { q8: 24_000_000, fp32: 91_000_000 },
    licence: 'Apache-2.0',
    maxTokens: 256,
  },
  {
    model: 'Xenova/multilingual-e5-small',
    family: 'mean-pool',
    dim: 384,
    dtype: { wasm: 'q8', webgpu: 'fp32' },
    bytes: { q8: 135_000_000, fp32: 487_000_000 },
    licence: 'MIT',
    maxTokens: 512,
    prefix: 'query: ',
  },
  {
    model: 'Xenova/clip-vit-base-patch32',
    family: 'clip',
    dim: 512,
    dtype: { wasm: 'q8', webgpu: 'fp32' },
    bytes: { q8: 66_000_000, fp32: 256_000_000 },
    licence: 'MIT',
    maxTokens: 77,
  },
  {
    model: 'Xenova/siglip-base-patch16-224',
    family: 'siglip',
    dim: 768,
    dtype: { wasm: 'q8', webgpu: 'fp32' },
    bytes: { q8: 113_000_000, fp32: 443_000_000 },
    licence: 'Apache-2.0',
    maxTokens: 64,
  },
];
