import { grad, np, type DeviceArray } from '@cognate/nn';
import type { ImageModel } from '../image/model.ts';
import { drawLatents, type PictureDecoder } from './codec.ts';
import { lookAt } from './look.ts';

/** What a picture is painted with and looked at by. */
export type Canvas<Leaf = DeviceArray> = {
  decoder: PictureDecoder<Leaf>;
  /** `[styles, 3 * inks]`: see `inksOf()`. */
  inks: Leaf;
  encoder: ImageModel<Leaf>;
};

/** @param latents `[n, latentDim]`. @param styles `[n, styles]`, one-hot. @returns as `drawLatents()`. */
export function draw(
  { decoder, inks }: Pick<Canvas, 'decoder' | 'inks'>,
  latents: DeviceArray,
  styles: DeviceArray,
  options?: Parameters<typeof drawLatents>[3],
): DeviceArray {
  return drawLatents(decoder, latents, np.dot(styles, inks).reshape([latents.shape[0]!, -1, 3]), options);
}

/**
 * The picture of one latent, and which way the latent should move for the image encoder to see more of the goal in it.
 * @param latents `[1, latentDim]`. @param goals `[1, 256]`, unit row. @param styles `[1, styles]`, one-hot.
 * @returns direction `[1, latentDim]`, of mean square 1, and the picture, as `draw()`.
 * @see Bansal et al. 2023, Universal Guidance for Diffusion Models, arXiv:2302.07121.
 */
export function lookAndImprove(
  params: Canvas,
  latents: DeviceArray,
  goals: DeviceArray,
  styles: DeviceArray,
): [DeviceArray, DeviceArray] {
  const likeness = (
    x: DeviceArray,
    { encoder, ...rest }: Canvas,
    wanted: DeviceArray,
    style: DeviceArray,
  ): [DeviceArray, DeviceArray] => {
    const picture = draw(rest, x, style);
    return [lookAt(encoder, picture.ref).mul(wanted).sum(), picture];
  };
  const [slope, picture] = grad(likeness, { hasAux: true })(latents, params, goals, styles);
  const size = np.sqrt(np.square(slope.ref).mean(-1, { keepdims: true }).add(1e-20));
  return [slope.div(size), picture];
}
