import type { DeviceArray } from '@cognate/nn';
import type { PictureDecoder } from './codec.ts';
import type { Denoiser } from './denoiser.ts';

/** The two networks that ship. */
export type Painter<Leaf = DeviceArray> = { denoiser: Denoiser<Leaf>; decoder: PictureDecoder<Leaf> };
