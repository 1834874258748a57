import type { ImageFamily } from './family.ts';

/** The graph ends in the point itself: `image_embeds` `[b, dim]`, as the image tower of CLIP and as ours. */
export const embedding: ImageFamily = {
  outputs: ['image_embeds'],
  rows: ({ data }) => data,
};

/**
 * The image tower of CLIP, in one space with its text tower.
 * @see Radford et al. 2021, Learning Transferable Visual Models, arXiv:2103.00020.
 */
export const clip: ImageFamily = { ...embedding, file: 'vision_model' };
