import type { ImageFamily } from './family.ts';

/** Backbones with a pooled feature vector: `pooler_output` `[b, dim]`, or `[b, dim, 1, 1]` (SqueezeNet, MobileNet, ResNet). */
export const pooled: ImageFamily = {
  outputs: ['pooler_output'],
  rows: ({ data }) => data,
};

/**
 * The image tower of SigLIP, in one space with its text tower.
 * @see Zhai et al. 2023, Sigmoid Loss for Language Image Pre-Training, arXiv:2303.15343.
 */
export const siglip: ImageFamily = { ...pooled, file: 'vision_model' };
