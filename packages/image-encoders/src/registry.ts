import type { Device, Dtype } from '@cognate/runtime';
import { classToken } from './families/class-token.ts';
import { clip, embedding } from './families/embedding.ts';
import type { ImageFamily } from './families/family.ts';
import { pooled, siglip } from './families/pooled.ts';

/** Families by name; a model outside the registry is recognised by the outputs of its graph, in this order. */
export const families = { embedding, pooled, 'class-token': classToken, clip, siglip } as const satisfies Record<
  string,
  ImageFamily
>;

export type ImageFamilyName = keyof typeof families;

/** What is known of a model before a byte of it is fetched. */
export interface ImageModelCard {
  /** Repository name. */
  readonly model: string;
  readonly family: ImageFamilyName;
  readonly dim: number;
  /** Which stored variant suits which device. */
  readonly dtype: Readonly<Record<Device, Dtype>>;
  /** Download in bytes per dtype; rounded. */
  readonly bytes: Readonly<Partial<Record<Dtype, number>>>;
  readonly licence: string;
  /** Where it runs best when nobody says. */
  readonly device?: Device;
}

/** Models with settings that no config file tells. Others load too, by `{ model, host, family }`. */
export const imageModels: readonly ImageModelCard[] = [
  {
    model: 'cognate/image',
    family: 'embedding',
    dim: 256,
    dtype: { wasm: 'fp32', webgpu: 'fp32' },
    bytes: { fp32: 880_000 },
    licence: 'Apache-2.0',
    device: 'wasm',
  },
  {
    model: 'squeezenet1.0-dsc',
    family: 'pooled',
    dim: 512,
    dtype: { wasm: 'fp32', webgpu: 'fp32' },
    bytes: { fp32: 5_064_000 },
    licence: 'BSD-2-Clause',
    device: 'wasm',
  },
  {
    model: 'mobilenet_v2_0.35_224',
    family: 'pooled',
    dim: 1280,
    dtype: { wasm: 'fp32', webgpu: 'fp32' },
    bytes: { fp32: 1_572_000 },
    licence: 'Apache-2.0',
    device: 'wasm',
  },
  {
    model: 'Xenova/clip-vit-base-patch32',
    family: 'clip',
    dim: 512,
    dtype: { wasm: 'q8', webgpu: 'fp32' },
    bytes: { q8: 89_000_000, fp32: 352_000_000 },
    licence: 'MIT',
  },
  {
    model: 'Xenova/siglip-base-patch16-224',
    family: 'siglip',
    dim: 768,
    dtype: { wasm: 'q8', webgpu: 'fp32' },
    bytes: { q8: 95_000_000, fp32: 372_000_000 },
    licence: 'Apache-2.0',
  },
  {
    model: 'Xenova/dinov2-small',
    family: 'class-token',
    dim: 384,
    dtype: { wasm: 'q8', webgpu: 'fp32' },
    bytes: { q8: 24_000_000, fp32: 88_000_000 },
    licence: 'Apache-2.0',
  },
];
