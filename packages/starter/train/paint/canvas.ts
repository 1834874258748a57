import { grad, np, type DeviceArray } from '@cognate/nn';
import type { ImageModel } from '../image/model.ts';
import { decodeLatents, type PictureDecoder } from './codec.ts';
import { lookAt } from './look.ts';

/** What a picture is painted with and looked at by. */
export type Canvas<Leaf = DeviceArray> = { decoder: PictureDecoder<Leaf>; encoder: ImageModel<Leaf> };

/**
 * The picture of one latent, and which way the latent should move for the image encoder to see more of the goal in it.
 * @param latents `[1, latentDim]`. @param goals `[1, 256]`, unit row.
 * @returns direction `[1, latentDim]`, of mean square 1, and the picture, as `decodeLatents()`.
 * @see Bansal et al. 2023, Universal Guidance for Diffusion Models, arXiv:2302.07121.
 */
export function lookAndImprove(params: Canvas, latents: DeviceArray, goals: DeviceArray): [DeviceArray, DeviceArray] {
  const likeness = (x: DeviceArray, { decoder, encoder }: Canvas, wanted: DeviceArray): [DeviceArray, DeviceArray] => {
    const picture = decodeLatents(decoder, x);
    return [lookAt(encoder, picture.ref).mul(wanted).sum(), picture];
  };
  const [slope, picture] = grad(likeness, { hasAux: true })(latents, params, goals);
  const size = np.sqrt(np.square(slope.ref).mean(-1, { keepdims: true }).add(1e-20));
  return [slope.div(size), picture];
}
